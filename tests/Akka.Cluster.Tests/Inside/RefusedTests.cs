using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>A node that looks for its cluster, and is told that it has been removed from it already: it was let in, did not
/// hear of that, and was given up. Its seeds are 1, 2 and 3.</summary>
public sealed class RefusedTests
{
    private static readonly Address[] _seeds = [AddressOf(1), AddressOf(2), AddressOf(3)];

    private ClusterNodeState _node = ClusterNode.Start(Node(4), new ClusterNodeSettings(), 1);
    private TimeSpan _now;
    private int _shutdowns;

    [Fact]
    public void Who_is_refused_by_one_seed_and_let_in_by_no_other_ends_its_life()
    {
        Take(new JoinSeedNodes([.. _seeds]));
        Take(new QuarantinedBy(AddressOf(2)));

        RunTo(9.9);
        Assert.Equal((NodePhase.AskingSeeds, 0), (_node.Phase, _shutdowns));
        RunTo(60);
        Assert.Equal((NodePhase.Outside, 1), (_node.Phase, _shutdowns));
    }

    [Fact]
    public void Who_is_refused_by_all_seeds_ends_its_life_at_once()
    {
        Take(new JoinSeedNodes([.. _seeds]));
        foreach (Address seed in _seeds) Take(new QuarantinedBy(seed));

        Assert.Equal((NodePhase.Outside, 1), (_node.Phase, _shutdowns));
    }

    [Fact]
    public void Who_is_refused_by_one_seed_and_let_in_by_another_stays()
    {
        Take(new JoinSeedNodes([.. _seeds]));
        Take(new QuarantinedBy(AddressOf(2)));
        Take(new InitJoinAck(AddressOf(3)));
        Gossip hosts = GossipOf(Up(3), In(4, MemberStatus.Joining));
        Take(new Welcome(Node(3), hosts));

        RunTo(60);
        Assert.Equal((NodePhase.Inside, 0), (_node.Phase, _shutdowns));
    }

    [Fact]
    public void Who_has_quarantined_the_life_that_its_only_seed_lives_ends_its_own()
    {
        Take(new JoinSeedNodes([AddressOf(1)]));
        Take(new Quarantined(Node(1)));
        RunTo(60);
        Assert.Equal((NodePhase.AskingSeeds, 0), (_node.Phase, _shutdowns));

        Take(new QuarantinedLife(AddressOf(2)));
        Assert.Equal((NodePhase.AskingSeeds, 0), (_node.Phase, _shutdowns));
        Take(new QuarantinedLife(AddressOf(1)));
        Assert.Equal((NodePhase.Outside, 1), (_node.Phase, _shutdowns));
    }

    [Fact]
    public void Who_is_not_refused_asks_for_ever()
    {
        Take(new JoinSeedNodes([.. _seeds]));

        RunTo(3_600);
        Assert.Equal((NodePhase.AskingSeeds, 0), (_node.Phase, _shutdowns));
    }

    [Fact]
    public void A_seed_that_refused_in_an_earlier_life_and_answers_now_refuses_no_more()
    {
        Take(new JoinSeedNodes([.. _seeds]));
        Take(new QuarantinedBy(AddressOf(2)));
        Take(new InitJoinAck(AddressOf(2)));

        RunTo(60);
        Assert.Equal(0, _shutdowns);
    }

    [Fact]
    public void A_first_seed_that_is_refused_founds_no_second_cluster()
    {
        _node = ClusterNode.Start(Node(1), new ClusterNodeSettings(), 1);
        Take(new JoinSeedNodes([.. _seeds]));
        Take(new QuarantinedBy(AddressOf(2)));
        Take(new InitJoinNack(AddressOf(3)));

        RunTo(60);
        Assert.Equal((NodePhase.Outside, 1), (_node.Phase, _shutdowns));
    }

    private void RunTo(double seconds)
    {
        TimeSpan end = TimeSpan.FromSeconds(seconds);
        while (_node.WakeAt is { } due && due <= end)
        {
            _now = due;
            Take(Wake.Instance);
        }

        _now = end;
    }

    private void Take(IClusterCommand command) => Take(ClusterNode.Step(_node, command, _now));

    private void Take(IClusterMessage message) => Take(ClusterNode.Step(_node, message, _now));

    private void Take((ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
    {
        _node = step.State;
        _shutdowns += step.Effects.Count(effect =>
            effect is ClusterEffect.RunCoordinatedShutdown { Cause: ShutdownCause.JoinUnsuccessful });
    }
}
