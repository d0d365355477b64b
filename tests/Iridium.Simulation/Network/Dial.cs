using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>
/// One attempt to connect, as a kernel makes it: the first packet is repeated after 1 s, 3 s, 7 s and so on until
/// something answers. A machine without power answers nothing; one without a listener refuses; a paused process is
/// connected to by its kernel.
/// </summary>
internal sealed class Dial(World world, SimConnection dialler, Machine target, int port) : IHappening
{
    private const int MostAttempts = 7;
    private int _attempts;

    public char Letter => 's';

    public void Start() => world.Plan(world.Now + 10, null, this);

    /// <summary>An attempt leaves.</summary>
    public void Happen()
    {
        if (dialler.IsClosed || dialler.IsJoined) return;
        if (_attempts == MostAttempts)
        {
            dialler.FailToConnect($"no answer from {target.Host}:{port} in 127 s");
            return;
        }
        if (There.TryPass(40, out long arrival)) world.Plan(arrival, null, new Step('s', Arrive));
        world.Plan(world.Now + (TimeSpan.TicksPerSecond << _attempts++), null, this);
    }

    private Link There => world.Fabric[dialler.Process.Machine, target];

    private Link Back => world.Fabric[target, dialler.Process.Machine];

    private void Arrive()
    {
        if (dialler.IsClosed || dialler.IsJoined || !target.Powered) return;
        if (!Back.TryPass(40, out long arrival)) return;
        if (!target.Ports.TryGetValue(port, out SimListener? listener))
        {
            world.Plan(arrival, dialler.Process,
                new Step('s', () => dialler.FailToConnect($"{target.Host}:{port} refused")));
            return;
        }
        var acceptor = new SimConnection(listener.Process, dialler.Process.Machine.Host, 0, null);
        SimConnection.Join(dialler, acceptor);
        world.Plan(arrival, dialler.Process, new Step('o', () => dialler.Open(null)));
        listener.Enqueue(acceptor);
    }

    private sealed class Step(char letter, Action what) : IHappening
    {
        public char Letter => letter;

        public void Happen() => what();
    }
}
