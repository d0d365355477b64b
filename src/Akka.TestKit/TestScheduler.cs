using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until a test moves it: <c>akka.scheduler.implementation =
/// "Akka.TestKit.TestScheduler, Akka.TestKit"</c>. What falls due is done in order of time on the thread that moves
/// it.
/// </summary>
public sealed class TestScheduler(Config schedulerConfig, ILoggingAdapter log) : SchedulerBase(schedulerConfig, log)
{
    private readonly object _lock = new();
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long Number)> _entries = new();
    private DateTimeOffset _start = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private long _number;
    private bool _begun;

    public override TimeSpan MonotonicClock
    {
        get
        {
            lock (_lock) return NowLocked() - _start;
        }
    }

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow
    {
        get
        {
            lock (_lock) return NowLocked();
        }
    }

    public DateTimeOffset Now => TimeNow;

    /// <summary>Moves time by so much.</summary>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        AdvanceTo(TimeNow + offset);
    }

    /// <summary>Moves time to a moment; things that fall due and schedule more have that done too, if it falls
    /// due.</summary>
    /// <exception cref="InvalidOperationException">The moment has passed.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < TimeNow) throw new InvalidOperationException(
            $"It is {TimeNow:O} already; time does not go back to {when:O}.");
        while (TakeDue(when) is { } entry)
        {
            if (entry.Cancelable is { IsCancellationRequested: true }) continue;
            if (entry.Interval is { } interval) Add(entry with { Due = entry.Due + interval });
            entry.Act();
        }
    }

    private Entry? TakeDue(DateTimeOffset limit)
    {
        lock (_lock)
        {
            if (_entries.TryPeek(out Entry? entry, out _) && entry.Due <= limit)
            {
                _entries.Dequeue();
                if (entry.Due > _now) _now = entry.Due;
                return entry;
            }

            _now = limit;
            return null;
        }
    }

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, null, action, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action act, ICancelable? cancelable) =>
        Add(new Entry(TimeNow + delay, interval, act, cancelable));

    private void Add(Entry entry)
    {
        lock (_lock) _entries.Enqueue(entry, (entry.Due, _number++));
    }

    // It begins at the wall clock's time, which the first question reads.
    private DateTimeOffset NowLocked()
    {
        if (_begun) return _now;
        _begun = true;
        return _start = _now = DateTimeOffset.UtcNow;
    }

    private sealed record Entry(DateTimeOffset Due, TimeSpan? Interval, Action Act, ICancelable? Cancelable);
}
