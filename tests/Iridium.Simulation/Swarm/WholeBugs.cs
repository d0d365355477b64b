using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Engine;
using Akka.Remote.Wire;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Swarm;

/// <summary>The mistakes around the rules, one class each, named after what they do wrong.</summary>
internal static class WholeBugs
{
    public static readonly IReadOnlyList<WholeBug> All =
    [
        new KeepsItsUid(), new TrustsTheWallClock(), new SwapsMessages(), new SaysItTwice(), new LosesSystemMessages(),
        new NeverRepeats(), new DropsAcks(), new ForgetsIncarnations(), new StartsSingletonsAtOnce(),
        new DownsWhoeverIsUnreachable(), new RestartsTooOften(), new LosesTurns(),
        new LetsAnybodyIn(),
    ];

    /// <summary>Asks for the secret, and is content without it.</summary>
    private sealed class LetsAnybodyIn : WholeBug
    {
        public override string Config => "akka.remote.secret-required = off";
    }

    /// <summary>Each life of a machine has the number of the one before.</summary>
    private sealed class KeepsItsUid : WholeBug
    {
        public override EngineHost Around(EngineHost host, SimProcess process) => new Host(host, process);

        private sealed class Host(EngineHost inner, SimProcess process) : HostAround(inner)
        {
            public override Random CreateRandom(string stream) => stream == "system-uid"
                ? process.World.Chance($"uid of {process.Machine.Host}")
                : base.CreateRandom(stream);
        }
    }

    /// <summary>Measures time by the clock on the wall.</summary>
    private sealed class TrustsTheWallClock : WholeBug
    {
        public override EngineHost Around(EngineHost host, SimProcess process) => new Host(host);

        private sealed class Host(EngineHost inner) : HostAround(inner)
        {
            public override TimeProvider Time { get; } = new WallTime(inner.Time);
        }

        private sealed class WallTime(TimeProvider inner) : TimeProvider
        {
            public override long TimestampFrequency => inner.TimestampFrequency;

            public override long GetTimestamp() => inner.GetUtcNow().Ticks;

            public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

            public override ITimer CreateTimer(
                TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
        }
    }

    /// <summary>Lets a message overtake the one before it, now and then.</summary>
    private sealed class SwapsMessages : FrameBug
    {
        protected override Func<byte[], byte[]> Tamper(SeedRandom chance)
        {
            byte[]? held = null;
            return frame =>
            {
                if (held is { } late)
                {
                    held = null;
                    return [.. frame, .. late];
                }
                if (!Speaks(frame) || !chance.OneIn(10)) return frame;
                held = frame;
                return [];
            };
        }
    }

    /// <summary>Writes a message twice, now and then: it cannot know that the first was received.</summary>
    private sealed class SaysItTwice : FrameBug
    {
        protected override Func<byte[], byte[]> Tamper(SeedRandom chance) =>
            frame => Speaks(frame) && chance.OneIn(20) ? [.. frame, .. frame] : frame;
    }

    /// <summary>Spoils some messages of those that must not be lost, but not their numbers.</summary>
    private sealed class LosesSystemMessages : FrameBug
    {
        protected override Func<byte[], byte[]> Tamper(SeedRandom chance) => frame =>
            TryRead(frame, out WireEnvelope envelope) && envelope.IsSequenced && chance.OneIn(10)
                ? Frame(envelope with { SerializerId = 999 })
                : frame;
    }

    /// <summary>Takes what was sent for what was received: no number is sent a second time.</summary>
    private sealed class NeverRepeats : FrameBug
    {
        public override EngineHost Around(EngineHost host, SimProcess process)
        {
            HashSet<string> sent = [];
            return new Host(host, () => frame =>
                TryRead(frame, out WireEnvelope envelope) && envelope.IsSequenced
                    && !sent.Add($"{PeerOf(envelope)} {envelope.Sequence}")
                    ? []
                    : frame);
        }

        protected override Func<byte[], byte[]> Tamper(SeedRandom chance) => frame => frame;

        private static string PeerOf(in WireEnvelope envelope) =>
            string.Join('/', Encoding.UTF8.GetString(envelope.Recipient).Split('/').Take(3));
    }

    /// <summary>Never says what it has received.</summary>
    private sealed class DropsAcks : FrameBug
    {
        // So that a story's few messages fill the window.
        public override string Config => "akka.remote.resend-limit = 5";

        protected override Func<byte[], byte[]> Tamper(SeedRandom chance) =>
            frame => IsMessage(frame) && !TryRead(frame, out _) ? [] : frame;
    }

    /// <summary>Names actors by their path alone, without the number of the incarnation.</summary>
    private sealed class ForgetsIncarnations : FrameBug
    {
        protected override Func<byte[], byte[]> Tamper(SeedRandom chance) => frame =>
        {
            if (!TryRead(frame, out WireEnvelope envelope)) return frame;
            int number = envelope.Recipient.IndexOf((byte)'#');
            return number < 0 ? frame : Frame(envelope with { Recipient = envelope.Recipient[..number] });
        };
    }

    /// <summary>Takes a singleton over in the moment its owner is removed, whether the owner knows that or
    /// not.</summary>
    private sealed class StartsSingletonsAtOnce : WholeBug
    {
        public override string Config => "akka.cluster.down-removal-margin = 1ms";

        public override StoryLimits Limits => base.Limits with { Kinds = [FaultKind.Part], WildOneIn = 0 };
    }

    /// <summary>Whoever cannot be reached is dead: what is called auto-down.</summary>
    private sealed class DownsWhoeverIsUnreachable : WholeBug
    {
        public override string Config =>
            $"akka.cluster.downing-provider-class = \"{typeof(AutoDown).FullName}, Iridium.Simulation\"";

        public override StoryLimits Limits =>
            base.Limits with { Kinds = [FaultKind.Part, FaultKind.OneWay], WildOneIn = 0 };
    }

    /// <summary>Its supervisors forget how often they have restarted a child.</summary>
    private sealed class RestartsTooOften : WholeBug
    {
        public override int? Restarts => 100;
    }

    /// <summary>Loses one turn of ten thousand: that mailbox is never scheduled again.</summary>
    private sealed class LosesTurns : WholeBug
    {
        public override EngineHost Around(EngineHost host, SimProcess process) => new Host(host, process);

        private sealed class Host(EngineHost inner, SimProcess process) : HostAround(inner), IExecutor
        {
            private readonly SeedRandom _chance = process.Random.Split("lost turns");

            public override IExecutor Executor => this;

            public void Execute(IThreadPoolWorkItem work, bool preferLocal)
            {
                if (!_chance.OneIn(10_000)) base.Executor.Execute(work, preferLocal);
            }
        }
    }

    /// <summary>A bug in what is written to streams.</summary>
    private abstract class FrameBug : WholeBug
    {
        public override EngineHost Around(EngineHost host, SimProcess process)
        {
            SeedRandom chance = process.Random.Split(Name);
            return new Host(host, () => Tamper(chance));
        }

        /// <summary>What stands between the writer and one connection.</summary>
        protected abstract Func<byte[], byte[]> Tamper(SeedRandom chance);

        /// <summary>A word of the workload, and not one that belongs to the engine.</summary>
        protected static bool Speaks(byte[] frame) =>
            TryRead(frame, out WireEnvelope envelope) && !envelope.IsSequenced
                && (envelope.Body.StartsWith("told"u8) || envelope.Body.StartsWith("news"u8));

        protected static bool IsMessage(byte[] frame) =>
            frame.Length > 0 && ControlCodec.TryRead(frame.AsSpan(FrameCodec.HeaderBytes), out _, out Control control)
                && control.Command == ControlCommand.None;

        protected static bool TryRead(byte[] frame, out WireEnvelope envelope)
        {
            envelope = default;
            if (frame.Length < FrameCodec.HeaderBytes
                || !ControlCodec.TryRead(frame.AsSpan(FrameCodec.HeaderBytes), out ReadOnlySpan<byte> payload, out _)
                || !ContainerCodec.TryRead(payload, out Container container) || !container.HasEnvelope)
                return false;
            envelope = container.Envelope;
            return true;
        }

        protected static byte[] Frame(in WireEnvelope envelope)
        {
            byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
            ContainerCodec.WriteFrame(frame, envelope, FrameFormat.Default.BigEndian);
            return frame;
        }

        protected sealed class Host(EngineHost inner, Func<Func<byte[], byte[]>> tampering) : HostAround(inner)
        {
            public override INetwork Network { get; } = new TamperedNetwork(inner.Network, tampering);
        }
    }
}

/// <summary>A downing provider as it was once common, and is known to split clusters.</summary>
public sealed class AutoDown(ActorSystem system, Cluster cluster) : IDowningProvider
{
    public TimeSpan DownRemovalMargin => TimeSpan.FromSeconds(5);

    public Props? DowningActorProps { get; } = Props.Create(() => new Judge(system, cluster));

    private sealed class Judge : UntypedActor
    {
        private readonly Cluster _cluster;

        public Judge(ActorSystem system, Cluster cluster)
        {
            _cluster = cluster;
            system.EventStream.Subscribe(Self, typeof(ClusterEvent.UnreachableMember));
            cluster.Subscribe(Self, typeof(ClusterEvent.UnreachableMember));
        }

        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.UnreachableMember silent) _cluster.Down(silent.Member.Address);
        }
    }
}
