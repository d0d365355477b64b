using System.Collections.Immutable;
using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Whom a node tells of a change at once, and whom not yet: each state takes a slow line for a while.</summary>
public sealed class PushTests
{
    private static readonly ClusterNodeSettings _settings = new();
    private static readonly Gossip _old = GossipOf(Up(1), Up(2), Up(3), Up(4));

    private ClusterNodeState _node = Holding(1);
    private TimeSpan _now = TimeSpan.FromSeconds(10);

    [Fact]
    public void Who_has_not_answered_is_told_no_more_before_it_does()
    {
        Assert.Equal([2, 4], Told(Hear(3, ChangeBy(3))));

        _now += _settings.GossipOnChangeInterval * 2;
        Assert.Equal([], Told(Hear(3, ChangeBy(3))));

        // The answer is from before the second change.
        _now += _settings.GossipOnChangeInterval * 2;
        Gossip first = _old.Changed(Node(3)) with { Seen = [Node(1), Node(2), Node(3)] };
        Hear(2, first);
        Assert.Contains(2, Told(Settle()));
        Assert.True(_node.Unanswered.ContainsKey(Node(4)));
    }

    [Fact]
    public void Whose_answer_says_that_it_knows_is_told_of_the_next_change()
    {
        Hear(3, ChangeBy(3));
        _now += _settings.GossipOnChangeInterval * 2;
        Hear(2, _node.Gossip.MarkSeen(Node(2)));

        Assert.Equal([2], Told(Hear(3, ChangeBy(3))));
    }

    [Fact]
    public void What_may_have_been_lost_is_said_again()
    {
        Hear(3, ChangeBy(3));
        _now += _settings.GossipOnChangeInterval * 2;
        Hear(3, ChangeBy(3));
        TimeSpan due = TimeSpan.FromSeconds(10) + _settings.GossipInterval;
        Assert.Equal(due, _node.WakeAt);

        _now = due;
        Assert.Equal([2, 4], Told(Wake()));
        Assert.Null(_node.PushAt);
    }

    /// <summary>A change that comes while an answer is awaited is for others, too.</summary>
    [Fact]
    public void Who_owes_no_answer_is_told_at_once()
    {
        _node = Holding(1) with { Unanswered = _node.Unanswered.Add(Node(2), _now) };

        Assert.Equal([4], Told(Hear(3, ChangeBy(3))));
    }

    /// <summary>Each of the others says it itself.</summary>
    [Fact]
    public void Who_leads_hears_of_a_node_s_own_mark_at_once_and_of_those_of_others_later_together()
    {
        _node = Holding(3);
        Gossip change = ChangeBy(1);
        Assert.Contains(1, Told(Hear(2, change with { Seen = [Node(1), Node(2)] })));

        _now += _settings.GossipOnChangeInterval * 2;
        Assert.DoesNotContain(1, Told(Hear(4, change with { Seen = [Node(1), Node(2), Node(4)] })));

        _now = TimeSpan.FromSeconds(10) + _settings.GossipInterval;
        ImmutableArray<ClusterEffect> effects = Wake();
        GossipEnvelope told = Assert.Single(effects.OfType<ClusterEffect.Send>().Select(send => send.Message)
            .OfType<GossipEnvelope>(), envelope => envelope.To.Equals(Node(1)));
        Assert.True(told.Gossip.SeenBy(Node(4)));
    }

    [Fact]
    public void Who_said_that_it_is_done_is_told_nothing()
    {
        Gossip leaving = GossipOf(Up(1), Up(2), In(3, MemberStatus.Exiting, 3)) with { Seen = [Node(1)] };
        _node = Holding(1) with { Gossip = leaving, ExitingConfirmed = [Node(3)] };

        for (int tick = 0; tick < 50; tick++)
        {
            _node = _node with { GossipAt = _now };
            Assert.DoesNotContain(3, Told(Wake()));
            _now += _settings.GossipInterval;
        }
    }

    private static ClusterNodeState Holding(int self) =>
        ClusterNode.Start(Node(self), _settings, 1) with
        {
            Phase = NodePhase.Inside,
            Gossip = _old,
            GossipAt = TimeSpan.FromHours(1),
            LeaderActionsAt = TimeSpan.FromHours(1),
        };

    private Gossip ChangeBy(int node) => _node.Gossip.Changed(Node(node)) with { Seen = [Node(node)] };

    private static int[] Told(ImmutableArray<ClusterEffect> effects) =>
    [
        .. effects
            .Select(effect => effect switch
            {
                ClusterEffect.Answer answer => answer.Message,
                ClusterEffect.Send send => send.Message,
                _ => null,
            })
            .OfType<GossipEnvelope>().Select(envelope => envelope.To).Order().Numbers(),
    ];

    private ImmutableArray<ClusterEffect> Hear(int from, Gossip gossip) =>
        Take(ClusterNode.Step(_node, new GossipEnvelope(Node(from), _node.Self, gossip), _now));

    private ImmutableArray<ClusterEffect> Settle() =>
        Take(ClusterNode.Step(_node, Membership.Settle.Instance, _now));

    private ImmutableArray<ClusterEffect> Wake() =>
        Take(ClusterNode.Step(_node, Membership.Wake.Instance, _now));

    private ImmutableArray<ClusterEffect> Take((ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
    {
        _node = step.State;
        return step.Effects;
    }
}
