using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>Members as an array sorted by <see cref="Member.Ordering"/>, each node once.</summary>
internal static class MemberList
{
    /// <returns>The index, or the complement of where it would be inserted.</returns>
    public static int Find(ImmutableArray<Member> members, UniqueAddress node)
    {
        int low = 0, high = members.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = members[middle].UniqueAddress.CompareTo(node);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    /// <summary>Adds the member, or puts it in the place of its former self.</summary>
    public static ImmutableArray<Member> With(this ImmutableArray<Member> members, Member member)
    {
        int at = Find(members, member.UniqueAddress);
        return at >= 0 ? members.SetItem(at, member) : members.Insert(~at, member);
    }

    public static ImmutableArray<UniqueAddress> Nodes(this IEnumerable<Member> members) =>
        NodeSet.Of(members.Select(member => member.UniqueAddress));
}
