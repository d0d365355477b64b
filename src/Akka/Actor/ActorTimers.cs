using Akka.Event;

namespace Akka.Actor
{
    /// <summary>An actor with timers of its own; the engine sets the property right after construction.</summary>
    public interface IWithTimers
    {
        ITimerScheduler Timers { get; set; }
    }

    /// <summary>
    /// Timers that belong to an actor: they end with it and with its restart, and a message of a timer that was
    /// cancelled or replaced never arrives, even if it was already in the mailbox. All members may be used inside the
    /// actor only.
    /// </summary>
    public interface ITimerScheduler
    {
        void StartPeriodicTimer(object key, object msg, TimeSpan interval);

        void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

        void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

        void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

        void StartSingleTimer(object key, object msg, TimeSpan timeout);

        void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

        bool IsTimerActive(object key);

        void Cancel(object key);

        void CancelAll();

        IReadOnlyCollection<object> ActiveTimers { get; }
    }
}

namespace Akka.Actor.Internal
{
    /// <summary>A timer's message on its way through the mailbox: it is dropped if the timer has changed
    /// since.</summary>
    internal sealed record TimerMessage(ActorTimers.Timer Timer)
        : IAutoReceivedMessage, INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public override string ToString() => $"timer {Timer.Key}: {Timer.Message}";
    }

    /// <summary>The timers of one cell.</summary>
    internal sealed class ActorTimers(ActorCell cell) : ITimerScheduler
    {
        private readonly Dictionary<object, Timer> _timers = [];

        public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
            Start(key, msg, interval, interval, cell.Self);

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
            Start(key, msg, interval, interval, sender);

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
            Start(key, msg, initialDelay, interval, cell.Self);

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval,
            IActorRef sender) =>
            Start(key, msg, initialDelay, interval, sender);

        public void StartSingleTimer(object key, object msg, TimeSpan timeout) =>
            Start(key, msg, timeout, null, cell.Self);

        public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
            Start(key, msg, timeout, null, sender);

        public bool IsTimerActive(object key) => _timers.ContainsKey(key);

        public void Cancel(object key)
        {
            if (_timers.Remove(key, out Timer? timer)) timer.Task?.Cancel();
        }

        public void CancelAll()
        {
            foreach (Timer timer in _timers.Values) timer.Task?.Cancel();
            _timers.Clear();
        }

        /// <returns>The timer's message, or null if it is out of date.</returns>
        public object? Take(Timer timer)
        {
            if (!_timers.TryGetValue(timer.Key, out Timer? current) || !ReferenceEquals(current, timer)) return null;
            if (!timer.Repeats) _timers.Remove(timer.Key);
            return timer.Message;
        }

        private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(message);
            Cancel(key);
            Timer timer = new(key, message, interval is not null);
            _timers[key] = timer;
            TimerMessage tick = new(timer);
            IScheduler scheduler = cell.System.Scheduler;
            timer.Task = interval is { } period
                ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, tick, sender)
                : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, tick, sender);
        }

        internal sealed class Timer(object key, object message, bool repeats)
        {
            public object Key { get; } = key;

            public object Message { get; } = message;

            public bool Repeats { get; } = repeats;

            public ICancelable? Task { get; set; }
        }
    }
}
