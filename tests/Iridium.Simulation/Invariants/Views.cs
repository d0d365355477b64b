using Akka.Cluster;
using Akka.Cluster.Membership;

namespace Iridium.Simulation.Invariants;

/// <summary>One running node, as the invariants look at it: who it is, what it knows.</summary>
internal interface INodeView
{
    UniqueAddress Self { get; }

    /// <summary>What it knows; empty while it is in no cluster.</summary>
    Gossip Gossip { get; }
}

/// <summary>What must hold of the views of nodes, whichever layer they live in.</summary>
internal static class Views
{
    /// <summary>The node takes its view for the truth: it is Up, everybody it knows is there, and all have seen
    /// it.</summary>
    public static bool IsSettled(INodeView node)
    {
        Gossip gossip = node.Gossip;
        return gossip.Reachability.IsAllReachable && gossip.Find(node.Self) is { Status: MemberStatus.Up }
            && LeaderRules.Converged(gossip, node.Self, []);
    }

    /// <summary>Neither counts the other as a member that could be alive: two clusters.</summary>
    public static bool AreStrangers(INodeView one, INodeView other) => !Counts(one, other) && !Counts(other, one);

    /// <summary>Everybody is in one and the same cluster, Up and reachable, and knows it; or nobody is in
    /// any.</summary>
    public static bool AllAgree(IReadOnlyList<INodeView> running)
    {
        Gossip? first = running.FirstOrDefault(node => !node.Gossip.Members.IsEmpty)?.Gossip;
        if (first is null) return true;
        if (first.Members.Length != running.Count || !first.Reachability.IsAllReachable) return false;
        foreach (INodeView node in running)
        {
            Gossip gossip = node.Gossip;
            if (gossip.Find(node.Self) is not { Status: MemberStatus.Up }) return false;
            if (gossip.Version.CompareTo(first.Version) != ClockOrder.Same) return false;
            if (!LeaderRules.Converged(gossip, node.Self, [])) return false;
        }
        return true;
    }

    /// <summary>When all agree: clocks remember nobody who is gone, and one leads. Null if so.</summary>
    public static string? FindLeftover(IReadOnlyList<INodeView> inside)
    {
        foreach (INodeView node in inside)
        {
            string[] known = [.. node.Gossip.Members.Select(member => member.UniqueAddress.ClockName)];
            foreach (VectorClock.Entry entry in node.Gossip.Version.Entries)
            {
                if (!known.Contains(entry.Node)) return $"{node}: the clock remembers {entry.Node}, who is gone";
            }
        }
        int leaders = inside.Count(node => LeaderRules.IsLeader(node.Gossip, node.Self));
        return leaders == 1 || inside.Count == 0 ? null : $"{leaders} nodes lead";
    }

    /// <summary>All that is in a gossip is about its members, in order, once. Null if so.</summary>
    public static string? FindMalformed(Gossip gossip)
    {
        for (int index = 1; index < gossip.Members.Length; index++)
        {
            if (gossip.Members[index - 1].UniqueAddress.CompareTo(gossip.Members[index].UniqueAddress) >= 0)
                return $"members out of order: {Names(gossip)}";
        }
        foreach (UniqueAddress seen in gossip.Seen)
        {
            if (!gossip.Has(seen)) return $"{seen.Address} has seen it but is no member";
        }
        foreach (Reachability.Row row in gossip.Reachability.Rows)
        {
            if (!gossip.Has(row.Observer)) return $"{row.Observer.Address} observes but is no member";
            foreach (Reachability.Record record in row.Records)
            {
                if (!gossip.Has(record.Subject)) return $"{record.Subject.Address} is observed but no member";
            }
        }
        return null;
    }

    /// <summary>What in a calm history must not be either: two lives of one address, two members that became Up with
    /// one number. Null if there is none.</summary>
    public static string? FindTwins(Gossip gossip, bool settled)
    {
        for (int one = 0; one < gossip.Members.Length; one++)
        {
            Member member = gossip.Members[one];
            if (one > 0 && gossip.Members[one - 1].Address == member.Address)
                return $"two lives of one address: {Names(gossip)}";
            if (!settled || member.Status != MemberStatus.Up) continue;
            for (int other = one + 1; other < gossip.Members.Length; other++)
            {
                Member next = gossip.Members[other];
                if (next.Status == MemberStatus.Up && next.UpNumber == member.UpNumber)
                    return $"two members became Up as number {member.UpNumber}";
            }
        }
        return null;
    }

    public static string Names(Gossip gossip) =>
        string.Join(", ", gossip.Members.Select(member =>
            $"{member.Address.Host}#{member.UniqueAddress.Uid % 1000} {member.Status}"
            + (gossip.SeenBy(member.UniqueAddress) ? "" : " unseen")
            + (gossip.Reachability.IsReachable(member.UniqueAddress) ? "" : " unreachable")));

    private static bool Counts(INodeView node, INodeView other) =>
        node.Gossip.Find(other.Self) is { Status: not MemberStatus.Down };
}
