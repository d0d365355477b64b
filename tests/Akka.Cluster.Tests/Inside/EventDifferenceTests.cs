using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>What subscribers are told of two states, and in which order.</summary>
public sealed class EventDifferenceTests
{
    [Fact]
    public void A_life_that_was_replaced_is_removed_before_the_next_one_appears()
    {
        Gossip before = GossipOf(Up(1), In(2, MemberStatus.Down), Up(3));
        Gossip after = GossipOf(Up(1), In(2, MemberStatus.Up, 4, life: 2));

        string[] told =
        [
            .. EventDifference.Between(before, after, Node(1)).OfType<ClusterEvent.IMemberEvent>()
                .Select(happened => $"{happened.GetType().Name} {happened.Member.UniqueAddress.Uid}"),
        ];

        Assert.Equal(
            [$"MemberRemoved {Node(2).Uid}", $"MemberUp {Node(2, life: 2).Uid}", $"MemberRemoved {Node(3).Uid}"], told);
    }

    [Fact]
    public void A_node_takes_leave_of_itself_before_it_does_of_the_others()
    {
        Gossip last = GossipOf(Up(1), In(2, MemberStatus.Down), Up(3));

        string[] told = [.. EventDifference.Farewell(last, Node(2)).Select(Describe)];

        Assert.Equal(
            [
                "ClusterShuttingDown", $"MemberRemoved {Node(2).Uid}", $"MemberRemoved {Node(1).Uid}",
                $"MemberRemoved {Node(3).Uid}", "LeaderChanged",
            ],
            told[..5]);
    }

    [Fact]
    public void A_node_that_never_was_a_member_only_says_that_it_ends() =>
        Assert.Equal(
            ["ClusterShuttingDown"], EventDifference.Farewell(Gossip.Empty, Node(1)).Select(Describe));

    private static string Describe(ClusterEvent.IClusterDomainEvent news) =>
        news is ClusterEvent.IMemberEvent happened
            ? $"{news.GetType().Name} {happened.Member.UniqueAddress.Uid}"
            : news.GetType().Name;
}
