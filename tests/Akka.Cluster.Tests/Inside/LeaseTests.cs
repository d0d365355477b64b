using Akka.Cluster.Membership;
using Akka.Cluster.SBR;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Splits that are decided by who takes a lease.</summary>
public sealed class LeaseTests
{
    private const int Nobody = 99;

    private static readonly LeaseMajority Rule = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40), null);

    private static readonly ClusterNodeSettings Settings = new()
    {
        Downing = new SplitBrainRules(Rule, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5)),
    };

    [Theory]
    [InlineData(new[] { 1, 2 }, new[] { 3, 4, 5 })]
    [InlineData(new[] { 3 }, new[] { 1, 2 })]
    [InlineData(new[] { 2 }, new[] { 1 })]
    public void The_larger_side_or_the_one_with_the_lowest_address_takes_it_and_stays(int[] goes, int[] stays)
    {
        World world = Split(goes, stays);
        world.Until(() => world.AllUp(stays) && goes.All(number => world[number].Phase == NodePhase.Stopped));
        Assert.Equal(stays[0], world.LeaseOwner);
    }

    [Fact]
    public void The_smaller_side_stays_when_the_larger_did_not_take_it()
    {
        World world = Split([1, 2], [3, 4, 5], leaseOwner: 1);
        world.Until(() => world.AllUp(1, 2) && new[] { 3, 4, 5 }.All(n => world[n].Phase == NodePhase.Stopped));
    }

    [Fact]
    public void Nobody_stays_when_nobody_gets_it()
    {
        World world = Split([1, 2], [3, 4, 5], leaseOwner: Nobody);
        world.Until(() => new[] { 1, 2, 3, 4, 5 }.All(number => world[number].Phase == NodePhase.Stopped));
    }

    [Fact]
    public void The_smaller_side_asks_two_seconds_later()
    {
        World world = Split([1, 2], [3, 4, 5]);
        world.Until(() => Asked(world, 3));
        TimeSpan before = world.Until(() => Asked(world, 1));
        Assert.InRange(before.TotalSeconds, 1.5, 2.5);
    }

    [Fact]
    public void It_is_given_back_when_those_downed_with_it_have_been_gone_for_a_while()
    {
        World world = Split([1, 2], [3, 4, 5]);
        world.Until(() => world.AllUp(3, 4, 5));
        world.Run(38);
        Assert.Equal(3, world.LeaseOwner);
        world.Run(4);
        Assert.Equal(0, world.LeaseOwner);
    }

    [Fact]
    public void Who_has_it_still_decides_the_next_split_without_delay()
    {
        World world = Split([1, 2], [3, 4, 5]);
        world.Until(() => world.AllUp(3, 4, 5));
        world.Kill(4);
        world.Kill(5);
        world.Until(() => world.AllUp(3));
    }

    [Fact]
    public void A_split_that_healed_while_it_was_asked_for_downs_nobody()
    {
        World world = Split([1, 2], [3, 4, 5], leaseOwner: Nobody);
        world.Until(() => Asked(world, 3));
        ClusterNodeState node = world[3];
        Gossip healed = node.Gossip with { Reachability = Reachability.Empty };
        (ClusterNodeState after, var effects) =
            ClusterNode.Step(node with { Gossip = healed }, new LeaseAnswered(node.Lease.Question, false), world.Now);
        Assert.DoesNotContain(after.Gossip.Members, member => member.Status == MemberStatus.Down);
        Assert.DoesNotContain(effects, effect => effect is ClusterEffect.Send);
    }

    [Fact]
    public void A_lease_that_comes_too_late_is_given_back()
    {
        World world = new World(Settings).StartAll(1, 2);
        world.Until(() => world.AllUp(1, 2));
        world.LeaseOwner = 1;
        world.Tell(1, new LeaseAnswered(0, true));
        Assert.Equal(0, world.LeaseOwner);
    }

    [Fact]
    public void One_that_comes_too_late_is_kept_when_it_has_been_asked_for_again()
    {
        World world = Split([1, 2], [3, 4, 5]);
        world.Until(() => Asked(world, 3));
        ClusterNodeState node = world[3];
        ClusterNodeState again = node with { Lease = node.Lease with { Question = node.Lease.Question + 1 } };

        (ClusterNodeState after, var effects) =
            ClusterNode.Step(again, new LeaseAnswered(node.Lease.Question, true), world.Now);

        Assert.DoesNotContain(effects, effect => effect is ClusterEffect.ReleaseLease);
        Assert.Equal(again.Lease, after.Lease);
    }

    [Fact]
    public void Without_it_this_side_goes_and_who_is_connected_to_both()
    {
        Gossip all = GossipOf(Up(1), Up(2), Up(3), Up(4), Up(5)) with { Seen = [Node(1), Node(2), Node(3), Node(4)] };
        Gossip gossip = all.Unreachable(1, 2).Unreachable(2, 1).Unreachable(1, 5).Unreachable(3, 5);
        var view = new SplitView(gossip, Node(3));
        Assert.Equal([1, 2, 5], Rule.Decide(view).Numbers());
        Assert.Equal([1, 2, 4, 3], Rule.DecideWithoutLease(view).Numbers());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    public void Of_two_equal_sides_the_one_without_the_lowest_address_waits(int self, int seconds)
    {
        Gossip gossip = GossipOf(Up(1), Up(2)).Unreachable(self, 3 - self);
        Assert.Equal(seconds, Rule.DelayOf(new SplitView(gossip, Node(self))).TotalSeconds);
    }

    [Fact]
    public void Only_the_role_counts_for_who_waits()
    {
        Gossip gossip = GossipOf(Up(1), Up(2), Up(3, "db")).Unreachable(3, 1).Unreachable(3, 2);
        Assert.Equal(TimeSpan.Zero, (Rule with { Role = "db" }).DelayOf(new SplitView(gossip, Node(3))));
        Assert.Equal(Rule.MinorityDelay, Rule.DelayOf(new SplitView(gossip, Node(3))));
    }

    private static bool Asked(World world, int number) =>
        world.Acts.Any(act => act.Node == number && act.Effect is ClusterEffect.AcquireLease);

    private static World Split(int[] one, int[] other, int leaseOwner = 0)
    {
        World world = new World(Settings).StartAll([.. one.Concat(other).Order()]);
        world.Until(() => world.AllUp([.. one, .. other]));
        foreach (int left in one)
        {
            foreach (int right in other) world.CutBoth(left, right);
        }

        world.LeaseOwner = leaseOwner;
        return world;
    }
}
