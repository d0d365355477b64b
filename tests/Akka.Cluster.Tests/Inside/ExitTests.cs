using System.Collections.Immutable;
using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// The leader goes, and says to node 2, which leads after it, that it is done, before node 2 knows that it is Exiting.
/// </summary>
public sealed class ExitTests
{
    private static readonly Member _leaving = In(1, MemberStatus.Leaving, 1);

    private ClusterNodeState _node = ClusterNode.Start(Node(2), new ClusterNodeSettings(), 1);
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void Who_says_that_it_is_done_is_removed_when_it_is_known_to_be_Exiting()
    {
        Gossip leaving = GossipOf(_leaving, Up(2), Up(3));
        Know(leaving);
        Take(new ExitingConfirmed(Node(1)));
        Assert.NotNull(_node.Gossip.Find(Node(1)));

        Take(new GossipEnvelope(Node(3), Node(2), leaving
            .With(In(1, MemberStatus.Exiting, 1))
            .Changed(Node(1)) with { Seen = [Node(1), Node(3)] }));
        Assert.Null(_node.Gossip.Find(Node(1)));
    }

    [Fact]
    public void Who_says_that_it_is_done_and_whose_gossip_is_lost_is_removed_once_it_is_silent()
    {
        Know(GossipOf(_leaving, Up(2)));
        Take(new ExitingConfirmed(Node(1)));
        Step(new Reap([Node(1)]));
        while (_node.WakeAt is { } due && due < TimeSpan.FromSeconds(5))
        {
            _now = due;
            Step(Wake.Instance);
        }

        Assert.Null(_node.Gossip.Find(Node(1)));
    }

    [Fact]
    public void Who_does_not_go_cannot_be_done()
    {
        Know(GossipOf(Up(1), Up(2)));
        Take(new ExitingConfirmed(Node(1)));
        Assert.Empty(_node.ExitingConfirmed);
    }

    private void Know(Gossip gossip)
    {
        _node = _node with { Phase = NodePhase.Inside, Gossip = gossip, LeaderActionsAt = _now, GossipAt = _now };
    }

    private void Take(IClusterMessage message) => _node = ClusterNode.Step(_node, message, _now).State;

    private void Step(IClusterCommand command) => _node = ClusterNode.Step(_node, command, _now).State;
}
