using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>
/// Who leads, when all agree, and what the leader then does. Every node reckons this from its own gossip, nobody is
/// elected: the same gossip gives the same answer everywhere.
/// </summary>
internal static class LeaderRules
{
    /// <summary>
    /// The first in member order that is neither Down nor unreachable, Up and Leaving before the others. A node always
    /// counts itself as reachable. What a member that is Down has said of others counts as little as for an agreement:
    /// Akka.NET believes it here, and then whom such a member could not reach leads in its own eyes, and another in the
    /// others', both with all agreed.
    /// </summary>
    /// <param name="role">Only members with this role, if given.</param>
    public static Member? Leader(Gossip gossip, UniqueAddress self, string? role = null)
    {
        Member? leader = null;
        Reachability reachability =
            gossip.Reachability.IsAllReachable ? gossip.Reachability : gossip.ReachabilityOfTheLiving();
        foreach (Member member in gossip.Members)
        {
            if (member.Status == MemberStatus.Down || (role is not null && !member.HasRole(role))) continue;
            if (!member.UniqueAddress.Equals(self) && !reachability.IsReachable(member.UniqueAddress)) continue;
            if (leader is null || Member.LeaderStatusOrdering.Compare(member, leader) < 0) leader = member;
        }

        return leader;
    }

    public static bool IsLeader(Gossip gossip, UniqueAddress self) =>
        Leader(gossip, self)?.UniqueAddress.Equals(self) == true;

    /// <summary>
    /// Everyone who matters has seen this state: no member is unreachable unless it is Down or Exiting, and all that
    /// are Up or Leaving have seen it, or have confirmed that they are gone.
    /// </summary>
    public static bool Converged(Gossip gossip, UniqueAddress self, ImmutableArray<UniqueAddress> exitingConfirmed)
    {
        foreach (Member member in gossip.Members)
        {
            if (member.Status is MemberStatus.Up or MemberStatus.Leaving
                && !gossip.SeenBy(member.UniqueAddress) && !exitingConfirmed.Has(member.UniqueAddress))
                return false;
        }

        if (gossip.Reachability.IsAllReachable) return true;
        foreach (UniqueAddress node in gossip.ReachabilityOfTheLiving().AllUnreachable())
        {
            if (node.Equals(self) || exitingConfirmed.Has(node)) continue;
            if (gossip.Find(node) is { Status: not (MemberStatus.Down or MemberStatus.Exiting) }) return false;
        }

        return true;
    }

    /// <summary>
    /// The leader's step when all agree: members that are gone are removed, Joining and WeaklyUp become Up, Leaving
    /// become Exiting. The result is not yet counted in the clock.
    /// </summary>
    public static LeaderStep OnConvergence(
        Gossip gossip,
        UniqueAddress self,
        ImmutableArray<UniqueAddress> exitingConfirmed,
        ClusterNodeSettings settings)
    {
        bool admits = settings.EnoughMembers(gossip.Members);
        int upNumber = HighestUpNumber(gossip.Members);

        var changed = ImmutableArray.CreateBuilder<Member>();
        foreach (Member member in gossip.Members)
        {
            bool isNewcomer = member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp;
            if (isNewcomer && admits) changed.Add(member.CopyUp(upNumber = Next(upNumber)));
            else if (member.Status == MemberStatus.Leaving) changed.Add(member.Copy(MemberStatus.Exiting));
        }

        // First let in, then remove. Newcomers were not asked whether they have seen who is Down, and one that has not
        // would bring it back with its next gossip; in the next agreement they have a say.
        bool letsIn = changed.Any(member => member.Status == MemberStatus.Up);
        ImmutableArray<Member> removed =
            letsIn ? [] : [.. gossip.Members.Where(member => IsGone(gossip, self, exitingConfirmed, member))];
        Gossip next = gossip;
        foreach (Member member in changed) next = next.With(member);
        return new LeaderStep(next.Remove(removed.Nodes()), changed.ToImmutable(), removed);
    }

    /// <summary>Without agreement: reachable newcomers are admitted weakly.</summary>
    public static LeaderStep WithoutConvergence(Gossip gossip, ClusterNodeSettings settings)
    {
        if (!settings.EnoughMembers(gossip.Members)) return new LeaderStep(gossip, [], []);
        ImmutableArray<Member> changed =
        [
            .. gossip.Members
                .Where(member => member.Status == MemberStatus.Joining
                    && gossip.Reachability.IsReachable(member.UniqueAddress))
                .Select(member => member.Copy(MemberStatus.WeaklyUp)),
        ];
        Gossip next = gossip;
        foreach (Member member in changed) next = next.With(member);
        return new LeaderStep(next, changed, []);
    }

    private static bool IsGone(
        Gossip gossip, UniqueAddress self, ImmutableArray<UniqueAddress> exitingConfirmed, Member member)
    {
        if (member.Status is not (MemberStatus.Down or MemberStatus.Exiting)) return false;
        if (member.UniqueAddress.Equals(self)) return false;
        return (member.Status == MemberStatus.Exiting && exitingConfirmed.Has(member.UniqueAddress))
            || !gossip.ReachabilityOfTheLiving().IsReachable(member.UniqueAddress);
    }

    // A peer that claims the last number must not make the next one negative.
    private static int Next(int upNumber) => upNumber == Member.NeverUp ? upNumber : upNumber + 1;

    private static int HighestUpNumber(ImmutableArray<Member> members)
    {
        int highest = 0;
        foreach (Member member in members)
        {
            if (member.UpNumber != Member.NeverUp && member.UpNumber > highest) highest = member.UpNumber;
        }

        return highest;
    }
}

/// <summary>
/// What the leader did: the new state, the members with their new status, the members that are gone.
/// </summary>
internal sealed record LeaderStep(Gossip Gossip, ImmutableArray<Member> Changed, ImmutableArray<Member> Removed)
{
    public bool IsIdle => Changed.IsEmpty && Removed.IsEmpty;
}
