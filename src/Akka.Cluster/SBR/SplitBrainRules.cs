using System.Collections.Immutable;
using Akka.Cluster.Membership;

namespace Akka.Cluster.SBR;

/// <summary>When to decide a split, and by which strategy.</summary>
/// <param name="StableAfter">Nothing is decided before the membership has been still for so long: all on one side
/// must see the same, and a passing fault should pass.</param>
/// <param name="DownAllWhenUnstable">When it is not still for this much longer than that since the first member became
/// unreachable, everybody is downed: some decide on a view that others no longer share. Null: never.</param>
internal sealed record SplitBrainRules(DowningStrategy Strategy, TimeSpan StableAfter, TimeSpan? DownAllWhenUnstable);

/// <summary>
/// The split-brain resolver as a state machine. It is shown every state of the gossip and asked at every tick; it
/// answers with the nodes to down.
/// </summary>
/// <param name="StableAt">Not before this moment.</param>
/// <param name="UnstableSince">When the first of the present troubles began; null while there is none.</param>
internal sealed record SplitBrainState(TimeSpan StableAt, TimeSpan? UnstableSince)
{
    public static readonly SplitBrainState Calm = new(TimeSpan.Zero, null);

    /// <summary>The membership changed.</summary>
    public SplitBrainState Observe(
        SplitBrainRules rules, Gossip before, Gossip after, UniqueAddress self, TimeSpan now)
    {
        // Who was removed is no news: the others decided about it in quiet.
        ImmutableArray<UniqueAddress> was =
            EventDifference.Unreachable(before, self).Nodes().RemoveAll(node => !after.Has(node));
        ImmutableArray<UniqueAddress> @is = EventDifference.Unreachable(after, self).Nodes();
        bool reachabilityChanged = !was.SequenceEqual(@is);
        SplitBrainState next = this;
        bool isStill = !reachabilityChanged && !StatusChanged(before, after) && !HearsAgain(before, after, self);
        if (!isStill) next = next with { StableAt = now + rules.StableAfter };
        if (reachabilityChanged && next.UnstableSince is null) next = next with { UnstableSince = now };
        if (!new SplitView(after, self).HasUnreachable) next = next with { UnstableSince = null };
        return next;
    }

    /// <summary>This node itself was paused: what is unreachable must be so for the whole time again.</summary>
    public SplitBrainState AfterPause(SplitBrainRules rules, TimeSpan pause, TimeSpan now) =>
        UnstableSince is null ? this : new(now + rules.StableAfter, UnstableSince + pause);

    /// <summary>The split that this node has to decide now, or to ask for the lease that decides it; null for
    /// none.</summary>
    public SplitView? Due(Gossip gossip, UniqueAddress self, TimeSpan now) =>
        now >= StableAt && LeaderRules.IsLeader(gossip, self) && Trouble(gossip, self) is { } view
            && !IsNewcomerAlone(gossip, self, view) && gossip.Find(self) is { Status: not MemberStatus.Joining }
            ? view
            : null;

    /// <summary>The nodes to down now without any lease, the one who decides last; mostly none.</summary>
    public ImmutableArray<UniqueAddress> Tick(SplitBrainRules rules, Gossip gossip, UniqueAddress self, TimeSpan now)
    {
        if (Trouble(gossip, self) is not { } view) return [];
        if (IsNewcomerAlone(gossip, self, view)) return now >= StableAt ? [self] : [];
        if (gossip.Find(self) is { Status: MemberStatus.Joining }) return [];
        if (rules.DownAllWhenUnstable is { } patience && now - UnstableSince > rules.StableAfter + patience)
            return DowningStrategy.Everybody(view);
        return rules.Strategy is not LeaseMajority && Due(gossip, self, now) is { } split ? rules.Strategy.Decide(split) : [];
    }

    private static bool IsNewcomerAlone(Gossip gossip, UniqueAddress self, SplitView view) =>
        gossip.Find(self) is { Status: MemberStatus.Joining or MemberStatus.WeaklyUp } && view.ReachesNobodyWhoCounts;

    /// <summary>What is unreachable as this member sees it; null while all is well, or when it has no say any more.
    /// </summary>
    private SplitView? Trouble(Gossip gossip, UniqueAddress self)
    {
        if (UnstableSince is null || gossip.Find(self) is null or { Status: MemberStatus.Down or MemberStatus.Removed })
            return null;
        var view = new SplitView(gossip, self);
        return view.HasUnreachable ? view : null;
    }

    /// <summary>
    /// Not in Akka.NET, which looks at what all say together: there a member stays unreachable until the last complaint is
    /// taken back. But when this node hears one again, a partition may be about to heal, and what all say is half of then
    /// and half of now: two whole sides look like members that are connected to some.
    /// </summary>
    private static bool HearsAgain(Gossip before, Gossip after, UniqueAddress self) =>
        before.Reachability.AllUnreachableFrom(self).Any(
            node => after.Has(node) && after.Reachability.IsReachable(self, node));

    /// <summary>Members that became Up, Exiting or Down disturb; newcomers, Leaving and removals do not.</summary>
    private static bool StatusChanged(Gossip before, Gossip after)
    {
        foreach (Member member in after.Members)
        {
            if (member.Status is MemberStatus.Up or MemberStatus.Exiting or MemberStatus.Down
                && before.Find(member.UniqueAddress)?.Status != member.Status)
                return true;
        }

        return false;
    }
}
