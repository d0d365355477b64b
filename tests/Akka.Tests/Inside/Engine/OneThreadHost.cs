using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>A world of one thread and virtual time: work runs when the test says so, in the order in which it
/// came.</summary>
internal sealed class OneThreadHost(int seed) : EngineHost, IExecutor
{
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly PriorityQueue<VirtualTimer, (TimeSpan, long)> _timers = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _serial;

    public List<string> Trace { get; } = [];

    public override TimeProvider Time => Clock;

    public VirtualClock Clock { get; } = new();

    public override IExecutor Executor => this;

    public override INetwork Network => throw new NotSupportedException();

    public override TextWriter LogSink { get; } = TextWriter.Null;

    public override ITimerSource CreateTimers(TimeSpan tick) => new Timers(this);

    public override Random CreateRandom(string stream) => new(seed * 31 + stream.Length);

    public override void FillSecret(Span<byte> bytes) => throw new NotSupportedException();

    public override string? EnvironmentVariable(string name) => null;

    public override IExecutor CreatePinnedExecutor(string name) => this;

    public ActorSystem Start(string config = "") => ActorSystem.Create("sim", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(config + "\nakka.loglevel = OFF")),
        new EngineSetup(this)));

    public void Execute(IThreadPoolWorkItem work, bool preferLocal = false)
    {
        // Not an assertion of the test kit: those allocate, and this is where allocations are counted.
        if (_thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("Work came from a thread that a simulated system must not know.");
        _work.Enqueue(work);
    }

    /// <summary>Runs everything there is, and then lets time pass to the next timer, until the time is up.</summary>
    public void RunFor(TimeSpan span)
    {
        TimeSpan end = Clock.Now + span;
        while (true)
        {
            while (_work.TryDequeue(out IThreadPoolWorkItem? work)) work.Execute();
            if (!_timers.TryPeek(out VirtualTimer? timer, out (TimeSpan Due, long) key) || key.Due > end) break;
            _timers.Dequeue();
            if (key.Due > Clock.Now) Clock.Now = key.Due;
            timer.Fire();
        }
        Clock.Now = end;
    }

    internal sealed class VirtualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;
    }

    private sealed class Timers(OneThreadHost host) : ITimerSource
    {
        public IDisposable Schedule(TimeSpan delay, Action callback)
        {
            VirtualTimer timer = new(callback);
            host._timers.Enqueue(timer, (host.Clock.Now + delay, host._serial++));
            return timer;
        }

        public void Dispose()
        {
        }
    }

    private sealed class VirtualTimer(Action callback) : IDisposable
    {
        private Action? _callback = callback;

        public void Fire()
        {
            Action? callback = _callback;
            _callback = null;
            callback?.Invoke();
        }

        public void Dispose() => _callback = null;
    }
}
