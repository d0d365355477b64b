namespace Akka.Engine;

/// <summary>
/// Timers on a hashed wheel: a ring of lists, one per tick, where a timer due after more than one round waits in its
/// list until its round comes. Starting and cancelling take the same few instructions however many timers there are.
/// One thread sleeps until the next tick that has anything due, so a system at rest does not wake.
/// </summary>
/// <remarks>
/// Shared memory, home three: one lock around the ring. Callbacks run outside of it, on the wheel's thread.
/// </remarks>
internal sealed class WheelTimers : ITimerSource
{
    /// <summary>A power of two; at 10 ms a tick one round is five seconds, longer than most timeouts.</summary>
    private const int Slots = 512;

    private readonly object _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _tick;
    private readonly WheelTimer?[] _slots = new WheelTimer?[Slots];
    private long _done;
    private long _wakeAt = long.MaxValue;
    private long _serial;
    private int _count;
    private bool _started;
    private bool _disposed;

    public WheelTimers(TimeProvider time, TimeSpan tick)
    {
        _time = time;
        _tick = tick < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : tick;
        _start = time.GetTimestamp();
    }

    public IDisposable Schedule(TimeSpan delay, Action callback)
    {
        // Rounded up, and one more because the present tick has begun already: never too early.
        WheelTimer timer = new(this, callback, TicksUntil(Elapsed() + delay));
        lock (_lock)
        {
            if (_disposed) return timer;
            if (timer.Due <= _done) timer.Due = _done + 1;
            LinkLocked(timer);
            if (!_started) StartLocked();
            else if (timer.Due < _wakeAt) Monitor.Pulse(_lock);
        }
        return timer;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Array.Clear(_slots);
            Monitor.Pulse(_lock);
        }
    }

    private TimeSpan Elapsed() => _time.GetElapsedTime(_start);

    private long TicksUntil(TimeSpan time) => (time.Ticks + _tick.Ticks - 1) / _tick.Ticks;

    private void StartLocked()
    {
        _started = true;
        Thread thread = new(Run) { IsBackground = true, Name = "akka-timers" };
        thread.Start();
    }

    private void Run()
    {
        List<WheelTimer> due = [];
        while (true)
        {
            lock (_lock)
            {
                if (_disposed) return;
                CollectLocked(due);
                if (due.Count == 0)
                {
                    SleepLocked();
                    continue;
                }
            }
            // In the order in which they were due, and of one tick in the order in which they were started.
            due.Sort(static (left, right) => left.Due != right.Due
                ? left.Due.CompareTo(right.Due)
                : left.Serial.CompareTo(right.Serial));
            foreach (WheelTimer timer in due) timer.Fire();
            due.Clear();
        }
    }

    private void CollectLocked(List<WheelTimer> due)
    {
        long now = Elapsed().Ticks / _tick.Ticks;
        // After a long sleep every slot is looked at once, not once per tick that was missed.
        long first = Math.Max(_done + 1, now - Slots + 1);
        for (long tick = first; tick <= now; tick++)
        {
            for (WheelTimer? timer = _slots[tick & (Slots - 1)]; timer is not null;)
            {
                WheelTimer? next = timer.Next;
                if (timer.Due <= now)
                {
                    UnlinkLocked(timer);
                    due.Add(timer);
                }
                timer = next;
            }
        }
        if (now > _done) _done = now;
    }

    private void SleepLocked()
    {
        _wakeAt = NextDueLocked();
        if (_wakeAt == long.MaxValue)
        {
            Monitor.Wait(_lock);
        }
        else
        {
            TimeSpan rest = new TimeSpan(_wakeAt * _tick.Ticks) - Elapsed();
            if (rest > TimeSpan.Zero) Monitor.Wait(_lock, rest + TimeSpan.FromMilliseconds(1));
        }
        _wakeAt = long.MinValue;
    }

    /// <summary>The next tick at which something may be due; at most one round away while there is any
    /// timer.</summary>
    private long NextDueLocked()
    {
        if (_count == 0) return long.MaxValue;
        for (long tick = _done + 1; tick <= _done + Slots; tick++)
        {
            for (WheelTimer? timer = _slots[tick & (Slots - 1)]; timer is not null; timer = timer.Next)
                if (timer.Due <= tick) return tick;
        }
        return _done + Slots;
    }

    private void LinkLocked(WheelTimer timer)
    {
        ref WheelTimer? head = ref _slots[timer.Due & (Slots - 1)];
        timer.Next = head;
        if (head is not null) head.Previous = timer;
        head = timer;
        timer.Linked = true;
        timer.Serial = _serial++;
        _count++;
    }

    private void UnlinkLocked(WheelTimer timer)
    {
        if (timer.Previous is null) _slots[timer.Due & (Slots - 1)] = timer.Next;
        else timer.Previous.Next = timer.Next;
        if (timer.Next is not null) timer.Next.Previous = timer.Previous;
        timer.Next = timer.Previous = null;
        timer.Linked = false;
        _count--;
    }

    private void Cancel(WheelTimer timer)
    {
        lock (_lock)
        {
            if (timer.Linked) UnlinkLocked(timer);
        }
        timer.Forget();
    }

    private sealed class WheelTimer(WheelTimers owner, Action callback, long due) : IDisposable
    {
        private Action? _callback = callback;

        public long Due { get; set; } = due;

        public long Serial { get; set; }

        public WheelTimer? Next { get; set; }

        public WheelTimer? Previous { get; set; }

        public bool Linked { get; set; }

        public void Fire() => Interlocked.Exchange(ref _callback, null)?.Invoke();

        public void Dispose() => owner.Cancel(this);

        public void Forget() => Interlocked.Exchange(ref _callback, null);
    }
}
