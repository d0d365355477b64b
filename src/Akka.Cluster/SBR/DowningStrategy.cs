using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>Which side of a split goes.</summary>
internal enum SplitDecision
{
    DownUnreachable,
    DownReachable,
    DownAll,
}

/// <summary>
/// Decides a split from one side's view such that the other side, which sees the same members the other way round,
/// comes to the matching decision without a word between them.
/// </summary>
internal abstract record DowningStrategy
{
    /// <summary>Judges a plain split, in which nobody is indirectly connected.</summary>
    protected abstract SplitDecision Judge(SplitView view);

    /// <summary>The nodes to down, sorted; the one who decides comes last.</summary>
    public ImmutableArray<UniqueAddress> Decide(SplitView view)
    {
        ImmutableArray<UniqueAddress> indirect = view.IndirectlyConnected();
        SplitView plain = indirect.IsEmpty ? view : view.WithoutIndirectlyConnected();
        SplitDecision? decision = indirect.IsEmpty || plain.HasUnreachable ? Judge(plain) : null;
        return Going(view, m => indirect.Contains(m.UniqueAddress) || Falls(decision, plain.IsUnreachable(m)));
    }

    /// <summary>Everybody; for a cluster that cannot find peace.</summary>
    public static ImmutableArray<UniqueAddress> Everybody(SplitView view) =>
        Going(view, _ => true);

    /// <summary>
    /// A decision in favour of this side holds only if it would also hold after changes that the other side may have
    /// made before the split and that have not come through. Otherwise both sides could stay, and none may.
    /// </summary>
    protected static SplitDecision Confirm(SplitDecision decision, Func<SplitDecision> atWorst) =>
        decision == SplitDecision.DownUnreachable && atWorst() != SplitDecision.DownUnreachable
            ? SplitDecision.DownAll
            : decision;

    /// <summary>The members that go, among all that could be downed.</summary>
    protected static ImmutableArray<UniqueAddress> Going(SplitView view, Func<Member, bool> goes) =>
        InOrder(view, [.. view.Downable.Where(goes).Select(member => member.UniqueAddress)]);

    private static bool Falls(SplitDecision? decision, bool unreachable) => decision switch
    {
        SplitDecision.DownUnreachable => unreachable,
        SplitDecision.DownReachable => !unreachable,
        SplitDecision.DownAll => true,
        _ => false,
    };

    private static ImmutableArray<UniqueAddress> InOrder(SplitView view, ImmutableArray<UniqueAddress> nodes) =>
        nodes.Contains(view.Self) ? nodes.Remove(view.Self).Add(view.Self) : nodes;
}

/// <summary>The larger side stays; of two equal sides the one with the lowest address.</summary>
internal sealed record KeepMajority(string? Role) : DowningStrategy
{
    protected override SplitDecision Judge(SplitView view) =>
        Confirm(Judge(view, view.Considered(Role)), () => Judge(view, view.ConsideredAtWorst(Role)));

    private static SplitDecision Judge(SplitView view, ImmutableArray<Member> members)
    {
        if (members.IsEmpty) return SplitDecision.DownAll;
        int unreachable = members.Count(view.IsUnreachable);
        int reachable = members.Length - unreachable;
        bool stays = reachable == unreachable ? !view.IsUnreachable(members[0]) : reachable > unreachable;
        return stays ? SplitDecision.DownUnreachable : SplitDecision.DownReachable;
    }
}

/// <summary>
/// A side of at least so many members stays. Sound only while the cluster has fewer than twice as many.
/// </summary>
internal sealed record StaticQuorum(int Size, string? Role) : DowningStrategy
{
    protected override SplitDecision Judge(SplitView view)
    {
        ImmutableArray<Member> members = view.Considered(Role);
        if (members.Length > (Size * 2) - 1) return SplitDecision.DownAll;
        return members.Length - members.Count(view.IsUnreachable) >= Size
            ? SplitDecision.DownUnreachable
            : SplitDecision.DownReachable;
    }
}

/// <summary>The side with the oldest member stays.</summary>
/// <param name="DownIfAlone">Unless the oldest is alone against two or more: then it goes.</param>
internal sealed record KeepOldest(bool DownIfAlone, string? Role) : DowningStrategy
{
    protected override SplitDecision Judge(SplitView view) =>
        Confirm(Judge(view, view.Considered(Role)), () => Judge(view, view.ConsideredAtWorst(Role)));

    private SplitDecision Judge(SplitView view, ImmutableArray<Member> members)
    {
        if (members.IsEmpty) return SplitDecision.DownAll;
        Member oldest = members.Min(Member.AgeOrdering)!;
        bool there = view.IsUnreachable(oldest);
        int otherSide = members.Count(view.IsUnreachable);
        int thisSide = members.Length - otherSide;
        (int withOldest, int without) = there ? (otherSide, thisSide) : (thisSide, otherSide);
        bool oldestGoes = DownIfAlone && withOldest == 1 && without >= 2;
        return there == oldestGoes ? SplitDecision.DownUnreachable : SplitDecision.DownReachable;
    }
}

/// <summary>Nobody stays; for clusters that are started anew from outside.</summary>
internal sealed record DownAllNodes : DowningStrategy
{
    protected override SplitDecision Judge(SplitView view) => SplitDecision.DownAll;
}

/// <summary>
/// The side stays that takes a lease, a lock kept outside of the cluster (see <c>Akka.Coordination</c>). The larger side
/// tries first. So it decides rightly where the sides of a split know too little of each other to decide alike.
/// </summary>
/// <param name="MinorityDelay">The smaller side tries so much later.</param>
/// <param name="ReleaseAfter">The lease is given back so long after those are removed who were downed with it: until
/// then the other side must not get it.</param>
internal sealed record LeaseMajority(TimeSpan MinorityDelay, TimeSpan ReleaseAfter, string? Role) : DowningStrategy
{
    /// <summary>With the lease.</summary>
    protected override SplitDecision Judge(SplitView view) => SplitDecision.DownUnreachable;

    /// <summary>The nodes to down when another side has the lease: this one, and who is connected to both.</summary>
    public ImmutableArray<UniqueAddress> DecideWithoutLease(SplitView view)
    {
        ImmutableArray<UniqueAddress> indirect = view.IndirectlyConnected();
        return Going(view, member => indirect.Contains(member.UniqueAddress) || !view.IsUnreachable(member));
    }

    /// <summary>How long this side lets the other try first.</summary>
    public TimeSpan DelayOf(SplitView view)
    {
        ImmutableArray<Member> members = view.Considered(Role);
        int unreachable = members.Count(view.IsUnreachable);
        int reachable = members.Length - unreachable;
        bool isMinority = members.IsEmpty
            || (reachable == unreachable ? view.IsUnreachable(members[0]) : reachable < unreachable);
        return isMinority ? MinorityDelay : TimeSpan.Zero;
    }
}
