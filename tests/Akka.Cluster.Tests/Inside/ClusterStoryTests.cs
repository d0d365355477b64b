using Akka.Cluster.Membership;
using Akka.Cluster.SBR;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Stories of whole clusters, as pure functions in virtual time.</summary>
public class ClusterStoryTests
{
    private static readonly ClusterNodeSettings Settings = new()
    {
        Downing = new SplitBrainRules(new KeepMajority(null), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15)),
    };

    /// <summary>The pace of Akka.NET: nothing happens between the ticks.</summary>
    private static readonly ClusterNodeSettings Plain =
        Settings with { ActOnConvergence = false, GossipOnChangeFanout = 0 };

    [Fact]
    public void The_first_seed_founds_a_cluster_and_the_second_joins_it()
    {
        World world = new World(Settings).StartAll(1, 2);

        TimeSpan took = world.Until(() => world.AllUp(1, 2));

        Assert.True(took < TimeSpan.FromSeconds(1), $"took {took}");
        Assert.Equal([1, 2], world[1].Gossip.Members.Select(member => member.UpNumber));
    }

    [Fact]
    public void A_newcomer_is_up_everywhere_within_a_few_round_trips()
    {
        World world = new World(Settings).StartAll(1, 2, 3, 4);
        world.Until(() => world.AllUp(1, 2, 3, 4));
        world.Run(5);

        world.Start(5).Tell(5, new JoinTo(AddressOf(3)));

        Assert.True(world.Until(() => world.AllUp(1, 2, 3, 4, 5)) < TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public void At_the_plain_pace_the_same_happens_only_later()
    {
        World world = new World(Plain).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));
        world.Start(4).Tell(4, new JoinTo(AddressOf(2)));

        world.Until(() => world.AllUp(1, 2, 3, 4), 20);
    }

    [Fact]
    public void A_member_that_only_a_lost_leader_knew_of_is_found_by_the_others()
    {
        World world = new World(Plain with { Downing = Plain.Downing! with { DownAllWhenUnstable = null } });
        world.Start(1).Tell(1, new JoinSeedNodes([AddressOf(1)]));
        world.Until(() => world.AllUp(1));
        world.Start(2).Tell(2, new JoinTo(AddressOf(1)));
        world.Until(() => world.IsInside(2));

        // The leader admits two newcomers at once and can tell only one of them; the other never hears that there is a third.
        world.CutBoth(1, 2);
        world.Start(3).Tell(3, new JoinTo(AddressOf(1)));
        world.Until(() => world[3].Gossip.Members is { Length: 3 } all && all.All(m => m.Status == MemberStatus.Up), 2.9);
        world.Kill(1);
        world.Heal();
        world.Start(1, life: 2).Tell(1, new JoinTo(AddressOf(2)));

        world.Until(() => world.AllUp(1, 2, 3));
        Assert.Equal(world[1].Gossip.Members, world[3].Gossip.Members);
    }

    [Fact]
    public void A_newcomer_whose_host_starts_a_new_life_does_not_wait_for_the_old_one()
    {
        World world = new World(Settings with { WeaklyUpAfter = null });
        world.Start(1).Tell(1, new JoinSeedNodes([AddressOf(1)]));
        world.Until(() => world.AllUp(1));
        world.Start(2).Tell(2, new JoinTo(AddressOf(1)));
        world.Until(() => world.IsInside(2));
        world.CutBoth(1, 2);
        world.Kill(1);
        world.Heal();
        world.Start(1, life: 2).Tell(1, new JoinSeedNodes([AddressOf(1)]));

        TimeSpan took = world.Until(() => world[2].Phase == NodePhase.Stopped);

        Assert.True(took > Settings.Downing!.StableAfter, $"took {took}");
        Assert.True(world.AllUp(1));
    }

    [Fact]
    public void A_cluster_at_rest_sends_little()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));
        world.Run(5);
        world.Sent.Clear();

        world.Run(10);

        Assert.All(world.Sent, letter => Assert.IsType<GossipStatus>(letter.Message));
        Assert.InRange(world.Sent.Count, 27, 33);
    }

    [Fact]
    public void A_newcomer_hears_at_once_that_it_is_up()
    {
        // Processes answer later than this world's, when the least time between two bursts is over.
        World world = new World(Settings with { GossipOnChangeInterval = TimeSpan.Zero });
        world.Start(1).Tell(1, new JoinSeedNodes([AddressOf(1)]));
        world.Until(() => world.AllUp(1));
        world.Start(2).Tell(2, new JoinSeedNodes([AddressOf(1)]));
        world.Until(() => world[1].Gossip.Find(Node(2)) is { Status: MemberStatus.Up });

        TimeSpan took = world.Until(() => world.AllUp(1, 2));
        Assert.InRange(took.TotalMilliseconds, 0, 5);
    }

    [Fact]
    public void The_newcomer_with_the_lowest_address_takes_over_the_lead()
    {
        World world = new World(Settings);
        world.Start(2).Tell(2, new JoinSeedNodes([AddressOf(2)]));
        world.Start(3).Tell(3, new JoinSeedNodes([AddressOf(2)]));
        world.Until(() => world.AllUp(2, 3));

        world.Start(1).Tell(1, new JoinSeedNodes([AddressOf(2)]));
        world.Until(() => world.AllUp(1, 2, 3));
        world.Start(4).Tell(4, new JoinTo(AddressOf(3)));

        world.Until(() => world.AllUp(1, 2, 3, 4));
        Assert.Equal(AddressOf(1), LeaderRules.Leader(world[3].Gossip, Node(3))!.Address);
        Assert.Contains(world.Events[4], e => e is ClusterEvent.LeaderChanged { Leader: { Port: 8001 } });
    }

    [Fact]
    public void Who_leaves_goes_through_leaving_and_exiting_and_is_removed_soon()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.Tell(1, new Leave(AddressOf(3)));
        TimeSpan took = world.Until(() => world.AllUp(1, 2) && world[3].Phase == NodePhase.Stopped);

        Assert.True(took < TimeSpan.FromSeconds(1), $"took {took}");
        string[] seen =
        [
            .. world.Events[2].OfType<ClusterEvent.IMemberEvent>()
                .Where(e => e.Member.Address.Port == 8003)
                .Select(e => e.GetType().Name),
        ];
        Assert.Equal(["MemberLeft", "MemberExited", "MemberRemoved"], seen[^3..]);
        Assert.Equal(MemberStatus.Exiting,
            world.Events[2].OfType<ClusterEvent.MemberRemoved>().Single().PreviousStatus);
    }

    [Fact]
    public void The_leader_itself_can_leave()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.Tell(1, new Leave(AddressOf(1)));

        world.Until(() => world.AllUp(2, 3) && world[1].Phase == NodePhase.Stopped);
    }

    [Fact]
    public void Who_leaves_before_it_was_welcomed_is_Down_at_once_and_removed_when_it_is_silent()
    {
        World world = new World(Settings).StartAll(1, 2);
        world.Until(() => world.AllUp(1, 2));
        world.Start(3).Tell(3, new JoinTo(AddressOf(2)));
        world.Until(() => world[2].Gossip.Has(Node(3)));
        Assert.Equal(NodePhase.Joining, world[3].Phase);

        world.Tell(3, new Leave(AddressOf(3)));
        world.Until(() => world[1].Gossip.Find(Node(3)) is { Status: MemberStatus.Down }, 1);
        world.Until(() => world[3].Phase == NodePhase.Stopped, 1);
        world.Kill(3);
        TimeSpan took = world.Until(() => world.AllUp(1, 2));

        Assert.InRange(took.TotalSeconds, 2, 5); // the world's failure detector takes 3 s
    }

    [Fact]
    public void Who_leaves_before_anybody_has_answered_asks_no_more()
    {
        World world = new World(Settings).Start(3);
        world.Tell(3, new JoinSeedNodes([AddressOf(1)]));
        world.Tell(3, new Leave(AddressOf(3)));
        int sent = world.Sent.Count;
        world.Run(60);

        Assert.Equal((NodePhase.Stopped, sent), (world[3].Phase, world.Sent.Count));
    }

    [Fact]
    public void A_killed_node_is_downed_after_the_stable_time_and_removed()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.Kill(3);
        world.Until(() => world.Events[1].OfType<ClusterEvent.UnreachableMember>().Any(), 5);
        TimeSpan took = world.Until(() => world.AllUp(1, 2));

        Assert.InRange(took.TotalSeconds, 19, 22);
        Assert.Equal(MemberStatus.Down, world.Events[2].OfType<ClusterEvent.MemberRemoved>().Single().PreviousStatus);
    }

    [Fact]
    public void Of_a_split_cluster_the_larger_side_stays_and_the_smaller_stops()
    {
        World world = new World(Settings).StartAll(1, 2, 3, 4, 5);
        world.Until(() => world.AllUp(1, 2, 3, 4, 5));

        foreach (int left in new[] { 1, 2 })
        {
            foreach (int right in new[] { 3, 4, 5 }) world.CutBoth(left, right);
        }

        world.Until(() => world.AllUp(3, 4, 5), 40);
        world.Until(() => world[1].Phase == NodePhase.Stopped && world[2].Phase == NodePhase.Stopped, 10);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(4, 5)]
    public void The_smaller_side_stops_as_soon_as_it_has_decided(int first, int second)
    {
        World world = new World(Settings).StartAll(1, 2, 3, 4, 5);
        world.Until(() => world.AllUp(1, 2, 3, 4, 5));
        int[] smaller = [first, second];

        foreach (int left in smaller)
        {
            foreach (int right in new[] { 1, 2, 3, 4, 5 }.Except(smaller)) world.CutBoth(left, right);
        }

        world.Until(() => smaller.Any(n => world[n].SelfMember?.Status == MemberStatus.Down), 40);
        TimeSpan took = world.Until(() => smaller.All(n => world[n].Phase == NodePhase.Stopped), 10);

        Assert.True(took <= TimeSpan.FromSeconds(0.5), $"took {took}");
    }

    [Fact]
    public void A_split_that_heals_in_time_leaves_no_trace()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.CutBoth(1, 3);
        world.CutBoth(2, 3);
        world.Run(10);
        Assert.NotEmpty(world.Events[1].OfType<ClusterEvent.UnreachableMember>());
        world.Heal();

        world.Until(() => world.AllUp(1, 2, 3)
            && new[] { 1, 2, 3 }.All(n => world[n].Gossip.Reachability.IsAllReachable), 5);
        Assert.NotEmpty(world.Events[3].OfType<ClusterEvent.ReachableMember>());
    }

    [Fact]
    public void Two_nodes_that_lose_sight_of_each_other_only_do_not_split_the_rest()
    {
        World world = new World(Settings).StartAll(1, 2, 3, 4, 5);
        world.Until(() => world.AllUp(1, 2, 3, 4, 5));

        world.CutBoth(1, 5);

        world.Until(() => world.AllUp(2, 3, 4), 60);
        world.Until(() => world[1].Phase == NodePhase.Stopped && world[5].Phase == NodePhase.Stopped, 20);
    }

    [Fact]
    public void A_restarted_node_replaces_its_former_life()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.Kill(3);
        world.Start(3, life: 2).Tell(3, new JoinSeedNodes([AddressOf(1), AddressOf(2)]));

        TimeSpan took = world.Until(() => world.AllUp(1, 2, 3) && world[1].Gossip.Has(Node(3, 2)));
        Assert.True(took < TimeSpan.FromSeconds(5), $"took {took}");
    }

    [Fact]
    public void A_downed_node_hears_of_it_and_stops()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));

        world.Tell(1, new Down(AddressOf(2)));

        world.Until(() => world[2].Phase == NodePhase.Stopped, 10);
        world.Until(() => world.AllUp(1, 3), 20);
    }

    [Fact]
    public void Nobody_is_up_before_enough_are_there()
    {
        World world = new World(Settings with { MinNrOfMembers = 3 }).StartAll(1, 2);
        world.Run(20);
        Assert.All(world[1].Gossip.Members, member => Assert.Equal(MemberStatus.Joining, member.Status));

        world.Start(3).Tell(3, new JoinTo(AddressOf(1)));

        world.Until(() => world.AllUp(1, 2, 3));
    }

    [Fact]
    public void A_newcomer_is_weakly_up_while_somebody_cannot_be_reached()
    {
        World world = new World(Settings with { Downing = null }).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));
        world.Kill(3);
        world.Until(() => world.Events[1].OfType<ClusterEvent.UnreachableMember>().Any(), 5);

        world.Start(4).Tell(4, new JoinTo(AddressOf(1)));

        world.Until(() => world[2].Gossip.Find(Node(4))?.Status == MemberStatus.WeaklyUp, 20);
        world.Tell(1, new Down(AddressOf(3)));
        world.Until(() => world.AllUp(1, 2, 4));
    }

    [Fact]
    public void The_first_seed_asks_before_it_founds_and_so_does_not_become_an_island()
    {
        World world = new World(Settings).StartAll(1, 2, 3);
        world.Until(() => world.AllUp(1, 2, 3));
        world.Kill(1);
        world.Run(1);

        world.Start(1, life: 2).Tell(1, new JoinSeedNodes([AddressOf(1), AddressOf(2), AddressOf(3)]));

        world.Until(() => world.AllUp(1, 2, 3) && world[1].Gossip.Has(Node(1, 2)), 30);
    }
}
