using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using static Akka.Cluster.Tools.Tests.Inside.SingletonSteps;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>The conversation of two managers, letter by letter.</summary>
public class SingletonStateTests
{
    private static readonly UniqueAddress Old = Node(1);
    private static readonly UniqueAddress Young = Node(2);
    private static readonly SingletonRules Rules = new(15);

    [Fact]
    public void The_oldest_starts_it_at_once_and_the_younger_does_not()
    {
        Assert.Equal("Start", Text(SingletonState.Start(Old, Old, Rules).OnOldest(Old)));
        Assert.Equal("", Text(SingletonState.Start(Young, Old, Rules).OnOldest(Old)));
    }

    [Fact]
    public void It_is_handed_over_before_it_is_started_elsewhere()
    {
        SingletonState old = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnSelfExiting().State;
        SingletonState young = SingletonState.Start(Young, Old, Rules);

        SingletonStep asks = young.OnOldest(Young);
        Assert.Equal("Send HandOverToMe to 8001, Retry", Text(asks));
        SingletonStep offers = old.OnOldest(Young);
        Assert.Equal("Send TakeOverFromMe to 8002, Retry", Text(offers));
        SingletonStep stops = offers.State.OnMessage(HandOverToMe.Instance, Young.Address, Young);
        Assert.Equal("Reply HandOverInProgress, Stop", Text(stops));
        SingletonStep gone = stops.State.OnSingletonStopped();
        Assert.Equal("Send HandOverDone to 8002, StopManager", Text(gone));
        Assert.Equal("Start", Text(asks.State.OnMessage(HandOverDone.Instance, Old.Address)));
    }

    [Fact]
    public void An_oldest_that_was_removed_is_not_waited_for()
    {
        SingletonState young = SingletonState.Start(Young, Old, Rules).OnOldest(Young).State;

        Assert.Equal("Start", Text(young.OnRemoved(Old)));
    }

    [Fact]
    public void A_manager_that_comes_late_waits_for_those_who_were_going_before()
    {
        SingletonState late = SingletonState.Start(Young, Young, Rules) with { Previous = [Old] };

        SingletonStep asks = late.OnOldest(Young);
        Assert.Equal("Send HandOverToMe to 8001, Retry", Text(asks));
        Assert.Equal("Start", Text(asks.State.OnMessage(HandOverDone.Instance, Old.Address)));
        Assert.Equal("Start", Text(asks.State.OnRemoved(Old)));
    }

    [Fact]
    public void When_several_go_at_once_it_is_asked_of_all_of_them()
    {
        // The first has it; the second, who goes in the same moment, never got it and says so.
        SingletonState third = SingletonState.Start(Node(3), Old, Rules).OnOldest(Young).State;

        SingletonStep asks = third.OnOldest(Node(3));
        Assert.Equal("Send HandOverToMe to 8001, Send HandOverToMe to 8002, Retry", Text(asks));
        SingletonStep waits = asks.State.OnMessage(HandOverDone.Instance, Young.Address);
        Assert.Equal("", Text(waits));
        Assert.Equal("Send HandOverToMe to 8001, Retry", Text(waits.State.OnRetry()));
        Assert.Equal("Start", Text(waits.State.OnRemoved(Old)));
    }

    [Fact]
    public void Who_gave_it_away_and_is_still_the_oldest_takes_it_back()
    {
        SingletonState old = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;

        SingletonStep given = old.OnMessage(HandOverToMe.Instance, Young.Address, Young).State.OnSingletonStopped();
        UniqueAddress former = new(Young.Address, 99);
        Assert.Equal("", Text(given.State.OnRemoved(former)));
        Assert.Equal("Send HandOverDone to 8002, Retry", Text(given));
        Assert.Equal("Reply HandOverDone", Text(given.State.OnMessage(HandOverToMe.Instance, Young.Address)));
        Assert.Equal("Send HandOverToMe to 8002, Retry", Text(given.State.OnRetry()));
        Assert.Equal("Start", Text(given.State.OnRemoved(Young)));
        Assert.Equal("", Text(given.State.OnOldest(Young).State.OnRemoved(Node(3))));
    }

    [Fact]
    public void Who_goes_without_knowing_it_yet_does_not_get_it_back()
    {
        // It asks, but is Exiting as far as the oldest knows, and will stop asking when it knows that, too.
        SingletonState oldest = SingletonState.Start(Young, Old, Rules).OnOldest(Young).State
            .OnMessage(HandOverDone.Instance, Old.Address).State;

        SingletonStep asked = oldest.OnMessage(HandOverToMe.Instance, Old.Address, member: null);
        Assert.Equal("", Text(asked));
        Assert.Equal(SingletonPhase.Oldest, asked.State.Phase);
    }

    [Fact]
    public void Who_becomes_the_oldest_again_while_its_singleton_stops_starts_another()
    {
        SingletonState was = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnOldest(Young).State;
        SingletonState stopping = was.OnOldest(null).State;
        Assert.Equal(SingletonPhase.HandingOver, stopping.Phase);

        SingletonStep stopped = stopping.OnOldest(Old).State.OnSingletonStopped();
        Assert.Equal("Send HandOverToMe to 8002, Retry", Text(stopped.State.OnRetry()));
        Assert.Equal("Start", Text(stopped.State.OnRemoved(Young)));
    }

    [Fact]
    public void Who_gave_it_to_one_does_not_tell_another_that_it_is_free()
    {
        SingletonState old = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnOldest(Young).State;

        SingletonState stops = old.OnMessage(HandOverToMe.Instance, Young.Address, Young).State;
        SingletonState given = stops.OnSingletonStopped().State;
        Assert.Equal("", Text(given.OnMessage(HandOverToMe.Instance, Node(3).Address, Node(3))));
        Assert.Equal("Reply HandOverDone", Text(given.OnMessage(HandOverToMe.Instance, Young.Address, Young)));
        SingletonState later = given.OnRemoved(Young).State;
        Assert.Equal("Reply HandOverDone", Text(later.OnMessage(HandOverToMe.Instance, Node(3).Address, Node(3))));
    }

    [Fact]
    public void Without_an_answer_it_is_asked_for_again_but_not_after_a_promise()
    {
        SingletonState young = SingletonState.Start(Young, Old, Rules).OnOldest(Young).State;

        Assert.Equal("Send HandOverToMe to 8001, Retry", Text(young.OnRetry()));
        Assert.Equal("Retry", Text(young.OnMessage(HandOverInProgress.Instance, Old.Address).State.OnRetry()));
    }

    [Fact]
    public void Who_never_had_it_says_so()
    {
        SingletonState young = SingletonState.Start(Young, Old, Rules).OnOldest(Old).State;

        Assert.Equal("Reply HandOverDone", Text(young.OnMessage(HandOverToMe.Instance, Node(3).Address)));
        Assert.Equal("", Text(young.OnSelfExiting().State.OnMessage(HandOverToMe.Instance, Node(3).Address)));
    }

    [Fact]
    public void Who_is_alone_stops_it_and_goes()
    {
        SingletonState alone = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnSelfExiting().State;

        SingletonStep stops = alone.OnOldest(null);
        Assert.Equal("Stop", Text(stops));
        Assert.Equal("StopManager", Text(stops.State.OnSingletonStopped()));
    }

    private static UniqueAddress Node(int number) =>
        new(new Address("akka.tcp", "s", "127.0.0.1", 8000 + number), number);
}
