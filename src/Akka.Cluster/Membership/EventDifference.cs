using System.Collections.Immutable;
using Akka.Actor;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Membership;

/// <summary>What happened between two states, in the order in which subscribers hear it.</summary>
internal static class EventDifference
{
    public static ImmutableArray<IClusterDomainEvent> Between(Gossip before, Gossip after, UniqueAddress self)
    {
        if (ReferenceEquals(before, after)) return [];
        var events = ImmutableArray.CreateBuilder<IClusterDomainEvent>();
        if (!before.Reachability.Equals(after.Reachability) || before.Members != after.Members)
        {
            AddReachability(events, before, after, self);
            AddMembers(events, before, after);
            AddLeaders(events, before, after, self);
        }

        if (!before.Seen.SequenceEqual(after.Seen))
            events.Add(new SeenChanged(LeaderRules.Converged(after, self, []), SeenBy(after)));
        if (!before.Reachability.Equals(after.Reachability)) events.Add(new ReachabilityChanged(after.Reachability));
        return events.ToImmutable();
    }

    /// <summary>
    /// The last events of a node, for which the whole cluster ends. Its own removal comes before those of the others: who
    /// goes with this node must not think first that it has outlived them. Akka.NET leaves that to the order of addresses.
    /// </summary>
    public static ImmutableArray<IClusterDomainEvent> Farewell(Gossip last, UniqueAddress self)
    {
        ImmutableArray<IClusterDomainEvent> events = Between(last, Gossip.Empty, self);
        IClusterDomainEvent? own = events.FirstOrDefault(
            news => news is MemberRemoved removed && removed.Member.UniqueAddress.Equals(self));
        return own is null
            ? [ClusterShuttingDown.Instance, .. events]
            : [ClusterShuttingDown.Instance, own, .. events.Remove(own)];
    }

    /// <summary>The state as subscribers and <see cref="Cluster.State"/> see it.</summary>
    public static CurrentClusterState Snapshot(Gossip gossip, UniqueAddress self)
    {
        ImmutableDictionary<string, Address?> roleLeaders = AllRoles(gossip)
            .ToImmutableDictionary(role => role, role => LeaderRules.Leader(gossip, self, role)?.Address);
        return new CurrentClusterState(
            gossip.Members.ToImmutableSortedSet(Member.Ordering),
            [.. Unreachable(gossip, self)],
            SeenBy(gossip),
            LeaderRules.Leader(gossip, self)?.Address,
            roleLeaders);
    }

    /// <summary>Members, itself excepted, that somebody who is not Down cannot reach.</summary>
    public static IEnumerable<Member> Unreachable(Gossip gossip, UniqueAddress self)
    {
        if (gossip.Reachability.IsAllReachable) yield break;
        foreach (UniqueAddress node in gossip.ReachabilityOfTheLiving().AllUnreachable())
        {
            if (!node.Equals(self) && gossip.Find(node) is { } member) yield return member;
        }
    }

    private static void AddReachability(
        ImmutableArray<IClusterDomainEvent>.Builder events, Gossip before, Gossip after, UniqueAddress self)
    {
        ImmutableArray<UniqueAddress> then = Unreachable(before, self).Nodes();
        ImmutableArray<UniqueAddress> now = Unreachable(after, self).Nodes();
        foreach (UniqueAddress node in now.RemoveAll(node => then.Has(node)))
            events.Add(new UnreachableMember(after.Find(node)!));
        foreach (UniqueAddress node in then.RemoveAll(node => now.Has(node)))
        {
            if (after.Find(node) is { } member) events.Add(new ReachableMember(member));
        }
    }

    // Who was replaced by another life at its address is removed before that appears, which in Akka.NET comes the other way
    // round: subscribers that know members by their addresses would forget the new one.
    private static void AddMembers(ImmutableArray<IClusterDomainEvent>.Builder events, Gossip before, Gossip after)
    {
        ILookup<bool, Member> removed = before.Members
            .Where(member => !after.Has(member.UniqueAddress))
            .ToLookup(member => after.Find(member.Address) is not null);
        AddRemoved(events, removed[true]);
        foreach (Member member in after.Members)
        {
            if (before.Find(member.UniqueAddress)?.Status == member.Status) continue;
            events.Add(member.Status switch
            {
                MemberStatus.Joining => new MemberJoined(member),
                MemberStatus.WeaklyUp => new MemberWeaklyUp(member),
                MemberStatus.Up => new MemberUp(member),
                MemberStatus.Leaving => new MemberLeft(member),
                MemberStatus.Exiting => new MemberExited(member),
                MemberStatus.Down => new MemberDowned(member),
                _ => throw new InvalidOperationException($"Gossip holds a removed member: {member}"),
            });
        }

        AddRemoved(events, removed[false]);
    }

    private static void AddRemoved(ImmutableArray<IClusterDomainEvent>.Builder events, IEnumerable<Member> removed)
    {
        foreach (Member member in removed) events.Add(new MemberRemoved(member.AsRemoved(), member.Status));
    }

    private static void AddLeaders(
        ImmutableArray<IClusterDomainEvent>.Builder events, Gossip before, Gossip after, UniqueAddress self)
    {
        Address? leader = LeaderRules.Leader(after, self)?.Address;
        if (!Equals(LeaderRules.Leader(before, self)?.Address, leader)) events.Add(new LeaderChanged(leader));
        foreach (string role in AllRoles(before).Union(AllRoles(after)).Order(StringComparer.Ordinal))
        {
            Address? roleLeader = LeaderRules.Leader(after, self, role)?.Address;
            if (!Equals(LeaderRules.Leader(before, self, role)?.Address, roleLeader))
                events.Add(new RoleLeaderChanged(role, roleLeader));
        }
    }

    private static IEnumerable<string> AllRoles(Gossip gossip) =>
        gossip.Members.SelectMany(member => member.Roles).Distinct();

    private static ImmutableHashSet<Address> SeenBy(Gossip gossip) => [.. gossip.Seen.Select(node => node.Address)];
}
