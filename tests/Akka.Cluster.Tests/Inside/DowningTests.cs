using System.Collections.Immutable;
using Akka.Cluster.Membership;
using Akka.Cluster.SBR;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Every strategy, judged from both sides of a split: what the two decide must fit together without a word between
/// them.
/// </summary>
public class DowningTests
{
    private static readonly DowningStrategy Majority = new KeepMajority(null);

    [Theory]
    [InlineData(new[] { 1, 2 }, new[] { 3, 4, 5 })]
    [InlineData(new[] { 1 }, new[] { 2, 3 })]
    [InlineData(new[] { 2, 3 }, new[] { 1, 4 })]
    [InlineData(new[] { 2 }, new[] { 1 })]
    public void Majority_keeps_the_larger_side_or_the_one_with_the_lowest_address(int[] loses, int[] stays)
    {
        Assert.Equal(loses, Decide(Majority, stays, loses));
        Assert.Equal(loses, Decide(Majority, loses, stays).Order());
    }

    [Fact]
    public void Majority_of_a_role_counts_only_that_role()
    {
        Member[] all = [Up(1), Up(2), Up(3), Up(4, "db"), Up(5, "db")];

        Assert.Equal([1, 2, 3], Decide(new KeepMajority("db"), all, [4, 5], [1, 2, 3]));
    }

    [Fact]
    public void A_majority_that_others_may_not_see_keeps_nobody()
    {
        // From here it is three against two, but one of ours leaves, and a newcomer there may be Up already.
        Member[] all = [Up(1), Up(2), In(3, MemberStatus.Leaving, 3), Up(4), Up(5), In(6, MemberStatus.Joining)];

        Assert.Equal([1, 2, 3, 4, 5, 6], Decide(Majority, all, [1, 2, 3], [4, 5, 6]).Order());
    }

    [Fact]
    public void Who_was_downed_here_may_not_have_heard_of_it()
    {
        // It downed 2 and 4 as if 3 were with it, and finds out only now that it is alone. Of two it would be the first.
        Member[] all = [Up(1), In(2, MemberStatus.Down, 2), Up(3), In(4, MemberStatus.Down, 4)];

        Assert.Equal([1, 3], Decide(Majority, all, [1], [2, 3, 4]).Order());
    }

    [Theory]
    [InlineData(3, new[] { 1, 2 }, new[] { 3, 4, 5 }, new[] { 1, 2 })]
    [InlineData(3, new[] { 3, 4, 5 }, new[] { 1, 2 }, new[] { 1, 2 })]
    [InlineData(2, new[] { 3, 4, 5 }, new[] { 1, 2 }, new[] { 1, 2, 3, 4, 5 })]
    public void A_quorum_stays_unless_there_could_be_two(int quorum, int[] here, int[] there, int[] down) =>
        Assert.Equal(down, Decide(new StaticQuorum(quorum, null), here, there).Order());

    [Theory]
    [InlineData(true, new[] { 1, 2 }, new[] { 3, 4, 5 }, new[] { 3, 4, 5 })]
    [InlineData(true, new[] { 1 }, new[] { 2, 3 }, new[] { 1 })]
    [InlineData(false, new[] { 1 }, new[] { 2, 3 }, new[] { 2, 3 })]
    [InlineData(true, new[] { 1 }, new[] { 2 }, new[] { 2 })]
    public void The_side_of_the_oldest_stays_unless_it_is_alone(bool ifAlone, int[] oldest, int[] others, int[] down)
    {
        Assert.Equal(down, Decide(new KeepOldest(ifAlone, null), oldest, others).Order());
        Assert.Equal(down, Decide(new KeepOldest(ifAlone, null), others, oldest).Order());
    }

    [Fact]
    public void An_oldest_that_leaves_could_be_gone_for_the_others_already()
    {
        Member[] all = [In(1, MemberStatus.Leaving, 1), Up(2), Up(3), Up(4)];

        Assert.Equal([1, 2, 3, 4], Decide(new KeepOldest(true, null), all, [1, 3], [2, 4]).Order());
    }

    [Fact]
    public void Down_all_downs_all_and_itself_last() =>
        Assert.Equal([2, 3, 1], Decide(new DownAllNodes(), [1, 2], [3]));

    [Fact]
    public void Two_that_cannot_see_each_other_but_are_seen_by_the_rest_go_both()
    {
        Gossip gossip = GossipOf(Up(1), Up(2), Up(3), Up(4), Up(5)).Unreachable(1, 5).Unreachable(5, 1);

        Assert.Equal([1, 5], Majority.Decide(new SplitView(gossip, Node(2))).Numbers());
    }

    [Fact]
    public void Indirectly_connected_nodes_go_together_with_the_losing_side()
    {
        Gossip gossip =
            GossipOf(Up(1), Up(2), Up(3), Up(4), Up(5), Up(6), Up(7)) with { Seen = [Node(1), Node(2), Node(3)] };
        gossip = gossip.Unreachable(1, 2).Unreachable(2, 1);
        for (int observer = 1; observer <= 5; observer++)
            gossip = gossip.Unreachable(observer, 6).Unreachable(observer, 7);

        Assert.Equal([1, 2, 6, 7], Majority.Decide(new SplitView(gossip, Node(3))).Numbers());
    }

    [Fact]
    public void A_node_that_has_seen_what_is_going_on_is_not_really_gone()
    {
        Gossip gossip = GossipOf(Up(1), Up(2), Up(3), Up(4)).Unreachable(1, 3);

        Assert.Equal([1, 3], Majority.Decide(new SplitView(gossip, Node(2))).Numbers());
    }

    [Fact]
    public void Newcomers_do_not_count_but_go_with_their_side()
    {
        Member[] all =
        [
            Up(1), Up(2), Up(3), Up(4),
            In(5, MemberStatus.Joining), In(6, MemberStatus.WeaklyUp), In(7, MemberStatus.Joining),
        ];

        Assert.Equal([4, 5, 6], Decide(Majority, all, [1, 2, 3, 7], [4, 5, 6]));
    }

    [Fact]
    public void Nothing_is_decided_before_it_is_still_or_by_another_than_the_leader()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), Up(3));
        Gossip split = calm.Unreachable(1, 3) with { Seen = [Node(1), Node(2)] };
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, split, Node(1), TimeSpan.FromSeconds(100));

        Assert.Empty(state.Tick(rules, split, Node(1), TimeSpan.FromSeconds(119)));
        Assert.Equal([3], state.Tick(rules, split, Node(1), TimeSpan.FromSeconds(120)).Numbers());
        Assert.Empty(state.Tick(rules, split, Node(2), TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public void The_removal_of_one_does_not_put_off_the_decision_about_another()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), In(3, MemberStatus.Down, 3), Up(4)).Unreachable(1, 3);
        Gossip split = calm.Unreachable(1, 4) with { Seen = [Node(1), Node(2)] };
        Gossip removed = split.Remove([Node(3)]);
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, split, Node(1), TimeSpan.FromSeconds(100))
            .Observe(rules, split, removed, Node(1), TimeSpan.FromSeconds(110));

        Assert.Equal([4], state.Tick(rules, removed, Node(1), TimeSpan.FromSeconds(120)).Numbers());
    }

    [Fact]
    public void A_newcomer_that_has_lost_all_its_hosts_downs_itself_and_nobody_else()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), In(3, MemberStatus.Joining), In(4, MemberStatus.Joining));
        Gossip alone = calm.Unreachable(4, 1).Unreachable(4, 2).Unreachable(4, 3);
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, alone, Node(4), TimeSpan.FromSeconds(100));

        Assert.Empty(state.Tick(rules, alone, Node(4), TimeSpan.FromSeconds(119)));
        Assert.Equal([4], state.Tick(rules, alone, Node(4), TimeSpan.FromSeconds(120)).Numbers());
    }

    [Fact]
    public void A_newcomer_downs_itself_when_all_hosts_are_down_and_the_last_other_newcomer_is_silent()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(In(1, MemberStatus.Down, 1), In(3, MemberStatus.Joining), In(4, MemberStatus.WeaklyUp));
        Gossip alone = calm.Unreachable(3, 4);
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, alone, Node(3), TimeSpan.FromSeconds(100));

        Assert.Empty(state.Tick(rules, alone, Node(3), TimeSpan.FromSeconds(119)));
        Assert.Equal([3], state.Tick(rules, alone, Node(3), TimeSpan.FromSeconds(120)).Numbers());
    }

    [Fact]
    public void A_newcomer_judges_by_what_it_cannot_reach_itself_and_only_where_somebody_was_up()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), In(3, MemberStatus.Joining));
        Gossip begins = GossipOf(In(1, MemberStatus.Joining), In(3, MemberStatus.Joining));

        foreach ((Gossip before, Gossip after) in new[]
        {
            (calm, calm.Unreachable(1, 2).Unreachable(2, 1)),
            (calm, calm.Unreachable(3, 1)),
            (begins, begins.Unreachable(3, 1)),
        })
        {
            SplitBrainState state = SplitBrainState.Calm.Observe(rules, before, after, Node(3), TimeSpan.FromSeconds(100));
            Assert.Empty(state.Tick(rules, after, Node(3), TimeSpan.FromSeconds(130)));
        }
    }

    [Fact]
    public void Who_was_paused_itself_decides_nothing_on_what_it_saw_before()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), Up(3));
        Gossip split = calm.Unreachable(1, 3) with { Seen = [Node(1), Node(2)] };
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, split, Node(1), TimeSpan.FromSeconds(100));
        TimeSpan pause = TimeSpan.FromSeconds(60), woken = TimeSpan.FromSeconds(161);

        Assert.NotEmpty(state.Tick(rules, split, Node(1), woken));
        state = state.AfterPause(rules, pause, woken);

        Assert.Empty(state.Tick(rules, split, Node(1), TimeSpan.FromSeconds(180)));
        Assert.Equal([3], state.Tick(rules, split, Node(1), TimeSpan.FromSeconds(181)).Numbers());
    }

    [Fact]
    public void When_it_never_gets_still_everybody_goes()
    {
        var rules = new SplitBrainRules(Majority, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));
        Gossip calm = GossipOf(Up(1), Up(2), Up(3), Up(4));
        Gossip split = calm.Unreachable(1, 4) with { Seen = [] };
        SplitBrainState state = SplitBrainState.Calm;
        double now = 100;
        for (; now < 136; now += 5)
        {
            state = state.Observe(rules, calm, split, Node(2), TimeSpan.FromSeconds(now));
            Assert.Empty(state.Tick(rules, split, Node(2), TimeSpan.FromSeconds(now)));
            Gossip flap = split.Unreachable(1, 3);
            state = state.Observe(rules, split, flap, Node(2), TimeSpan.FromSeconds(now + 1));
            state = state.Observe(rules, flap, split, Node(2), TimeSpan.FromSeconds(now + 2));
        }

        Assert.Equal([1, 3, 4, 2], state.Tick(rules, split, Node(2), TimeSpan.FromSeconds(136)).Numbers());
    }

    /// <summary>No two sides of any split of up to six members may both stay.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void Never_do_both_sides_stay(string name)
    {
        DowningStrategy strategy = StrategyByName[name];
        for (int count = 2; count <= 6; count++)
        {
            int[] all = [.. Enumerable.Range(1, count)];
            for (int mask = 1; mask < (1 << count) - 1; mask++)
            {
                int[] here = [.. all.Where(n => (mask & (1 << (n - 1))) != 0)];
                int[] there = [.. all.Except(here)];
                bool hereStays = here.Except(Decide(strategy, here, there)).Any();
                bool thereStays = there.Except(Decide(strategy, there, here)).Any();
                string sides = $"[{string.Join(" ", here)}] | [{string.Join(" ", there)}]";
                Assert.False(hereStays && thereStays, sides);
            }
        }
    }

    public static TheoryData<string> Strategies => [.. StrategyByName.Keys];

    private static readonly SortedDictionary<string, DowningStrategy> StrategyByName = new(StringComparer.Ordinal)
    {
        ["keep-majority"] = new KeepMajority(null),
        ["static-quorum"] = new StaticQuorum(4, null),
        ["keep-oldest"] = new KeepOldest(true, null),
        ["keep-oldest even if alone"] = new KeepOldest(false, null),
        ["down-all"] = new DownAllNodes(),
    };

    private static int[] Decide(DowningStrategy strategy, int[] here, int[] there) =>
        Decide(strategy, [.. here.Concat(there).Select(number => Up(number))], here, there);

    private static int[] Decide(DowningStrategy strategy, Member[] all, int[] here, int[] there)
    {
        Gossip gossip = GossipOf(all) with { Seen = [.. here.Order().Select(number => Node(number))] };
        foreach (int observer in here)
        {
            foreach (int subject in there) gossip = gossip.Unreachable(observer, subject);
        }

        return strategy.Decide(new SplitView(gossip, Node(here[0]))).Numbers();
    }

    /// <summary>Members 3 and 4 are behind a partition that is about to heal: node 1 hears 3 already, node 2 hears neither
    /// yet.</summary>
    [Fact]
    public void Who_hears_a_member_again_waits_for_stillness_anew()
    {
        SplitBrainRules rules = new(Majority, TimeSpan.FromSeconds(5), null);
        Gossip calm = GossipOf(Up(1), Up(2), Up(3), Up(4));
        Gossip split = calm.Unreachable(1, 3).Unreachable(1, 4).Unreachable(2, 3).Unreachable(2, 4);
        Gossip healing = split with { Reachability = split.Reachability.Reachable(Node(1), Node(3)) };
        SplitBrainState state = SplitBrainState.Calm.Observe(rules, calm, split, Node(1), TimeSpan.FromSeconds(100));

        SplitBrainState own = state.Observe(rules, split, healing, Node(1), TimeSpan.FromSeconds(104));
        Assert.Equal(TimeSpan.FromSeconds(109), own.StableAt);
        SplitBrainState others = state.Observe(rules, split, healing, Node(2), TimeSpan.FromSeconds(104));
        Assert.Equal(TimeSpan.FromSeconds(105), others.StableAt);
    }
}
