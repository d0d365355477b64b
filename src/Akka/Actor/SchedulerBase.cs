using Akka.Configuration;
using Akka.Dispatch;
using Akka.Engine;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The part of a scheduler that is the same for all: arguments checked, overloads folded into a
/// few.</summary>
public abstract class SchedulerBase : IScheduler, IAdvancedScheduler
{
    protected SchedulerBase(Config scheduler, ILoggingAdapter log)
    {
        SchedulerConfig = scheduler;
        Log = log;
    }

    protected Config SchedulerConfig { get; }

    protected ILoggingAdapter Log { get; }

    public IAdvancedScheduler Advanced => this;

    DateTimeOffset ITimeProvider.Now => TimeNow;

    public abstract TimeSpan MonotonicClock { get; }

    public abstract TimeSpan HighResMonotonicClock { get; }

    protected abstract DateTimeOffset TimeNow { get; }

    void ITellScheduler.ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        TellOnce(delay, receiver, message, sender, null);

    void ITellScheduler.ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) => TellOnce(delay, receiver, message, sender, cancelable);

    void ITellScheduler.ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message,
        IActorRef? sender) => TellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    void ITellScheduler.ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message,
        IActorRef? sender, ICancelable? cancelable) =>
        TellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);

    void IActionScheduler.ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Once(delay, action, cancelable);

    void IActionScheduler.ScheduleOnce(TimeSpan delay, Action action) => Once(delay, action, null);

    void IActionScheduler.ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Repeatedly(initialDelay, interval, action, cancelable);

    void IActionScheduler.ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Repeatedly(initialDelay, interval, action, null);

    void IRunnableScheduler.ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Once(delay, action.Run, cancelable);

    void IRunnableScheduler.ScheduleOnce(TimeSpan delay, IRunnable action) => Once(delay, action.Run, null);

    void IRunnableScheduler.ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) => Repeatedly(initialDelay, interval, action.Run, cancelable);

    void IRunnableScheduler.ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        Repeatedly(initialDelay, interval, action.Run, null);

    protected abstract void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message,
        IActorRef? sender,
        ICancelable? cancelable);

    protected abstract void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable);

    protected abstract void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    protected abstract void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable);

    private void TellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
    {
        ValidateDelay(delay, nameof(delay));
        ArgumentNullException.ThrowIfNull(message);
        InternalScheduleTellOnce(delay, receiver, message, sender, cancelable);
    }

    private void TellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef? sender,
        ICancelable? cancelable)
    {
        ValidateDelay(initialDelay, nameof(initialDelay));
        ValidateInterval(interval, nameof(interval));
        ArgumentNullException.ThrowIfNull(message);
        InternalScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
    }

    private void Once(TimeSpan delay, Action action, ICancelable? cancelable)
    {
        ValidateDelay(delay, nameof(delay));
        InternalScheduleOnce(delay, action, cancelable);
    }

    private void Repeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        ValidateDelay(initialDelay, nameof(initialDelay));
        ValidateInterval(interval, nameof(interval));
        InternalScheduleRepeatedly(initialDelay, interval, action, cancelable);
    }

    protected static void ValidateInterval(TimeSpan interval, string parameterName)
    {
        if (interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(parameterName, interval, "An interval must be longer than nothing.");
    }

    protected static void ValidateDelay(TimeSpan delay, string parameterName)
    {
        if (delay < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(parameterName, delay, "A delay must not be negative.");
    }
}

/// <summary>The scheduler of every system: a shell around the host's timers (a hashed wheel, on a real
/// machine).</summary>
public sealed class HashedWheelTimerScheduler : SchedulerBase, IDisposable
{
    private readonly EngineHost _host;
    private readonly ITimerSource _timers;

    internal HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log, EngineHost host) : base(scheduler, log)
    {
        _host = host;
        _timers = host.CreateTimers(scheduler.GetTimeSpan("akka.scheduler.tick-duration",
            TimeSpan.FromMilliseconds(10)));
    }

    public override TimeSpan MonotonicClock => _host.Time.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => _host.Time.GetUtcNow();

    /// <summary>For the engine's own short callbacks: no handle but the timer's, no hop to another thread.</summary>
    internal IDisposable ScheduleRaw(TimeSpan delay, Action callback) => _timers.Schedule(delay, callback);

    public void Dispose() => _timers.Dispose();

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message,
        IActorRef? sender,
        ICancelable? cancelable) => Start(delay, null, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable) =>
        Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Start(delay, null, Elsewhere(action, cancelable), cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) => Start(initialDelay, interval, Elsewhere(action, cancelable), cancelable);

    private void Start(TimeSpan delay, TimeSpan? interval, Action act, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        Cancelable? own = cancelable as Cancelable;
        Action fire = interval is { } period ? new Repetition(this, act, period, cancelable).Fire
            : own is null && cancelable is not null ? () => Unless(cancelable, act)
            : act;
        IDisposable task = _timers.Schedule(delay, fire);
        own?.Own(task);
    }

    // A handle that is not ours cannot take a timer back; it is asked when the time has come.
    private static void Unless(ICancelable cancelable, Action act)
    {
        if (!cancelable.IsCancellationRequested) act();
    }

    // User code must not run on the thread that all other timers wait for.
    private Action Elsewhere(Action action, ICancelable? cancelable)
    {
        ScheduledAction work = new(action, cancelable, this);
        return () => _host.Executor.Execute(work);
    }

    private sealed class ScheduledAction(Action action, ICancelable? cancelable, HashedWheelTimerScheduler owner)
        : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (cancelable is { IsCancellationRequested: true }) return;
            try
            {
                action();
            }
            catch (Exception failure)
            {
                owner.Log.Error(failure, "A scheduled action failed: {0}", failure.Message);
            }
        }
    }

    /// <summary>One repeated task: the next time is reckoned from the first, so that delays do not add up.</summary>
    private sealed class Repetition(HashedWheelTimerScheduler owner, Action act, TimeSpan interval,
        ICancelable? cancelable)
    {
        private TimeSpan _due = TimeSpan.MinValue;

        public void Fire()
        {
            if (cancelable is { IsCancellationRequested: true }) return;
            TimeSpan now = owner.MonotonicClock;
            if (_due == TimeSpan.MinValue) _due = now;
            _due += interval;
            if (_due < now) _due = now;
            act();
            IDisposable task = owner._timers.Schedule(_due - now, Fire);
            (cancelable as Cancelable)?.Own(task);
        }
    }
}
