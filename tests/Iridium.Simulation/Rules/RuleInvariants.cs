using Akka.Cluster;
using Akka.Cluster.Membership;

namespace Iridium.Simulation.Rules;

/// <summary>
/// What must hold of a cluster. Safety is checked at every change, faults or not; that the survivors agree is asked only
/// after everything has healed.
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
        CheckForm(node, gossip);
        if (!IsSettled(node)) return;
        CheckUpNumbers(node, gossip);
        foreach (RuleNode other in nodes)
        {
            if (other == node || !other.Runs || !IsSettled(other)) continue;
            Gossip theirs = other.State.Gossip;
            if (gossip.Version.CompareTo(theirs.Version) == ClockOrder.Same
                && !Equals(LeaderRules.Leader(gossip, node.Self), LeaderRules.Leader(theirs, other.Self)))
                cluster.Fail($"{node} and {other} agree on everything but who leads");
        }
    }

    /// <summary>Looks for two clusters where there was one: two nodes that have been content for a while, each without the
    /// other. Asked once a second. Returns what it found, or null.</summary>
    public string? FindSplit()
    {
        foreach (RuleNode node in nodes)
        {
            if (!IsSettled(node)) node.SettledFor = 0;
            else if (++node.SettledFor >= SecondsToSettle && FindStranger(node) is { } stranger)
                return $"{node} has settled on {Names(node.State.Gossip)}, {stranger} on {Names(stranger.State.Gossip)}";
        }
        return null;
    }

    /// <summary>Every life that runs is in one and the same cluster, and knows it; or nobody is in any.</summary>
    public bool AllAgree()
    {
        RuleNode? first = Array.Find(nodes, node => node.IsInside);
        if (first is null) return true;
        int running = nodes.Count(node => node.Alive);
        Gossip gossip = first.State.Gossip;
        if (gossip.Members.Length != running || !gossip.Reachability.IsAllReachable) return false;
        foreach (RuleNode node in nodes)
        {
            if (!node.Alive) continue;
            if (!node.IsInside || gossip.Find(node.Self) is not { Status: MemberStatus.Up }) return false;
            if (node.State.Gossip.Version.CompareTo(gossip.Version) != ClockOrder.Same) return false;
            if (!LeaderRules.Converged(node.State.Gossip, node.Self, [])) return false;
        }
        return true;
    }

    /// <summary>When all agree: clocks remember nobody who is gone, and all count alike.</summary>
    public void CheckFinal()
    {
        foreach (RuleNode node in nodes.Where(node => node.IsInside))
        {
            Gossip gossip = node.State.Gossip;
            string[] known = [.. gossip.Members.Select(member => member.UniqueAddress.ClockName)];
            foreach (VectorClock.Entry entry in gossip.Version.Entries)
            {
                if (!known.Contains(entry.Node)) cluster.Fail($"{node}: the clock remembers {entry.Node}, who is gone");
            }
            int leaders = nodes.Count(each => each.IsInside && LeaderRules.IsLeader(each.State.Gossip, each.Self));
            if (leaders != 1) cluster.Fail($"{leaders} nodes lead");
        }
    }

    public string Describe() => string.Join("; ", nodes.Where(node => node.Alive).Select(node =>
        node.IsInside ? $"{node} knows {Names(node.State.Gossip)}" : $"{node} is {node.State.Phase}"));

    /// <summary>All that is in a gossip is about its members, in order, once.</summary>
    private void CheckForm(RuleNode node, Gossip gossip)
    {
        for (int index = 1; index < gossip.Members.Length; index++)
        {
            if (gossip.Members[index - 1].UniqueAddress.CompareTo(gossip.Members[index].UniqueAddress) >= 0)
                cluster.Fail($"{node}: members out of order: {Names(gossip)}");
            if (gossip.Members[index - 1].Address == gossip.Members[index].Address)
                cluster.FailIfCalm($"{node}: two lives of one address: {Names(gossip)}");
        }
        foreach (UniqueAddress seen in gossip.Seen)
        {
            if (!gossip.Has(seen)) cluster.Fail($"{node}: {seen.Address} has seen it but is no member");
        }
        foreach (Reachability.Row row in gossip.Reachability.Rows)
        {
            if (!gossip.Has(row.Observer)) cluster.Fail($"{node}: {row.Observer.Address} observes but is no member");
            foreach (Reachability.Record record in row.Records)
            {
                if (!gossip.Has(record.Subject)) cluster.Fail($"{node}: {record.Subject.Address} is observed but no member");
            }
        }
    }

    private void CheckUpNumbers(RuleNode node, Gossip gossip)
    {
        for (int one = 0; one < gossip.Members.Length; one++)
        {
            if (gossip.Members[one].Status != MemberStatus.Up) continue;
            for (int other = one + 1; other < gossip.Members.Length; other++)
            {
                if (gossip.Members[other].Status == MemberStatus.Up
                    && gossip.Members[one].UpNumber == gossip.Members[other].UpNumber)
                    cluster.FailIfCalm($"{node}: two members became Up as number {gossip.Members[one].UpNumber}");
            }
        }
    }

    /// <summary>The node takes its view for the truth: it is Up, everybody it knows is there, and all have seen it.</summary>
    private static bool IsSettled(RuleNode node)
    {
        if (!node.Runs || !node.IsInside) return false;
        Gossip gossip = node.State.Gossip;
        return gossip.Find(node.Self) is { Status: MemberStatus.Up } && gossip.Reachability.IsAllReachable
            && LeaderRules.Converged(gossip, node.Self, []);
    }

    private RuleNode? FindStranger(RuleNode node)
    {
        foreach (RuleNode other in nodes)
        {
            if (other != node && other.SettledFor >= SecondsToSettle
                && !Counts(node, other) && !Counts(other, node)) return other;
        }
        return null;
    }

    private static bool Counts(RuleNode node, RuleNode other) =>
        node.State.Gossip.Find(other.Self) is { Status: not MemberStatus.Down };

    private static string Names(Gossip gossip) =>
        string.Join(", ", gossip.Members.Select(member =>
            $"{member.Address.Host}#{member.UniqueAddress.Uid % 1000} {member.Status}"
            + (gossip.SeenBy(member.UniqueAddress) ? "" : " unseen")
            + (gossip.Reachability.IsReachable(member.UniqueAddress) ? "" : " unreachable")));
}
