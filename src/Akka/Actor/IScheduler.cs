using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Clocks.</summary>
public interface ITimeProvider
{
    /// <summary>Wall clock, UTC; may jump.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since some fixed moment; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    TimeSpan HighResMonotonicClock { get; }
}

/// <summary>Sends messages later.</summary>
public interface ITellScheduler
{
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable);

    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef? sender);

    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef? sender,
        ICancelable? cancelable);
}

/// <summary>Runs actions later.</summary>
public interface IActionScheduler
{
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    void ScheduleOnce(TimeSpan delay, Action action);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}

/// <summary>Runs runnables later.</summary>
public interface IRunnableScheduler
{
    void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable);

    void ScheduleOnce(TimeSpan delay, IRunnable action);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action);
}

public interface IAdvancedScheduler : IActionScheduler, IRunnableScheduler
{
}

/// <summary>The timers of an actor system. Inside an actor, <see cref="IWithTimers"/> is usually the better
/// tool.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Actions instead of messages. They run outside of any actor: touch no actor's state from
    /// there.</summary>
    IAdvancedScheduler Advanced { get; }
}

/// <summary>Schedulers with handles and with milliseconds.</summary>
public static class SchedulerExtensions
{
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, TimeSpan delay, ICanTell receiver,
        object message, IActorRef? sender)
    {
        Cancelable cancelable = new(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, int millisecondsDelay,
        ICanTell receiver,
        object message, IActorRef? sender) =>
        scheduler.ScheduleTellOnceCancelable(Milliseconds(millisecondsDelay), receiver, message, sender);

    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, TimeSpan initialDelay,
        TimeSpan interval, ICanTell receiver, object message, IActorRef? sender)
    {
        Cancelable cancelable = new(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }

    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, int initialMillisecondsDelay,
        int millisecondsInterval, ICanTell receiver, object message, IActorRef? sender) =>
        scheduler.ScheduleTellRepeatedlyCancelable(Milliseconds(initialMillisecondsDelay),
            Milliseconds(millisecondsInterval),
            receiver, message, sender);

    public static void ScheduleTellOnce(this ITellScheduler scheduler, int millisecondsDelay, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable = null) =>
        scheduler.ScheduleTellOnce(Milliseconds(millisecondsDelay), receiver, message, sender, cancelable);

    public static void ScheduleTellRepeatedly(this ITellScheduler scheduler, int initialMillisecondsDelay,
        int millisecondsInterval, ICanTell receiver, object message, IActorRef? sender,
            ICancelable? cancelable = null) =>
        scheduler.ScheduleTellRepeatedly(Milliseconds(initialMillisecondsDelay), Milliseconds(millisecondsInterval),
            receiver,
            message, sender, cancelable);

    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        Cancelable cancelable = new(scheduler);
        scheduler.ScheduleOnce(delay, action, cancelable);
        return cancelable;
    }

    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, int millisecondsDelay,
        Action action) =>
        scheduler.ScheduleOnceCancelable(Milliseconds(millisecondsDelay), action);

    public static ICancelable ScheduleRepeatedlyCancelable(this IActionScheduler scheduler, TimeSpan initialDelay,
        TimeSpan interval, Action action)
    {
        Cancelable cancelable = new(scheduler);
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, cancelable);
        return cancelable;
    }

    public static ICancelable ScheduleRepeatedlyCancelable(this IActionScheduler scheduler,
        int initialMillisecondsDelay,
        int millisecondsInterval, Action action) =>
        scheduler.ScheduleRepeatedlyCancelable(Milliseconds(initialMillisecondsDelay),
            Milliseconds(millisecondsInterval), action);

    public static void ScheduleOnce(this IActionScheduler scheduler, int millisecondsDelay, Action action,
        ICancelable? cancelable = null) => scheduler.ScheduleOnce(Milliseconds(millisecondsDelay), action, cancelable);

    public static void ScheduleRepeatedly(this IActionScheduler scheduler, int initialMillisecondsDelay,
        int millisecondsInterval, Action action, ICancelable? cancelable = null) =>
        scheduler.ScheduleRepeatedly(Milliseconds(initialMillisecondsDelay), Milliseconds(millisecondsInterval), action,
            cancelable);

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
