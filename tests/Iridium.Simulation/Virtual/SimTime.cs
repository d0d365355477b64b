namespace Iridium.Simulation.Virtual;

/// <summary>The clocks of one process: monotonic time is the world's, wall time the world's and the machine's
/// error.</summary>
internal sealed class SimTime(SimProcess process) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    // A machine is long up when its process starts, so no timestamp is near zero.
    public override long GetTimestamp() => process.World.Now + TimeSpan.FromHours(1).Ticks;

    public override DateTimeOffset GetUtcNow() => process.World.WallClock + process.Machine.ClockError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimClockTimer(process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>What the class library makes of this provider: delays, cancellation after a time, periodic
    /// timers.</summary>
    private sealed class SimClockTimer(SimProcess process, TimerCallback callback, object? state) : ITimer
    {
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = null;
            if (dueTime >= TimeSpan.Zero) Plan(dueTime, period);
            return true;
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call() => callback(state);

        private void Plan(TimeSpan delay, TimeSpan period)
        {
            _due = new Due(this, period);
            process.World.Plan(process.World.Now + delay.Ticks, process, _due);
        }

        private sealed class Due(SimClockTimer timer, TimeSpan period) : IHappening
        {
            public char Letter => 't';

            public void Happen()
            {
                if (!ReferenceEquals(timer._due, this)) return;
                if (period > TimeSpan.Zero) timer.Plan(period, period);
                timer.Call();
            }
        }
    }
}
