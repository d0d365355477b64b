using Akka.Engine;

namespace Iridium.Simulation.Virtual;

/// <summary>The delays of one actor system. A timer fires at its time or a little later, as real ones do.</summary>
internal sealed class SimTimers(SimProcess process) : ITimerSource
{
    private readonly SeedRandom _chance = process.Random.Split("timers");
    private bool _disposed;

    public IDisposable Schedule(TimeSpan delay, Action callback)
    {
        var timer = new SimTimer(this, callback);
        World world = process.World;
        long lateness = _chance.Between(0, world.Rules.TimerLatenessTicks);
        long ticks = Math.Clamp(delay.Ticks, 0, TimeSpan.FromDays(365).Ticks);
        world.Plan(world.Now + ticks + lateness, process, timer);
        return timer;
    }

    public void Dispose() => _disposed = true;

    private sealed class SimTimer(SimTimers source, Action callback) : IHappening, IDisposable
    {
        private Action? _callback = callback;

        public char Letter => 't';

        public void Happen()
        {
            Action? due = _callback;
            _callback = null;
            if (!source._disposed) due?.Invoke();
        }

        public void Dispose() => _callback = null;
    }
}
