using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>Whom to gossip with: mostly those who have not seen the present state, sometimes anybody.</summary>
internal static class GossipTargets
{
    /// <summary>Members but itself that the node has not marked unreachable by its own observation.</summary>
    public static bool IsValid(Gossip gossip, UniqueAddress self, UniqueAddress node) =>
        !node.Equals(self) && gossip.Has(node) && gossip.Reachability.IsReachable(self, node);

    public static ImmutableArray<UniqueAddress> Valid(Gossip gossip, UniqueAddress self) =>
        [.. gossip.Members.Select(member => member.UniqueAddress).Where(node => IsValid(gossip, self, node))];

    /// <summary>Members that the node may gossip with and that have not seen the present state.</summary>
    public static ImmutableArray<UniqueAddress> Unseen(Gossip gossip, UniqueAddress self) =>
        Valid(gossip, self).RemoveAll(gossip.SeenBy);

    /// <summary>The peer of one gossip tick, or null when there is nobody.</summary>
    public static (UniqueAddress? Node, Chance Next) Select(
        Gossip gossip, UniqueAddress self, ClusterNodeSettings settings, Chance chance)
    {
        ImmutableArray<UniqueAddress> valid = Valid(gossip, self);
        if (valid.IsEmpty) return (null, chance);

        (double fraction, chance) = chance.Fraction();
        if (fraction < DifferentViewProbability(gossip.Members.Length, settings))
        {
            ImmutableArray<UniqueAddress> unseen = valid.RemoveAll(gossip.SeenBy);
            if (!unseen.IsEmpty) valid = unseen;
        }

        (int index, chance) = chance.Index(valid.Length);
        return (valid[index], chance);
    }

    /// <summary>Up to <paramref name="count"/> different nodes out of <paramref name="nodes"/>.</summary>
    public static (ImmutableArray<UniqueAddress> Nodes, Chance Next) Some(
        ImmutableArray<UniqueAddress> nodes, int count, Chance chance)
    {
        if (nodes.Length <= count) return (nodes, chance);
        var left = nodes.ToBuilder();
        var chosen = ImmutableArray.CreateBuilder<UniqueAddress>(count);
        while (chosen.Count < count)
        {
            (int index, chance) = chance.Index(left.Count);
            chosen.Add(left[index]);
            left.RemoveAt(index);
        }

        return (chosen.ToImmutable(), chance);
    }

    /// <summary>
    /// The chance to prefer who has not seen. In large clusters it shrinks in a line, from the full value at the
    /// limit to a tenth of it at three times the limit: there the unseen are many, and all would gossip with the same
    /// few newcomers.
    /// </summary>
    public static double DifferentViewProbability(int members, ClusterNodeSettings settings)
    {
        double full = settings.GossipDifferentViewProbability;
        int low = settings.ReduceGossipDifferentViewProbability;
        if (members <= low) return full;
        int high = low * 3;
        double least = full / 10;
        if (members >= high) return least;
        return full + ((least - full) / (high - low) * (members - low));
    }

    /// <summary>While the state is new to many, gossip three times as often.</summary>
    public static bool NeedsSpeedUp(Gossip gossip) =>
        gossip.Seen.Length < gossip.Members.Length / 2
        || gossip.Members.Any(member => member.Status == MemberStatus.Down);
}
