using Iridium.Simulation.Network;

namespace Iridium.Simulation.Virtual;

/// <summary>A machine with a name in the network: it outlives the processes that run on it one after the
/// other.</summary>
internal sealed class Machine(World world, string host, int index)
{
    private int _lives;
    private int _lastFreePort = 49_151;

    public string Host { get; } = host;

    /// <summary>Its number among the machines of the world, from 0.</summary>
    public int Index { get; } = index;

    public bool Powered { get; private set; } = true;

    /// <summary>What its wall clock is off by.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>The process that runs now, or the last that did.</summary>
    public SimProcess? Process { get; private set; }

    public Dictionary<int, SimListener> Ports { get; } = [];

    /// <summary>Starts the next life; the one before must have ended.</summary>
    public SimProcess Start()
    {
        if (Process is { Alive: true }) throw new InvalidOperationException($"{Host} still runs {Process.Name}");
        Powered = true;
        Process = new SimProcess(world, this, world.Fabric.NextProcessNumber(), ++_lives);
        world.Note('F', Process, "started");
        return Process;
    }

    /// <summary>Cuts the power: no stream is closed, no packet is answered, until somebody starts it again.</summary>
    public void PowerOff()
    {
        Powered = false;
        Process?.End(137, silent: true);
    }

    /// <summary>Powers on without starting a process: packets are answered again, with resets.</summary>
    public void PowerOn() => Powered = true;

    public int FreePort()
    {
        do
        {
            _lastFreePort = _lastFreePort == 65_535 ? 49_152 : _lastFreePort + 1;
        }
        while (Ports.ContainsKey(_lastFreePort));
        return _lastFreePort;
    }
}
