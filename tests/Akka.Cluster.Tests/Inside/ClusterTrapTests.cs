using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>The traps of the protocol that concern heartbeats and gossip; the list of all is in the remote room's
/// <c>TrapTests</c>.</summary>
public sealed class ClusterTrapTests
{
    [Fact]
    public void The_time_of_a_heartbeat_is_zigzag_and_that_of_its_answer_is_not()
    {
        byte[] beat = ClusterMessageCodec.ToBytes(new Heartbeat(AddressOf(1), 5, 3));
        byte[] answer = ClusterMessageCodec.ToBytes(new HeartbeatResponse(Node(1), 5, 3));

        // Field 3, as a number of one byte: 3 is 6 in zigzag.
        Assert.Equal("1806", Convert.ToHexString(beat)[^4..]);
        Assert.Equal("1803", Convert.ToHexString(answer)[^4..]);
    }

    [Fact]
    public void Gossip_for_another_life_of_this_node_is_not_heard()
    {
        ClusterNodeState one = Pair()[1];
        Gossip news = one.Gossip with { Version = one.Gossip.Version.Increment(Node(2).ClockName) };

        ClusterNodeState deaf = Step(one, new GossipEnvelope(Node(2), Node(1, life: 2), news));
        ClusterNodeState hearing = Step(one, new GossipEnvelope(Node(2), Node(1), news));

        Assert.Equal(ClockOrder.Same, deaf.Gossip.Version.CompareTo(one.Gossip.Version));
        Assert.Equal(ClockOrder.After, hearing.Gossip.Version.CompareTo(one.Gossip.Version));
    }

    [Fact]
    public void Gossip_of_who_cannot_be_reached_is_not_heard()
    {
        ClusterNodeState one = Pair()[1];
        Gossip news = one.Gossip with { Version = one.Gossip.Version.Increment(Node(2).ClockName) };
        ClusterNodeState blind = one with { Gossip = one.Gossip.Unreachable(1, 2) };

        ClusterNodeState still = Step(blind, new GossipEnvelope(Node(2), Node(1), news));

        Assert.Equal(ClockOrder.Same, still.Gossip.Version.CompareTo(one.Gossip.Version));
    }

    private static World Pair()
    {
        World world = new World(new ClusterNodeSettings()).StartAll(1, 2);
        world.Run(20);
        return world;
    }

    private static ClusterNodeState Step(ClusterNodeState state, GossipEnvelope message) =>
        ClusterNode.Step(state, message, TimeSpan.FromSeconds(21)).State;
}
