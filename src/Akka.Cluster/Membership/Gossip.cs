using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>
/// What the nodes tell one another: who is a member, who has seen this very state, who cannot reach whom, and a vector
/// clock that orders it all. Every value is immutable; a change is made by its owner and counted in the clock, two
/// states that do not know of each other are merged.
/// </summary>
/// <param name="Members">Sorted by <see cref="Member.Ordering"/>.</param>
/// <param name="Seen">Sorted; who is known to have seen exactly this version.</param>
internal sealed record Gossip(
    ImmutableArray<Member> Members,
    ImmutableArray<UniqueAddress> Seen,
    Reachability Reachability,
    VectorClock Version)
{
    public static readonly Gossip Empty = new([], [], Reachability.Empty, VectorClock.Empty);

    public Member? Find(UniqueAddress node)
    {
        int at = MemberList.Find(Members, node);
        return at >= 0 ? Members[at] : null;
    }

    /// <summary>The member at this address, whichever life of it.</summary>
    public Member? Find(Address address)
    {
        foreach (Member member in Members)
        {
            if (member.Address.Equals(address)) return member;
        }

        return null;
    }

    public bool Has(UniqueAddress node) => MemberList.Find(Members, node) >= 0;

    public bool SeenBy(UniqueAddress node) => Seen.Has(node);

    /// <summary>Marks the state as seen by a node. This is no change of the state: the clock stays.</summary>
    public Gossip MarkSeen(UniqueAddress node) => SeenBy(node) ? this : this with { Seen = Seen.With(node) };

    /// <summary>Adds a member or gives it its next status; count it with <see cref="Changed"/>.</summary>
    public Gossip With(Member member) => this with { Members = Members.With(member) };

    /// <summary>Counts a change made by <paramref name="by"/>: nobody but the maker has seen the result.</summary>
    public Gossip Changed(UniqueAddress by) => this with { Version = Version.Increment(by.ClockName), Seen = [by] };

    /// <summary>
    /// Removes members and all that reminds of them: marks, complaints by and about them, clock entries.
    /// </summary>
    public Gossip Remove(ImmutableArray<UniqueAddress> nodes)
    {
        if (nodes.IsEmpty) return this;
        VectorClock version = Version;
        foreach (UniqueAddress node in nodes) version = version.Prune(node.ClockName);
        return new Gossip(
            Members.RemoveAll(member => nodes.Has(member.UniqueAddress)),
            Seen.RemoveAll(node => nodes.Has(node)),
            Reachability.Remove(nodes),
            version);
    }

    /// <summary>What the living say: the opinion of members that are Down no longer counts.</summary>
    public Reachability ReachabilityOfTheLiving() =>
        Reachability.RemoveObservers(Members.Where(member => member.Status == MemberStatus.Down).Nodes());

    /// <summary>
    /// One state out of two that were changed at the same time. Whoever removed a Down or Exiting member has the last
    /// word: a member of those statuses that one side lacks is gone, and its clock entry with it. Nobody has seen the
    /// result.
    /// </summary>
    public Gossip Merge(Gossip other)
    {
        VectorClock version = PruneGone(other).Merge(other.PruneGone(this));
        ImmutableArray<Member> members = MergeMembers(Members, other.Members);
        return new Gossip(members, [], Reachability.Merge(members, other.Reachability), version);
    }

    /// <summary>Same version: only the marks differ.</summary>
    public Gossip MergeSeen(Gossip other)
    {
        ImmutableArray<UniqueAddress> seen = Seen.Union(other.Seen.RemoveAll(node => !Has(node)));
        return seen.Length == Seen.Length ? this : this with { Seen = seen };
    }

    public override string ToString() =>
        $"Gossip(members = [{string.Join(", ", Members)}], " +
        $"seen = [{string.Join(", ", Seen.Select(node => node.Address))}], " +
        $"reachability = [{Reachability}], version = {Version})";

    private VectorClock PruneGone(Gossip other)
    {
        VectorClock version = Version;
        foreach (Member member in Members)
        {
            if (IsGoing(member.Status) && !other.Has(member.UniqueAddress))
                version = version.Prune(member.UniqueAddress.ClockName);
        }

        return version;
    }

    private static ImmutableArray<Member> MergeMembers(ImmutableArray<Member> mine, ImmutableArray<Member> theirs)
    {
        var merged = ImmutableArray.CreateBuilder<Member>(Math.Max(mine.Length, theirs.Length));
        int i = 0, j = 0;
        while (i < mine.Length || j < theirs.Length)
        {
            int order = i >= mine.Length ? 1 : j >= theirs.Length ? -1 : mine[i].CompareTo(theirs[j]);
            if (order == 0)
            {
                merged.Add(Member.HighestPriority(mine[i++], theirs[j++]));
                continue;
            }

            Member alone = order < 0 ? mine[i++] : theirs[j++];
            if (!IsGoing(alone.Status)) merged.Add(alone);
        }

        return merged.ToImmutable();
    }

    private static bool IsGoing(MemberStatus status) => status is MemberStatus.Down or MemberStatus.Exiting;
}
