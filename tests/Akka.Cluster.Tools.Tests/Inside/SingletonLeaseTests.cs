using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

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

        Assert.Equal("", Text(runs.OnLeaseLost(0)));
        SingletonStep stops = runs.OnLeaseLost(1);
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
        Assert.Equal("Release", Text(stopped));
        SingletonStep done = stopped.State.OnLeaseReleased();
        Assert.Equal("Send HandOverDone to 8002", Text(done));
        Assert.Equal("", Text(done.State.OnLeaseReleased()));
    }

    [Fact]
    public void Who_asks_for_it_in_vain_hands_over_what_it_has_not()
    {
        SingletonState asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;

        SingletonStep asked = asks.OnMessage(HandOverToMe.Instance, Young.Address, Young);
        Assert.Equal("Reply HandOverInProgress, Stop", Text(asked));
        Assert.Equal("Release", Text(asked.State.OnSingletonStopped()));
    }

    [Fact]
    public void Who_is_asked_while_the_singleton_without_a_lease_stops_does_not_stop_it_twice()
    {
        SingletonState stopping = Running(Old).OnLeaseLost(1).State;

        SingletonStep asked = stopping.OnMessage(HandOverToMe.Instance, Young.Address, Young);
        Assert.Equal("Reply HandOverInProgress", Text(asked));
        Assert.Equal("Release", Text(asked.State.OnSingletonStopped()));

        SingletonStep younger = stopping.OnOldest(Young);
        Assert.Equal("", Text(younger));
        Assert.Equal("Release", Text(younger.State.OnSingletonStopped()));
    }

    [Fact]
    public void A_grant_that_comes_when_another_is_the_oldest_is_given_back()
    {
        SingletonStep younger = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State.OnOldest(Young);
        Assert.Equal("Release", Text(younger));
        Assert.Equal("Release", Text(younger.State.OnLease(1, isGranted: true)));
        Assert.Equal("", Text(younger.State.OnLease(1, isGranted: false)));
    }

    [Fact]
    public void Who_goes_waits_for_its_singleton_but_not_for_the_lease()
    {
        SingletonState asks = SingletonState.Start(Old, Old, Rules).OnOldest(Old).State;
        Assert.Equal("StopManager", Text(asks.OnSelfExiting()));

        SingletonStep exits = Running(Old).OnLeaseLost(1).State.OnSelfExiting();
        Assert.Equal("", Text(exits));
        Assert.Equal("StopManager", Text(exits.State.OnSingletonStopped()));
    }

    /// <summary>Whatever happens in whatever order: one is started only on a grant, and not while another is there; and who
    /// goes leaves none behind.</summary>
    [Fact]
    public void No_order_of_events_makes_two_or_one_without_a_lease()
    {
        int starts = 0;
        int losses = 0;
        for (int seed = 0; seed < 20_000; seed++)
        {
            var chance = new Random(seed);
            SingletonState state = SingletonState.Start(Old, chance.Next(2) == 0 ? Old : Young, Rules);
            bool runs = false;
            bool stops = false;
            for (int event_ = 0; event_ < 40 && state.Phase != SingletonPhase.Gone; event_++)
            {
                bool mayStart = false;
                SingletonStep step;
                switch (chance.Next(9))
                {
                    case 0: step = state.OnOldest(new[] { Old, Young, null }[chance.Next(3)]); break;
                    case 1: step = state.OnRemoved(Young); break;
                    case 2: step = state.OnMessage(HandOverToMe.Instance, Young.Address, Young); break;
                    case 3: step = state.OnMessage(HandOverDone.Instance, Young.Address); break;
                    case 4 when stops:
                        (runs, stops) = (false, false);
                        step = state.OnSingletonStopped();
                        break;
                    case 5: step = state.OnLeaseReleased(); break;
                    case 6:
                        mayStart = chance.Next(2) == 0;
                        step = state.OnLease(state.LeaseQuestion - chance.Next(2), mayStart);
                        break;
                    case 7:
                        losses++;
                        step = state.OnLeaseLost(state.LeaseQuestion - chance.Next(2));
                        break;
                    case 8 when chance.Next(10) == 0: step = state.OnSelfExiting(); break;
                    default: step = state.OnLeaseRetry(state.LeaseQuestion); break;
                }

                state = step.State;
                foreach (SingletonEffect effect in step.Effects)
                {
                    if (effect is SingletonEffect.StartSingleton)
                    {
                        Assert.True(mayStart && !runs, $"seed {seed}: started in {state}");
                        runs = true;
                        starts++;
                    }
                    else if (effect is SingletonEffect.StopSingleton)
                    {
                        Assert.False(stops, $"seed {seed}: told to stop twice in {state}");
                        if (runs) stops = true;
                        else state = state.OnSingletonStopped().State;
                    }
                    else if (effect is SingletonEffect.StopManager)
                    {
                        Assert.False(runs, $"seed {seed}: left one behind in {state}");
                    }
                }

                bool needsLease = state.Phase is SingletonPhase.Oldest or SingletonPhase.WasOldest;
                Assert.True(!needsLease || (runs && !stops), $"seed {seed}: {state} without a singleton");
            }
        }

        Assert.True(starts > 1000 && losses > 1000, $"{starts} starts and {losses} losses show little");
    }

    private static SingletonState Running(UniqueAddress node) =>
        SingletonState.Start(node, node, Rules).OnOldest(node).State.OnLease(1, isGranted: true).State;

    private static UniqueAddress Node(int number) =>
        new(new Address("akka.tcp", "s", "127.0.0.1", 8000 + number), number);

    private static string Text(SingletonStep step) => string.Join(", ", step.Effects.Select(effect => effect switch
    {
        SingletonEffect.Send send => $"Send {send.Message.GetType().Name} to {send.To.Port}",
        SingletonEffect.Reply reply => $"Reply {reply.Message.GetType().Name}",
        SingletonEffect.StartSingleton => "Start",
        SingletonEffect.StopSingleton => "Stop",
        SingletonEffect.AcquireLease acquire => $"Acquire {acquire.Question}",
        SingletonEffect.RetryLease retry => $"Retry {retry.Question}",
        SingletonEffect.ReleaseLease => "Release",
        _ => effect.GetType().Name,
    }));
}
