using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>
/// Who watches whom: every node watches the next few in a ring sorted by uid, so that the cost per node stays
/// constant and neighbours in the ring are seldom neighbours in a rack.
/// </summary>
internal static class HeartbeatRing
{
    private static readonly Comparer<UniqueAddress> RingOrder = Comparer<UniqueAddress>.Create((a, b) =>
    {
        int byUid = a.Uid.CompareTo(b.Uid);
        return byUid != 0 ? byUid : a.CompareTo(b);
    });

    /// <summary>The nodes that <paramref name="self"/> sends heartbeats to, sorted.</summary>
    /// <param name="members">All members, itself included.</param>
    /// <param name="isUnreachable">Unreachable nodes on the way are watched too, but do not use up the count:
    /// somebody has to see them come back, and somebody living has to be watched.</param>
    public static ImmutableArray<UniqueAddress> Receivers(
        IEnumerable<UniqueAddress> members,
        UniqueAddress self,
        int monitoredBy,
        Func<UniqueAddress, bool> isUnreachable)
    {
        ImmutableArray<UniqueAddress> ring = [.. members.Append(self).Distinct().Order(RingOrder)];
        if (ring.Length - 1 <= monitoredBy) return NodeSet.Of(ring.Where(node => !node.Equals(self)));

        int start = ring.IndexOf(self);
        var receivers = new List<UniqueAddress>();
        int living = 0;
        for (int step = 1; step < ring.Length && living < monitoredBy; step++)
        {
            UniqueAddress node = ring[(start + step) % ring.Length];
            receivers.Add(node);
            if (!isUnreachable(node)) living++;
        }

        return NodeSet.Of(receivers);
    }
}
