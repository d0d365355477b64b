using System.Collections.Immutable;
using Akka.Cluster.Membership;
using FsCheck;
using FsCheck.Fluent;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>The laws that let gossip arrive in any order, twice, or by way of others.</summary>
public class GossipLawTests
{
    private const int NodeCount = 4;

    /// <summary>
    /// States that really come about: every node starts from the same one, changes it and merges at random.
    /// </summary>
    private static readonly Arbitrary<Gossip[]> Histories = Gen.ArrayOf(Gen.Choose(0, int.MaxValue))
        .Select(script => Play(script, removes: false)).ToArbitrary();

    private static readonly Arbitrary<Gossip[]> HistoriesWithRemoval = Gen.ArrayOf(Gen.Choose(0, int.MaxValue))
        .Select(script => Play(script, removes: true)).ToArbitrary();

    [Fact]
    public void Merging_is_commutative() => Prop.ForAll(HistoriesWithRemoval, states =>
        AllPairs(states, (a, b) => Same(a.Merge(b), b.Merge(a)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_is_associative_while_nobody_is_removed() => Prop.ForAll(Histories, states =>
        AllPairs(states, (a, b) => states.All(c => Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c))))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_with_itself_or_an_older_state_changes_nothing() => Prop.ForAll(HistoriesWithRemoval, states =>
        AllPairs(states, (a, b) =>
        {
            Gossip merged = a.Merge(b);
            return Same(a.Merge(a), a) && Same(merged.Merge(merged), merged);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_merge_is_not_before_what_it_was_made_of() => Prop.ForAll(Histories, states =>
        AllPairs(states, (a, b) => a.Merge(b).Version.CompareTo(a.Version) is ClockOrder.Same or ClockOrder.After))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Clocks_compare_the_other_way_round() => Prop.ForAll(HistoriesWithRemoval, states =>
        AllPairs(states, (a, b) => (a.Version.CompareTo(b.Version), b.Version.CompareTo(a.Version)) is
            (ClockOrder.Same, ClockOrder.Same) or (ClockOrder.Before, ClockOrder.After)
            or (ClockOrder.After, ClockOrder.Before) or (ClockOrder.Concurrent, ClockOrder.Concurrent)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_state_survives_the_wire() => Prop.ForAll(HistoriesWithRemoval, states => states.All(state =>
    {
        Gossip read = Serialization.GossipCodec.FromProto(Serialization.GossipCodec.ToProto(state));
        return Same(read, state) && read.Seen.SequenceEqual(state.Seen);
    })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_merge_of_two_sides_keeps_the_further_status_and_forgets_who_one_side_removed()
    {
        Gossip left = GossipOf(Up(1), In(2, MemberStatus.Leaving, 2), In(3, MemberStatus.Down, 3)).Changed(Node(1));
        Gossip right = GossipOf(Up(1), Up(2), In(4, MemberStatus.Joining)).Changed(Node(2));

        Gossip merged = left.Merge(right);

        Assert.Equal(
            [MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Joining],
            merged.Members.Select(member => member.Status));
        Assert.Empty(merged.Seen);
        Assert.Equal(0, merged.Version[Node(3).ClockName]);
    }

    private static bool AllPairs(Gossip[] states, Func<Gossip, Gossip, bool> law) =>
        states.All(a => states.All(b => law(a, b)));

    private static bool Same(Gossip a, Gossip b) =>
        a.Members.SequenceEqual(b.Members)
        && a.Members.Zip(b.Members).All(pair =>
            pair.First.Status == pair.Second.Status && pair.First.UpNumber == pair.Second.UpNumber)
        && a.Version.Equals(b.Version)
        && a.Reachability.Equals(b.Reachability);

    private static Gossip[] Play(int[] script, bool removes)
    {
        Gossip start = GossipOf([.. Enumerable.Range(1, NodeCount).Select(n => In(n, MemberStatus.Joining, n))]);
        Gossip[] states = [.. Enumerable.Repeat(start, NodeCount)];
        foreach (int number in script)
        {
            int actor = number % NodeCount;
            int other = number / 7 % NodeCount;
            if (!states[actor].Has(Node(actor + 1))) continue;
            states[actor] = (number / 31 % (removes ? 5 : 4)) switch
            {
                0 => Hear(states[actor], states[other]),
                1 => Advance(states[actor], actor + 1, other + 1, number / 257),
                2 => See(states[actor], actor + 1, other + 1, number / 257),
                3 => states[actor].MarkSeen(Node(actor + 1)),
                _ => RemoveDown(states[actor], actor + 1),
            };
        }

        return states;
    }

    private static Gossip Hear(Gossip mine, Gossip theirs) => mine.Version.CompareTo(theirs.Version) switch
    {
        ClockOrder.Same => mine.MergeSeen(theirs),
        ClockOrder.Before => theirs,
        ClockOrder.After => mine,
        _ => mine.Merge(theirs),
    };

    private static Gossip Advance(Gossip gossip, int by, int whom, int choice)
    {
        if (gossip.Find(Node(whom)) is not { } member) return gossip;
        MemberStatus[] next = [.. Enum.GetValues<MemberStatus>().Where(status =>
            status != MemberStatus.Removed && MemberTransitions.Allows(member.Status, status))];
        return next.Length == 0 ? gossip : gossip.With(member.Copy(next[choice % next.Length])).Changed(Node(by));
    }

    private static Gossip See(Gossip gossip, int observer, int subject, int choice)
    {
        if (!gossip.Has(Node(subject)) || observer == subject) return gossip;
        Reachability changed = (choice % 4) switch
        {
            0 => gossip.Reachability.Reachable(Node(observer), Node(subject)),
            1 => gossip.Reachability.Terminated(Node(observer), Node(subject)),
            _ => gossip.Reachability.Unreachable(Node(observer), Node(subject)),
        };
        return ReferenceEquals(changed, gossip.Reachability)
            ? gossip
            : (gossip with { Reachability = changed }).Changed(Node(observer));
    }

    private static Gossip RemoveDown(Gossip gossip, int by)
    {
        ImmutableArray<UniqueAddress> down = gossip.Members
            .Where(member => member.Status == MemberStatus.Down && !member.UniqueAddress.Equals(Node(by))).Nodes();
        return down.IsEmpty ? gossip : gossip.Remove(down).Changed(Node(by));
    }
}
