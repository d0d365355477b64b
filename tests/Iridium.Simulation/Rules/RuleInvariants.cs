using Akka.Cluster;
using Akka.Cluster.Membership;
using Iridium.Simulation.Invariants;

namespace Iridium.Simulation.Rules;

/// <summary>
/// What must hold of a cluster. Safety is checked at every change, faults or not; that the survivors agree is asked
/// only after everything has healed.
/// </summary>
internal sealed class RuleInvariants(RuleNode[] nodes, RuleCluster cluster)
{
    /// <summary>A node that was cut off or paused looks content until it notices what it missed.</summary>
    private const int SecondsToSettle = 8;

    /// <summary>A member that this life has seen removed never comes back to it.</summary>
    public void CheckEvent(RuleNode node, ClusterEvent.IMemberEvent happened)
    {
        if (node.Removed.Contains(happened.Member.UniqueAddress.Uid))
            cluster.FailIfCalm($"{node}: {happened.Member} was removed and is back");
    }

    /// <summary>After every change of what a node knows.</summary>
    public void CheckStep(RuleNode node)
    {
        Gossip gossip = node.State.Gossip;
        if (Views.FindMalformed(gossip) is { } malformed) cluster.Fail($"{node}: {malformed}");
        bool settled = IsSettled(node);
        if (Views.FindTwins(gossip, settled) is { } twins) cluster.FailIfCalm($"{node}: {twins}");
        if (!settled) return;
        foreach (RuleNode other in nodes)
        {
            if (other == node || !IsSettled(other)) continue;
            Gossip theirs = other.State.Gossip;
            if (gossip.Version.CompareTo(theirs.Version) == ClockOrder.Same
                && !Equals(LeaderRules.Leader(gossip, node.Self), LeaderRules.Leader(theirs, other.Self)))
                cluster.Fail($"{node} and {other} agree on everything but who leads");
        }
    }

    /// <summary>Looks for two clusters where there was one: two nodes that have been content for a while, each without
    /// the other. Asked once a second. Returns what it found, or null.</summary>
    public string? FindSplit()
    {
        foreach (RuleNode node in nodes) node.SettledFor = IsSettled(node) ? node.SettledFor + 1 : 0;
        foreach (RuleNode node in nodes)
        {
            if (node.SettledFor >= SecondsToSettle && FindStranger(node) is { } stranger)
                return $"{node} has settled on {Views.Names(node.State.Gossip)}, "
                    + $"{stranger} on {Views.Names(stranger.State.Gossip)}";
        }
        return null;
    }

    /// <summary>Every life that runs is in one and the same cluster, and knows it; or nobody is in any.</summary>
    public bool AllAgree() => Views.AllAgree(Array.FindAll(nodes, node => node.Alive));

    /// <summary>When all agree: clocks remember nobody who is gone, all count alike, and of those that had one name one is
    /// left.</summary>
    public void CheckFinal()
    {
        if (Views.FindLeftover(Array.FindAll(nodes, node => node.IsInside)) is { } leftover) cluster.Fail(leftover);
        CheckNames(Array.FindAll(nodes, node => node.Alias is not null));
    }

    private void CheckNames(RuleNode[] namesakes)
    {
        int left = namesakes.Count(node => node.IsInside);
        if (left > 1) cluster.Fail($"{left} members have one name");
        // Who was killed may have been the last; who leaves for another must not leave for nobody.
        if (namesakes.Length > 0 && namesakes.All(node => node.GivesWay))
            cluster.Fail("all that had one name gave way");
    }

    public string Describe() => string.Join("; ", nodes.Where(node => node.Alive).Select(node =>
        node.IsInside ? $"{node} knows {Views.Names(node.State.Gossip)}" : $"{node} is {node.State.Phase}"));

    private static bool IsSettled(RuleNode node) => node.Runs && node.IsInside && Views.IsSettled(node);

    private RuleNode? FindStranger(RuleNode node) => Array.Find(nodes, other =>
        other != node && other.SettledFor >= SecondsToSettle && Views.AreStrangers(node, other));
}
