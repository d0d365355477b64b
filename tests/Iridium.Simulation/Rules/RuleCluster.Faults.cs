using Akka.Cluster.Membership;
using Iridium.Simulation.Faults;

namespace Iridium.Simulation.Rules;

/// <summary>What is done to the nodes and their links, and taken back.</summary>
internal sealed partial class RuleCluster
{
    private void Begin(Fault fault)
    {
        Note(null, fault.ToString());
        RuleNode node = _nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.PowerCut: node.End(); break;
            case FaultKind.Pause: node.Pauses++; break;
            case FaultKind.Part: _links.Part(fault.Side, 1); break;
            case FaultKind.OneWay: _links.Cut(fault.Node, fault.Other, 1); break;
            case FaultKind.Pair: _links.CutBoth(fault.Node, fault.Other, 1); break;
            case FaultKind.Flap: Flap(fault, 1); break;
            case FaultKind.Loss: _links.Loss = Math.Min(0.4, _links.Loss + fault.Share); break;
            case FaultKind.Leave when node.Runs: Leave(node); break;
            case FaultKind.Down when _nodes[fault.Other].Runs: Say(_nodes[fault.Other], new Down(node.Address)); break;
        }
    }

    private void End(Fault fault)
    {
        RuleNode node = _nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.PowerCut or FaultKind.Leave or FaultKind.Down:
                if (!node.Alive) Start(node);
                break;
            case FaultKind.Pause: Resume(node); break;
            case FaultKind.Part: _links.Part(fault.Side, -1); break;
            case FaultKind.OneWay: _links.Cut(fault.Node, fault.Other, -1); break;
            case FaultKind.Pair: _links.CutBoth(fault.Node, fault.Other, -1); break;
            case FaultKind.Loss: _links.Loss = 0; break;
        }
    }

    /// <summary>A program that leaves is on its way out: it waits for the others to let it go, but not for
    /// ever.</summary>
    private void Leave(RuleNode node)
    {
        Plan(_now + _longestShutdown, new RuleEvent(RuleEventKind.ShutdownTimesOut, node.Index, node.Life));
        Say(node, new Leave(node.Address));
    }

    /// <summary>Cuts and heals in turn until the fault's span is over.</summary>
    private void Flap(Fault fault, int change)
    {
        if (change > 0 && _now >= fault.End.Ticks) return;
        _links.CutBoth(fault.Node, fault.Other, change);
        int index = _faults.IndexOf(fault);
        Plan(_now + _network.NextInt64(_flap), new RuleEvent(RuleEventKind.Check, index, -change));
    }

    private void Resume(RuleNode node)
    {
        if (--node.Pauses > 0) return;
        foreach (RuleEvent held in node.Held) Plan(_now, held);
        node.Held.Clear();
    }
}
