using System.Collections.Immutable;
using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>The single rules, as tables.</summary>
public class RuleTests
{
    private static readonly ClusterNodeSettings Settings = new();

    [Fact]
    public void Nodes_sort_by_host_then_port_as_a_number_then_uid()
    {
        UniqueAddress[] sorted =
        [
            new(new("akka.tcp", "S", "10.0.0.1", 9), 1),
            new(new("akka.tcp", "S", "10.0.0.1", 10), 1),
            new(new("akka.tcp", "S", "10.0.0.1", 10), 2),
            new(new("akka.tcp", "S", "9.0.0.1", 1), 1),
            new(new("akka.tcp", "S", "b", 1), 1),
        ];

        Assert.Equal(sorted, sorted.Reverse().Order());
    }

    [Theory]
    [InlineData(MemberStatus.Joining, "Up Leaving Down Removed WeaklyUp")]
    [InlineData(MemberStatus.WeaklyUp, "Up Leaving Down Removed")]
    [InlineData(MemberStatus.Up, "Leaving Down Removed")]
    [InlineData(MemberStatus.Leaving, "Exiting Down Removed")]
    [InlineData(MemberStatus.Exiting, "Down Removed")]
    [InlineData(MemberStatus.Down, "Removed")]
    [InlineData(MemberStatus.Removed, "")]
    public void A_member_takes_only_the_allowed_steps(MemberStatus from, string allowed)
    {
        IEnumerable<MemberStatus> found = Enum.GetValues<MemberStatus>()
            .Where(to => MemberTransitions.Allows(from, to));

        Assert.Equal(allowed, string.Join(" ", found));
    }

    [Fact]
    public void A_forbidden_step_names_both_statuses()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Up(1).Copy(MemberStatus.Exiting));

        Assert.Contains("Up", refusal.Message);
        Assert.Contains("Exiting", refusal.Message);
    }

    [Fact]
    public void The_leader_is_the_first_that_is_up_and_reachable()
    {
        Gossip gossip = GossipOf(In(1, MemberStatus.Joining), In(2, MemberStatus.Down, 2), Up(3), Up(4));

        Assert.Equal([3], new[] { LeaderRules.Leader(gossip, Node(4))! }.Numbers());
        Assert.Equal([4], new[] { LeaderRules.Leader(gossip.Unreachable(4, 3), Node(4))! }.Numbers());
        Assert.Equal([3], new[] { LeaderRules.Leader(gossip.Unreachable(4, 3), Node(3))! }.Numbers());
    }

    [Fact]
    public void Without_anybody_up_the_next_best_status_leads() =>
        Assert.Equal([2], new[]
        {
            LeaderRules.Leader(GossipOf(In(1, MemberStatus.Joining), In(2, MemberStatus.WeaklyUp)), Node(1))!,
        }.Numbers());

    [Fact]
    public void A_role_leader_has_the_role()
    {
        Gossip gossip = GossipOf(Up(1), Up(2, "db"), Up(3, "db"));

        Assert.Equal([2], new[] { LeaderRules.Leader(gossip, Node(3), "db")! }.Numbers());
        Assert.Null(LeaderRules.Leader(gossip, Node(3), "web"));
    }

    [Fact]
    public void All_agree_when_those_up_or_leaving_have_seen()
    {
        Gossip gossip =
            GossipOf(Up(1), In(2, MemberStatus.Leaving, 2), In(3, MemberStatus.Joining), In(4, MemberStatus.Down));

        Assert.True(LeaderRules.Converged(gossip with { Seen = [Node(1), Node(2)] }, Node(1), []));
        Assert.False(LeaderRules.Converged(gossip with { Seen = [Node(1)] }, Node(1), []));
        Assert.True(LeaderRules.Converged(gossip with { Seen = [Node(1)] }, Node(1), [Node(2)]));
    }

    [Fact]
    public void They_do_not_agree_while_somebody_is_unreachable_unless_it_is_down_or_exiting()
    {
        Gossip gossip = GossipOf(Up(1), Up(2), In(3, MemberStatus.Down, 3), In(4, MemberStatus.Exiting, 4));

        Assert.False(LeaderRules.Converged(gossip.Unreachable(1, 2), Node(1), []));
        Assert.True(LeaderRules.Converged(gossip.Unreachable(1, 3).Unreachable(1, 4), Node(1), []));
        Assert.True(LeaderRules.Converged(gossip.Unreachable(3, 2), Node(1), []), "a Down member's opinion");
        Assert.True(LeaderRules.Converged(gossip.Unreachable(2, 1), Node(1), []), "an opinion about oneself");
    }

    [Fact]
    public void The_leader_admits_and_sends_off_first_and_removes_in_the_next_agreement()
    {
        Gossip gossip = GossipOf(
            Up(1), In(2, MemberStatus.Leaving, 2), In(3, MemberStatus.Down, 3), In(4, MemberStatus.Exiting, 4),
            In(5, MemberStatus.Joining), In(6, MemberStatus.WeaklyUp)).Unreachable(1, 3);

        LeaderStep first = LeaderRules.OnConvergence(gossip, Node(1), [Node(4)], Settings);
        Assert.Empty(first.Removed);
        Assert.Equal(
            [
                MemberStatus.Up, MemberStatus.Exiting, MemberStatus.Down, MemberStatus.Exiting, MemberStatus.Up,
                MemberStatus.Up,
            ],
            first.Gossip.Members.Select(member => member.Status));
        Assert.Equal([5, 6], first.Gossip.Members.Skip(4).Select(member => member.UpNumber));

        LeaderStep second = LeaderRules.OnConvergence(first.Gossip, Node(1), [Node(4)], Settings);
        Assert.Equal([3, 4], second.Removed.Numbers());
        Assert.Equal([1, 2, 5, 6], second.Gossip.Members.Numbers());
        Assert.True(second.Gossip.Reachability.IsAllReachable);
    }

    [Fact]
    public void A_down_member_that_can_be_reached_is_not_removed_yet() =>
        Assert.True(LeaderRules
            .OnConvergence(GossipOf(Up(1), In(2, MemberStatus.Down, 2)), Node(1), [], Settings).IsIdle);

    [Fact]
    public void Newcomers_wait_for_enough_members_of_each_role()
    {
        ClusterNodeSettings settings = Settings with
        {
            MinNrOfMembersOfRole = Settings.MinNrOfMembersOfRole.Add("db", 2),
        };
        Gossip one = GossipOf(In(1, MemberStatus.Joining), In(2, MemberStatus.Joining, Member.NeverUp, 1, "db"));

        Assert.True(LeaderRules.OnConvergence(one, Node(1), [], settings).IsIdle);
        Gossip two = one.With(In(3, MemberStatus.Joining, Member.NeverUp, 1, "db"));
        Assert.Equal(3, LeaderRules.OnConvergence(two, Node(1), [], settings).Changed.Length);
    }

    [Theory]
    [InlineData("akka.tcp", "Tales", 9, 1, JoinAnswer.Welcome)]
    [InlineData("akka.tcp", "Tales", 2, 1, JoinAnswer.WelcomeAgain)]
    [InlineData("akka.tcp", "Tales", 2, 7, JoinAnswer.ReplaceOld)]
    [InlineData("akka.ssl.tcp", "Tales", 9, 1, JoinAnswer.Ignore)]
    [InlineData("akka.tcp", "Other", 9, 1, JoinAnswer.Ignore)]
    internal void A_join_is_judged_by_address_and_life(
        string protocol, string system, int number, int life, JoinAnswer expected)
    {
        var newcomer = new UniqueAddress(
            new(protocol, system, "127.0.0.1", 8000 + number), Node(number, life).Uid);

        Assert.Equal(expected, JoinRules.Judge(GossipOf(Up(1), Up(2)), Node(1), newcomer));
    }

    [Fact]
    public void Who_is_down_lets_nobody_in() => Assert.Equal(
        JoinAnswer.Ignore, JoinRules.Judge(GossipOf(In(1, MemberStatus.Down, 1), Up(2)), Node(1), Node(9)));

    [Theory]
    [InlineData(new int[0], JoinPlan.Wait)]
    [InlineData(new[] { 1 }, JoinPlan.JoinSelf)]
    [InlineData(new[] { 1, 2 }, JoinPlan.AskThenLead)]
    [InlineData(new[] { 2, 1 }, JoinPlan.Ask)]
    [InlineData(new[] { 2, 3 }, JoinPlan.Ask)]
    internal void Only_the_first_seed_may_found_a_cluster(int[] seeds, JoinPlan expected) =>
        Assert.Equal(expected, JoinRules.Plan([.. seeds.Select(AddressOf)], AddressOf(1)));

    [Fact]
    public void The_ring_watches_the_next_few_and_does_not_count_the_unreachable()
    {
        UniqueAddress[] ring = [.. Enumerable.Range(1, 20).Select(n => Node(n))];

        Assert.Equal([19, 20, 1], HeartbeatRing.Receivers(ring, Node(18), 3, _ => false).Numbers().Order().Skip(1)
            .Concat([1]));
        Assert.Equal(4, HeartbeatRing.Receivers(ring, Node(18), 3, node => node.Equals(Node(19))).Length);
        Assert.Equal(4, HeartbeatRing.Receivers(ring[..5], Node(1), 4, _ => false).Length);
    }

    [Fact]
    public void Everybody_is_watched_by_as_many_as_it_watches()
    {
        UniqueAddress[] ring = [.. Enumerable.Range(1, 15).Select(n => Node(n))];

        IEnumerable<UniqueAddress> watched = ring
            .SelectMany(node => HeartbeatRing.Receivers(ring, node, 9, _ => false));

        Assert.All(watched.GroupBy(node => node), group => Assert.Equal(9, group.Count()));
    }

    [Theory]
    [InlineData(400, 0.8)]
    [InlineData(800, 0.44)]
    [InlineData(1200, 0.08)]
    [InlineData(5000, 0.08)]
    public void Large_clusters_prefer_the_unseen_less(int members, double expected) =>
        Assert.Equal(expected, GossipTargets.DifferentViewProbability(members, Settings), 6);

    [Fact]
    public void Gossip_goes_to_the_unseen_first_and_never_to_who_is_unreachable_for_the_sender()
    {
        Gossip all = GossipOf(Up(1), Up(2), Up(3), Up(4)).Unreachable(1, 4).Unreachable(2, 3);
        Gossip gossip = all with { Seen = [Node(1), Node(2)] };
        var chance = new Chance(1);
        var counts = new SortedDictionary<int, int>();
        for (int i = 0; i < 1000; i++)
        {
            (UniqueAddress? peer, chance) = GossipTargets.Select(gossip, Node(1), Settings, chance);
            int number = new[] { peer! }.Numbers()[0];
            counts[number] = counts.GetValueOrDefault(number) + 1;
        }

        Assert.Equal([2, 3], counts.Keys);
        Assert.InRange(counts[3], 850, 950);
    }

    [Fact]
    public void A_row_keeps_its_version_when_nobody_is_complained_of_any_more()
    {
        Reachability healed = Reachability.Empty.Unreachable(Node(1), Node(2)).Reachable(Node(1), Node(2));

        Reachability.Row row = Assert.Single(healed.Rows);
        Assert.Empty(row.Records);
        Assert.Equal(2, row.Version);
    }

    [Fact]
    public void What_is_terminated_stays_so()
    {
        Reachability terminated = Reachability.Empty.Terminated(Node(1), Node(2));

        Assert.Same(terminated, terminated.Reachable(Node(1), Node(2)));
        Assert.Same(terminated, terminated.Unreachable(Node(1), Node(2)));
    }
}
