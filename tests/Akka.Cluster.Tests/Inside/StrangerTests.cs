using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Node 1 lets in 2, then 3, makes both Up, and dies before it has told 2: so 3 is a stranger to 2, and the only one that
/// can tell it.
/// </summary>
public sealed class StrangerTests
{
    private static readonly Gossip _welcome = GossipOf(Up(1), In(2, MemberStatus.Joining)).Changed(Node(1));
    private static readonly Gossip _allUp = GossipOf(Up(1), Up(2), Up(3)) with
    {
        Version = _welcome.Changed(Node(1)).Version,
    };

    [Fact]
    public void A_newcomer_believes_a_stranger_that_tells_it_that_it_is_up() =>
        Assert.Equal([1, 2, 3], AfterHearing(_welcome, _allUp).Members.Numbers());

    [Fact]
    public void And_one_that_was_asked_to_leave_before_it_knew_that_it_is_up()
    {
        Gossip leaving = GossipOf(Up(1), In(2, MemberStatus.Leaving)) with
        {
            Version = _welcome.Changed(Node(2)).Version,
        };

        Gossip heard = AfterHearing(leaving, _allUp);

        Assert.Equal([1, 2, 3], heard.Members.Numbers());
        Assert.Equal(MemberStatus.Leaving, heard.Find(Node(2))!.Status);
    }

    [Fact]
    public void But_not_one_that_knows_it_as_a_newcomer_only()
    {
        Gossip noRise = GossipOf(Up(1), In(2, MemberStatus.Joining), Up(3)) with { Version = _allUp.Version };

        Assert.Equal([1, 2], AfterHearing(_welcome, noRise).Members.Numbers());
    }

    [Fact]
    public void Nor_one_that_is_a_newcomer_itself()
    {
        Gossip newcomer = GossipOf(Up(1), Up(2), In(3, MemberStatus.Joining)) with { Version = _allUp.Version };

        Assert.Equal([1, 2], AfterHearing(_welcome, newcomer).Members.Numbers());
    }

    [Fact]
    public void Who_is_up_already_knows_whom_it_was_asked_about()
    {
        Gossip alreadyUp = GossipOf(Up(1), Up(2)) with { Version = _welcome.Version };

        Assert.Equal([1, 2], AfterHearing(alreadyUp, _allUp).Members.Numbers());
    }

    [Fact]
    public void Who_was_removed_is_no_stranger()
    {
        ClusterNodeState state = Inside(_welcome) with { Gone = [Node(3)] };

        Assert.Equal([1, 2], Hear(state, _allUp).Gossip.Members.Numbers());
    }

    private static Gossip AfterHearing(Gossip own, Gossip said) => Hear(Inside(own), said).Gossip;

    private static ClusterNodeState Inside(Gossip holding) =>
        ClusterNode.Start(Node(2), new ClusterNodeSettings(), 1) with { Phase = NodePhase.Inside, Gossip = holding };

    private static ClusterNodeState Hear(ClusterNodeState state, Gossip said) =>
        ClusterNode.Step(state, new GossipEnvelope(Node(3), Node(2), said), TimeSpan.Zero).State;
}
