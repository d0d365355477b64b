namespace Akka.Actor
{
    /// <summary>Builds deciders from pairs of exception type and directive.</summary>
    public static class Decider
    {
        public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);

        /// <summary>The first pair whose type fits decides; else the default directive.</summary>
        public static DeployableDecider From(Directive defaultDirective,
            params KeyValuePair<Type, Directive>[] pairs) =>
            new(defaultDirective, pairs);

        public static DeployableDecider From(Directive defaultDirective,
            IEnumerable<KeyValuePair<Type, Directive>> pairs) =>
            new(defaultDirective, [.. pairs]);

        public static KeyValuePair<Type, Directive> When<TException>(this Directive self)
            where TException : Exception =>
            new(typeof(TException), self);
    }

    /// <summary>A decider that is code, and so cannot travel.</summary>
    public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
    {
        public Directive Decide(Exception cause) => decider(cause);
    }

    /// <summary>A decider that is data.</summary>
    public class DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs)
        : IDecider, IEquatable<DeployableDecider>
    {
        public Directive DefaultDirective { get; } = defaultDirective;

        public KeyValuePair<Type, Directive>[] Pairs { get; } = pairs;

        public Directive Decide(Exception cause)
        {
            foreach ((Type type, Directive directive) in Pairs)
                if (type.IsInstanceOfType(cause)) return directive;
            return DefaultDirective;
        }

        public bool Equals(DeployableDecider? other) =>
            other is not null && DefaultDirective == other.DefaultDirective && Pairs.SequenceEqual(other.Pairs);

        public override bool Equals(object? obj) => Equals(obj as DeployableDecider);

        public override int GetHashCode() => (int)DefaultDirective * 31 + Pairs.Length;
    }
}

namespace Akka.Actor.Internal
{
    /// <summary>What a parent remembers of a child that has failed before.</summary>
    public sealed class ChildRestartStats
    {
        private readonly TimeProvider _time;
        private long _windowStart;
        private bool _windowOpen;

        internal ChildRestartStats(IInternalActorRef child, TimeProvider time)
        {
            Child = child;
            _time = time;
        }

        public IInternalActorRef Child { get; }

        public long Uid => Child.Path.Uid;

        public int MaxNrOfRetriesCount { get; private set; }

        /// <summary>Counts a restart.</summary>
        /// <param name="maxNrOfRetries">Allowed within the time; negative is without limit.</param>
        /// <param name="withinTimeMilliseconds">The time; zero or less is for ever.</param>
        /// <returns>False if it is one too many.</returns>
        public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
        {
            if (maxNrOfRetries == 0) return false;
            bool limited = maxNrOfRetries > 0;
            bool windowed = withinTimeMilliseconds > 0;
            if (limited && !windowed) return ++MaxNrOfRetriesCount <= maxNrOfRetries;
            if (!windowed) return true;
            return InWindow(limited ? maxNrOfRetries : 1, TimeSpan.FromMilliseconds(withinTimeMilliseconds));
        }

        private bool InWindow(int allowed, TimeSpan window)
        {
            long now = _time.GetTimestamp();
            if (!_windowOpen || _time.GetElapsedTime(_windowStart, now) > window)
            {
                _windowOpen = true;
                _windowStart = now;
                MaxNrOfRetriesCount = 1;
                return true;
            }
            return ++MaxNrOfRetriesCount <= allowed;
        }
    }
}
