using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>A member that is Down has no say in who is removed, and is alive for a moment yet. What it says in that
/// moment must not undo the removal. Here node 3 hears from node 2 that it is Down, and that node 1 is gone, whom it
/// still knows as Up.</summary>
public sealed class UnaskedTests
{
    private static readonly ClusterNodeState _three = Four()[3];

    /// <summary>As node 2 sees it: 3 was downed, 1 was downed and removed, 3 was not asked about that.</summary>
    private static readonly Gossip _removal = OneAndThreeDown(_three.Gossip).Remove([Node(1)]).Changed(Node(2));

    [Fact]
    public void Who_is_down_brings_nobody_back_whose_removal_it_was_not_asked_about()
    {
        Assert.Equal(ClockOrder.Concurrent, _removal.Version.CompareTo(_three.Gossip.Version));

        Gossip heard = Hear(_three, from: 2, _removal).Gossip;

        Assert.Equal([2, 3, 4], heard.Members.Numbers());
        Assert.Equal(ClockOrder.Same, heard.Version.CompareTo(_removal.Version));
        // Nothing is left to say: the two would go on telling each other their versions until one of them stops.
        Assert.True(heard.SeenBy(Node(2)));
    }

    [Fact]
    public void Who_is_down_is_not_talked_out_of_a_removal_by_late_gossip()
    {
        ClusterNodeState told = Hear(_three, from: 2, _removal);
        Gossip late = _three.Gossip.With(Down(3)).Changed(Node(1));
        Assert.Equal(ClockOrder.Concurrent, late.Version.CompareTo(told.Gossip.Version));

        Assert.Equal([2, 3, 4], Hear(told, from: 4, late).Gossip.Members.Numbers());
    }

    [Fact]
    public void What_only_the_downed_knows_of_its_own_doing_is_kept()
    {
        Gossip own = _three.Gossip.With(Down(4)).With(In(5, MemberStatus.Joining)).Changed(Node(3));

        Gossip heard = Hear(_three with { Gossip = own }, from: 2, _removal).Gossip;

        Assert.Equal([2, 3, 4, 5], heard.Members.Numbers());
        Assert.Equal(MemberStatus.Down, heard.Find(Node(4))!.Status);
    }

    [Fact]
    public void Who_is_down_itself_is_not_believed_about_a_removal()
    {
        Gossip own = _three.Gossip.With(Down(2)).Changed(Node(3));

        Gossip heard = Hear(_three with { Gossip = own }, from: 2, _removal).Gossip;

        Assert.True(heard.Has(Node(1)));
    }

    [Fact]
    public void Who_is_not_down_keeps_a_member_that_the_sender_lacks()
    {
        Gossip withoutOne = _three.Gossip.Remove([Node(1)]).Changed(Node(2));

        Assert.True(Hear(_three, from: 2, withoutOne).Gossip.Has(Node(1)));
    }

    private static Gossip OneAndThreeDown(Gossip gossip) => gossip.With(Down(1)).With(Down(3)).Changed(Node(1));

    private static Member Down(int number) => _three.Gossip.Find(Node(number))!.Copy(MemberStatus.Down);

    private static World Four()
    {
        World world = new World(new ClusterNodeSettings()).StartAll(1, 2, 3, 4);
        world.Run(20);
        return world;
    }

    private static ClusterNodeState Hear(ClusterNodeState state, int from, Gossip gossip) => ClusterNode.Step(
        state, new GossipEnvelope(Node(from), state.Self, gossip), TimeSpan.FromSeconds(21)).State;
}
