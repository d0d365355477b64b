using Iridium.Simulation.Faults;
using Iridium.Simulation.Network;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Swarm;

/// <summary>Does to a world of whole nodes what a plan says, and takes it back. Faults overlap as they like: what two
/// of them hold is free when both have let go.</summary>
internal sealed class SwarmFaults(World world, SwarmNode[] nodes, Action<SwarmNode> start)
{
    /// <summary>Times what a turn takes otherwise: up to 20 ms, as on a machine whose processor is elsewhere.</summary>
    private const int Slowness = 1_000;

    /// <summary>A modem: a heartbeat is nothing to it, a gossip takes a tenth of a second.</summary>
    private const long SlowBytesPerSecond = 8_000;

    private static readonly TimeSpan _flap = TimeSpan.FromSeconds(0.6);
    private readonly SeedRandom _chance = world.Chance("flaps");
    private readonly Dictionary<Link, int> _cuts = [];
    private readonly HashSet<Fault> _under = [];

    public void Begin(Fault fault)
    {
        world.Note('F', null, $"begins: {fault}");
        _under.Add(fault);
        SwarmNode node = nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.Crash: node.Kept++; node.Whole.Machine.Process?.Kill(); break;
            case FaultKind.PowerCut: node.Kept++; node.Whole.Machine.PowerOff(); break;
            case FaultKind.Pause: node.Pauses++; node.Whole.Machine.Process?.Pause(); break;
            case FaultKind.Flap or FaultKind.Reset: Again(fault, 1); break;
            case FaultKind.Leave when IsInside(node): Leave(node); break;
            case FaultKind.Down when IsInside(nodes[fault.Other]): Down(nodes[fault.Other], node); break;
            case FaultKind.Clock: node.Whole.Machine.ClockError += fault.ClockError; break;
            default: Change(fault, 1); break;
        }
    }

    public void End(Fault fault)
    {
        world.Note('F', null, $"ends: {fault}");
        _under.Remove(fault);
        SwarmNode node = nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.PowerCut: node.Kept--; StartAgain(node); break;
            case FaultKind.Leave or FaultKind.Down: StartAgain(node); break;
            case FaultKind.Pause: Resume(node); break;
            default: Change(fault, -1); break;
        }
    }

    /// <summary>What lies on the links, reckoned anew from the faults that go on.</summary>
    private void Change(Fault fault, int change)
    {
        Machine[] machines = [.. nodes.Select(node => node.Whole.Machine)];
        for (int from = 0; from < machines.Length; from++)
        {
            for (int to = 0; to < machines.Length; to++)
            {
                if (from == to) continue;
                Link link = world.Fabric[machines[from], machines[to]];
                if (IsCutBy(fault, from, to)) Cut(link, change);
                Burden(link, from, to);
            }
        }
        foreach (SwarmNode node in nodes) Starve(node);
    }

    private void Burden(Link link, int from, int to)
    {
        double loss = 0;
        long jitter = Link.UsualJitter.Ticks, bytes = 0;
        foreach (Fault fault in _under)
        {
            bool concerns = fault.Node == from || fault.Node == to;
            if (fault.Kind == FaultKind.Loss) loss = Math.Min(0.4, loss + fault.Share);
            else if (fault.Kind == FaultKind.Delay && concerns) jitter = Math.Max(jitter, fault.LongestDelay.Ticks);
            else if (fault.Kind == FaultKind.Slow && concerns) bytes = SlowBytesPerSecond;
        }
        (link.Loss, link.Jitter, link.BytesPerSecond) = (loss, new TimeSpan(jitter), bytes);
    }

    private void Starve(SwarmNode node)
    {
        bool starves = _under.Any(fault => fault.Kind == FaultKind.Starve && fault.Node == node.Index);
        if (node.Whole.Machine.Process is { } process) process.Slowness = starves ? Slowness : 1;
    }

    private static bool IsCutBy(Fault fault, int from, int to) => fault.Kind switch
    {
        FaultKind.Part => (fault.Side >> from & 1) != (fault.Side >> to & 1),
        FaultKind.OneWay => from == fault.Node && to == fault.Other,
        FaultKind.Pair or FaultKind.Flap =>
            (from == fault.Node && to == fault.Other) || (from == fault.Other && to == fault.Node),
        _ => false,
    };

    private void Cut(Link link, int change)
    {
        int cuts = _cuts[link] = _cuts.GetValueOrDefault(link) + change;
        link.Cut = cuts > 0;
    }

    /// <summary>Cuts and heals in turn, or resets now and then, until the fault's span is over.</summary>
    private void Again(Fault fault, int change)
    {
        if (change > 0 && world.Elapsed >= fault.End) return;
        if (fault.Kind == FaultKind.Flap) Change(fault, change);
        else if (change > 0) Reset(nodes[fault.Node].Whole.Machine.Process, nodes[fault.Other].Whole.Machine);
        world.After(_chance.Between(TimeSpan.Zero, _flap), () => Again(fault, -change));
    }

    private void Reset(SimProcess? process, Machine other)
    {
        if (process is not { Alive: true }) return;
        SimConnection[] open = [.. process.Connections.Where(each => !each.IsClosed && each.LeadsTo(other))];
        if (open.Length == 0) return;
        // The reset comes from the network: neither end has asked for it.
        _chance.Pick(open).BreakBothWays();
    }

    private void Resume(SwarmNode node)
    {
        if (--node.Pauses > 0) return;
        node.Whole.Machine.Process?.Resume();
        node.ResumedAt = world.Elapsed;
    }

    private void StartAgain(SwarmNode node)
    {
        if (!node.Runs && node.Kept == 0) start(node);
    }

    private static bool IsInside(SwarmNode node) => node is { Runs: true, Pauses: 0 };

    private static void Leave(SwarmNode node) => node.Whole.Do(() => node.Whole.Cluster!.Leave(node.Whole.Address));

    private static void Down(SwarmNode by, SwarmNode node) =>
        by.Whole.Do(() => by.Whole.Cluster!.Down(node.Whole.Address));
}
