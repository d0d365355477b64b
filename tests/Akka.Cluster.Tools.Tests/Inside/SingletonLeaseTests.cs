using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using static Akka.Cluster.Tools.Tests.Inside.SingletonSteps;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>What a lease asks of the managers' rules.</summary>
public class SingletonLeaseTests
{
    private static readonly UniqueAddress Old = Node(1);
    private static readonly UniqueAddress Young = Node(2);
    private static readonly SingletonRules Rules = new(15, UsesLease: true);

    [Fact]
    public void It_is_started_when_the_lease_is_granted_and_asked_for_again_until_then()
    {
        SingletonStep asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old);
        Assert.Equal("Acquire 1", Text(asks));
        SingletonStep refused = asks.State.OnLease(1, isGranted: false);
        Assert.Equal("Retry 1", Text(refused));
        SingletonStep again = refused.State.OnLeaseRetry(1);
        Assert.Equal("Acquire 2", Text(again));
        Assert.Equal("", Text(again.State.OnLeaseRetry(1)));
        Assert.Equal("", Text(again.State.OnLease(1, isGranted: false)));
        Assert.Equal("Start", Text(again.State.OnLease(2, isGranted: true)));
    }

    [Fact]
    public void When_the_lease_is_lost_it_stops_and_is_started_with_another()
    {
        SingletonState runs = Running(Old);

        SingletonStep stops = runs.OnLeaseLost();
        Assert.Equal("Stop", Text(stops));
        Assert.Equal("", Text(stops.State.OnLease(1, isGranted: true)));
        SingletonStep asks = stops.State.OnSingletonStopped();
        Assert.Equal("Acquire 2", Text(asks));
        Assert.Equal("Start", Text(asks.State.OnLease(2, isGranted: true)));
    }

    [Fact]
    public void It_is_given_back_before_the_hand_over_is_done()
    {
        SingletonState was = Running(Old).OnOldest(Young).State;

        SingletonStep stopped =
            was.OnMessage(HandOverToMe.Instance, Young.Address, Young).State.OnSingletonStopped();
        Assert.Equal("Release 1", Text(stopped));
        SingletonStep done = stopped.State.OnLeaseReleased(1);
        Assert.Equal("Send HandOverDone to 8002", Text(done));
        Assert.Equal("", Text(done.State.OnLeaseReleased(1)));
    }

    [Fact]
    public void Who_asks_for_it_in_vain_hands_over_what_it_has_not()
    {
        SingletonState asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;

        SingletonStep asked = asks.OnMessage(HandOverToMe.Instance, Young.Address, Young);
        Assert.Equal("Reply HandOverInProgress, Stop", Text(asked));
        Assert.Equal("Release 1", Text(asked.State.OnSingletonStopped()));
    }

    [Fact]
    public void Who_is_asked_while_the_singleton_without_a_lease_stops_does_not_stop_it_twice()
    {
        SingletonState stopping = Running(Old).OnLeaseLost().State;

        SingletonStep asked = stopping.OnMessage(HandOverToMe.Instance, Young.Address, Young);
        Assert.Equal("Reply HandOverInProgress", Text(asked));
        Assert.Equal("Release 1", Text(asked.State.OnSingletonStopped()));

        SingletonStep younger = stopping.OnOldest(Young);
        Assert.Equal("", Text(younger));
        Assert.Equal("Release 1", Text(younger.State.OnSingletonStopped()));
    }

    [Fact]
    public void A_grant_that_comes_when_another_is_the_oldest_is_given_back()
    {
        SingletonStep younger = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnOldest(Young);
        Assert.Equal("Release 1", Text(younger));
        Assert.Equal("Release 2", Text(younger.State.OnLease(1, isGranted: true)));
        Assert.Equal("", Text(younger.State.OnLease(1, isGranted: false)));
    }

    [Fact]
    public void Who_goes_waits_for_its_singleton_but_not_for_the_lease()
    {
        SingletonState asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;
        Assert.Equal("StopManager", Text(asks.OnSelfExiting()));

        SingletonStep exits = Running(Old).OnLeaseLost().State.OnSelfExiting();
        Assert.Equal("", Text(exits));
        Assert.Equal("StopManager", Text(exits.State.OnSingletonStopped()));
    }

    [Fact]
    public void What_is_lost_before_its_grant_is_known_is_not_granted()
    {
        SingletonState asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;

        SingletonStep lost = asks.OnLeaseLost();
        Assert.Equal("", Text(lost));
        SingletonStep granted = lost.State.OnLease(1, isGranted: true);
        Assert.Equal("Retry 1", Text(granted));
        SingletonStep again = granted.State.OnLeaseRetry(1);
        Assert.Equal("Acquire 2", Text(again));
        Assert.Equal("Start", Text(again.State.OnLease(2, isGranted: true)));
    }

    [Fact]
    public void A_grant_that_comes_after_its_time_is_one()
    {
        SingletonState refused = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnLease(1, isGranted: false).State;

        Assert.Equal("Start", Text(refused.OnLease(1, isGranted: true)));
        SingletonState again = refused.OnLeaseRetry(1).State;
        Assert.Equal("", Text(again.OnLease(1, isGranted: true)));
    }

    [Fact]
    public void The_end_of_an_earlier_release_is_not_that_of_the_last()
    {
        SingletonState younger = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnOldest(Young).State;
        SingletonState runs = younger.OnRemoved(Young).State.OnOldest(Old).State.OnMessage(
            HandOverDone.Instance, Young.Address).State.OnLease(2, isGranted: true).State;
        SingletonStep stopped =
            runs.OnMessage(HandOverToMe.Instance, Young.Address, Young).State.OnSingletonStopped();

        Assert.Equal("Release 2", Text(stopped));
        Assert.Equal("", Text(stopped.State.OnLeaseReleased(1)));
        Assert.StartsWith("Send HandOverDone to 8002", Text(stopped.State.OnLeaseReleased(2)), StringComparison.Ordinal);
    }

    /// <summary>Whatever happens in whatever order: one is started only on a grant, not while another is there, and stopped
    /// when the lease is lost; and who goes leaves none behind.</summary>
    [Fact]
    public void No_order_of_events_makes_two_or_one_without_a_lease()
    {
        int starts = 0;
        int losses = 0;
        for (int seed = 0; seed < 20_000; seed++)
        {
            var chance = new Random(seed);
            var world = new SingletonLeaseWorld(
                SingletonState.Start(Old, chance.Next(2) == 0 ? Old : Young, Rules), Young, seed, chance);
            for (int event_ = 0; event_ < 60 && !world.IsOver; event_++) world.Go();
            starts += world.Starts;
            losses += world.Losses;
        }

        Assert.True(starts > 1000 && losses > 1000, $"{starts} starts and {losses} losses show little");
    }

    private static SingletonState Running(UniqueAddress node) =>
        SingletonState.Start(node, node, Rules).OnOldest(node).State.OnLease(1, isGranted: true).State;

    private static UniqueAddress Node(int number) =>
        new(new Address("akka.tcp", "s", "127.0.0.1", 8000 + number), number);
}
