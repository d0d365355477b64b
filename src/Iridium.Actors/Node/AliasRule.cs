namespace Iridium.Actors.Node;

/// <summary>A member of the cluster as the rule of aliases sees it.</summary>
/// <param name="IsUp">It is Up: its place among the members' ages is settled and the same in every node's
/// eyes.</param>
/// <param name="Age">0 for the oldest member. Means something for members that are Up only.</param>
internal readonly record struct AliasHolder(
    string? Alias, string Address, bool IsUp, bool IsReachable, bool IsSelf, int Age);

/// <summary>
/// Of several members with one alias the oldest stays, and every other leaves. Each node judges itself only, and only
/// by what all nodes come to see alike: who is Up and since when. So of two that join at the same time exactly one
/// goes, in whatever order they hear of each other.
/// </summary>
/// <remarks>
/// Why not decide between two that are both still joining? Their order is not settled then: one node may see A Up and
/// B joining while another sees both joining, and a rule that names a winner in both pictures can name two different
/// ones, so that both would go. A member that is Up is older than all that are not, in every picture; the oldest that
/// is Up never finds a reason to go. Members that cannot be reached, or are on their way out, hold no alias: a node
/// that was killed and started again on another port gets in.
/// </remarks>
internal static class AliasRule
{
    /// <summary>The member for which this node must give way, or null if it may stay, for now.</summary>
    /// <param name="alias">This node's own.</param>
    /// <param name="members">The members it knows. It may not be among them yet: then it is joining.</param>
    public static AliasHolder? LosesTo(string alias, IReadOnlyCollection<AliasHolder> members)
    {
        // A default holder, if this node is not among them, is not up.
        AliasHolder self = members.FirstOrDefault(member => member.IsSelf);
        int ownAge = self.IsUp ? self.Age : int.MaxValue;
        return members
            .Where(other => !other.IsSelf && other.Alias == alias && other.IsUp && other.IsReachable)
            .Where(other => other.Age < ownAge)
            .OrderBy(other => other.Age)
            .Select(other => (AliasHolder?)other)
            .FirstOrDefault();
    }
}
