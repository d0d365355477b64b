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
}
