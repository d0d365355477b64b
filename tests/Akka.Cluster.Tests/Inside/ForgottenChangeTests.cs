using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Node 3 downed node 1, and node 1 at the same time removed node 3: with node 3 its clock entry goes, which is all that
/// tells of what it did.
/// </summary>
public sealed class ForgottenChangeTests
{
    private static readonly Gossip _before = GossipOf(Up(1), Up(2), In(3, MemberStatus.Down, 3));
    private static readonly Gossip _oneDowned = _before.With(In(1, MemberStatus.Down, 1)).Changed(Node(3));
    private static readonly Gossip _threeRemoved = _before.Remove([Node(3)]).Changed(Node(1));

    [Fact]
    public void What_a_removed_member_changed_has_a_version_of_its_own_after_the_merge()
    {
        ClusterNodeState second = Hear(2, _oneDowned, from: 1, _threeRemoved);

        Assert.Equal([MemberStatus.Down, MemberStatus.Up], second.Gossip.Members.Select(member => member.Status));
        Assert.Equal(ClockOrder.After, second.Gossip.Version.CompareTo(_threeRemoved.Version));
        Assert.Equal([2], second.Gossip.Seen.Numbers());
    }

    [Fact]
    public void Whom_it_concerns_hears_of_it()
    {
        ClusterNodeState second = Hear(2, _oneDowned, from: 1, _threeRemoved);
        ClusterNodeState first = Hear(1, _threeRemoved, from: 2, second.Gossip);

        Assert.Equal(MemberStatus.Down, first.Gossip.Find(Node(1))!.Status);
    }

    [Fact]
    public void A_merge_that_forgets_nothing_is_no_change()
    {
        Gossip downed = _before.With(In(1, MemberStatus.Down, 1)).Changed(Node(2));
        ClusterNodeState second = Hear(2, downed, from: 1, _before.With(Up(4)).Changed(Node(1)));

        Assert.Equal(_before.Version.Increment(Node(1).ClockName).Increment(Node(2).ClockName), second.Gossip.Version);
    }

    private static ClusterNodeState Hear(int self, Gossip holding, int from, Gossip said)
    {
        ClusterNodeState state = ClusterNode.Start(Node(self), new ClusterNodeSettings(), 1) with
        {
            Phase = NodePhase.Inside,
            Gossip = holding,
        };
        return ClusterNode.Step(state, new GossipEnvelope(Node(from), Node(self), said), TimeSpan.Zero).State;
    }
}
