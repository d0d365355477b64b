using System.Collections.Immutable;
using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>When node 1 answers gossip, and when it need not.</summary>
public sealed class AnswerTests
{
    private static readonly ClusterNodeSettings _settings = new();
    private static readonly Gossip _old = GossipOf(Up(1), Up(2), Up(3));

    private ClusterNodeState _node = Holding(_old.Changed(Node(1)));
    private TimeSpan _now;

    [Fact]
    public void States_that_come_together_are_answered_once()
    {
        for (int times = 0; times < 12; times++) Assert.Empty(Answers(Hear(2, _old)));

        ClusterEffect.Answer answer = Assert.Single(Answers(Settle()));
        Assert.Equal(Node(2), answer.To);
        Assert.Empty(Answers(Settle()));
    }

    [Fact]
    public void Who_asked_is_told_what_is_known_after_the_last_of_them()
    {
        Hear(2, _old);
        Gossip last = _node.Gossip.Changed(Node(3)) with { Seen = [Node(3)] };
        ImmutableArray<ClusterEffect> effects = Hear(3, last).AddRange(Settle());

        // Node 2 among those whom the news is pushed to, node 3 by an answer.
        GossipEnvelope[] told = [.. effects.Select(Said).OfType<GossipEnvelope>()];
        Assert.Equal([2, 3], told.Select(envelope => envelope.To).Order().Numbers());
        Assert.All(told, envelope => Assert.Equal(last.Version, envelope.Gossip.Version));
    }

    [Fact]
    public void What_a_peer_was_told_a_moment_ago_it_is_not_told_again()
    {
        Hear(2, _old);
        Assert.Single(Answers(Settle()));

        _now += _settings.GossipInterval / 2;
        Hear(2, _old);
        Assert.Empty(Answers(Settle()));
        Hear(3, _old);
        Assert.Equal([3], Answers(Settle()).Select(answer => answer.To).Numbers());
    }

    [Fact]
    public void What_may_have_been_lost_is_said_again()
    {
        Hear(2, _old);
        Settle();

        _now += _settings.GossipInterval;
        Hear(2, _old);
        Assert.Single(Answers(Settle()));
    }

    [Fact]
    public void What_is_new_is_said_at_once()
    {
        Hear(2, _old);
        Settle();

        _node = _node with { Gossip = _node.Gossip.Changed(Node(1)) };
        Hear(2, _old);
        Assert.Single(Answers(Settle()));
    }

    /// <summary>With its mark the last has agreed, and the leader removes it: afterwards it would hear nothing.</summary>
    [Fact]
    public void Who_is_about_to_be_removed_is_answered_before()
    {
        Gossip gossip = GossipOf(Up(1), In(2, MemberStatus.Down, 2), Up(3)).Unreachable(3, 2);
        _node = Holding(gossip with { Seen = [Node(1)] });

        ImmutableArray<ClusterEffect> effects = Hear(2, gossip with { Seen = [Node(2), Node(3)] });

        Assert.False(_node.Gossip.Has(Node(2)));
        var said = (GossipEnvelope)Assert.Single(Answers(effects)).Message;
        Assert.True(said.Gossip.Has(Node(2)));
        Assert.Empty(Answers(Settle()));
    }

    private static ClusterNodeState Holding(Gossip gossip) =>
        ClusterNode.Start(Node(1), _settings, 1) with { Phase = NodePhase.Inside, Gossip = gossip };

    private static ClusterEffect.Answer[] Answers(ImmutableArray<ClusterEffect> effects) =>
        [.. effects.OfType<ClusterEffect.Answer>()];

    private static IClusterMessage? Said(ClusterEffect effect) => effect switch
    {
        ClusterEffect.Answer answer => answer.Message,
        ClusterEffect.Send send => send.Message,
        _ => null,
    };

    private ImmutableArray<ClusterEffect> Hear(int from, Gossip gossip) =>
        Take(ClusterNode.Step(_node, new GossipEnvelope(Node(from), Node(1), gossip), _now));

    private ImmutableArray<ClusterEffect> Settle() =>
        Take(ClusterNode.Step(_node, Membership.Settle.Instance, _now));

    private ImmutableArray<ClusterEffect> Take((ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
    {
        _node = step.State;
        return step.Effects;
    }
}
