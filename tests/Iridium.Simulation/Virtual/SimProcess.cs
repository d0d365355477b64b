using Iridium.Simulation.Network;

namespace Iridium.Simulation.Virtual;

/// <summary>
/// One life of a program on a machine: it runs, may be paused and resumed, and dies once. What was planned for a paused
/// process waits; what was planned for a dead one never happens.
/// </summary>
internal sealed class SimProcess
{
    private readonly List<IHappening> _held = [];
    private readonly List<SimConnection> _connections = [];
    private readonly List<SimListener> _listeners = [];

    public SimProcess(World world, Machine machine, int number, int life)
    {
        World = world;
        Machine = machine;
        Number = number;
        Name = life == 1 ? machine.Host : $"{machine.Host}~{life}";
        Random = world.Chance($"process {machine.Host} {life}");
        Executor = new SimExecutor(this);
        Host = new SimHost(this);
    }

    public World World { get; }

    public Machine Machine { get; }

    /// <summary>Unique in the world, from 1.</summary>
    public int Number { get; }

    /// <summary>The machine's host, and from the second life on which life it is: `n1~2`.</summary>
    public string Name { get; }

    public SeedRandom Random { get; }

    public SimExecutor Executor { get; }

    public SimHost Host { get; }

    public bool Alive { get; private set; } = true;

    public bool Paused { get; private set; }

    public bool CanRun => Alive && !Paused;

    /// <summary>How many times slower than its peers this process runs; 1 is as fast as they are.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>The exit code, once it has ended.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Called once, when it has ended.</summary>
    public Action? Ended { get; set; }

    public IReadOnlyList<SimConnection> Connections => _connections;

    /// <summary>Stops it in mid-air (SIGSTOP): nothing of it runs, its kernel goes on taking bytes.</summary>
    public void Pause()
    {
        if (CanRun) World.Note('F', this, "paused");
        Paused = true;
    }

    public void Resume()
    {
        if (!Paused) return;
        World.Note('F', this, "resumed");
        Paused = false;
        foreach (IHappening held in _held) World.Plan(World.Now, this, held);
        _held.Clear();
    }

    /// <summary>Ends it at once (SIGKILL): the kernel closes its streams and listeners in its place.</summary>
    public void Kill(int exitCode = 137) => End(exitCode, silent: false);

    internal void End(int exitCode, bool silent)
    {
        if (!Alive) return;
        World.Note('F', this, silent ? "lost its power" : $"ended with {exitCode}");
        Alive = false;
        ExitCode = exitCode;
        _held.Clear();
        foreach (SimListener listener in _listeners.ToArray()) listener.Dispose();
        foreach (SimConnection connection in _connections.ToArray()) connection.OnProcessEnded(silent);
        _connections.Clear();
        Executor.Clear();
        Ended?.Invoke();
    }

    internal void Hold(IHappening what)
    {
        if (Alive) _held.Add(what);
    }

    internal void Opened(SimConnection connection) => _connections.Add(connection);

    internal void Closed(SimConnection connection) => _connections.Remove(connection);

    internal void Opened(SimListener listener) => _listeners.Add(listener);

    internal void Closed(SimListener listener) => _listeners.Remove(listener);
}
