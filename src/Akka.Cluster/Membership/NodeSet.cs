using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>
/// Sets of nodes as sorted arrays: small, quick to compare and merge, and always walked in the same order on every
/// node, which hash sets do not promise and the wire and the simulator need.
/// </summary>
internal static class NodeSet
{
    public static bool Has(this ImmutableArray<UniqueAddress> set, UniqueAddress node) => Find(set, node) >= 0;

    public static ImmutableArray<UniqueAddress> With(this ImmutableArray<UniqueAddress> set, UniqueAddress node)
    {
        int at = Find(set, node);
        return at >= 0 ? set : set.Insert(~at, node);
    }

    public static ImmutableArray<UniqueAddress> Without(this ImmutableArray<UniqueAddress> set, UniqueAddress node)
    {
        int at = Find(set, node);
        return at >= 0 ? set.RemoveAt(at) : set;
    }

    public static ImmutableArray<UniqueAddress> Union(
        this ImmutableArray<UniqueAddress> set, ImmutableArray<UniqueAddress> other)
    {
        foreach (UniqueAddress node in other) set = set.With(node);
        return set;
    }

    public static ImmutableArray<UniqueAddress> Of(IEnumerable<UniqueAddress> nodes) => [.. nodes.Distinct().Order()];

    private static int Find(ImmutableArray<UniqueAddress> set, UniqueAddress node)
    {
        int low = 0, high = set.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = set[middle].CompareTo(node);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
