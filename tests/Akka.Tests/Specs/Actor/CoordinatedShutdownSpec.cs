using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Akka.Tests.Specs.Actor;

/// <summary>The end of a system, phase by phase. Time is moved by the test.</summary>
public sealed class CoordinatedShutdownSpec() : Akka.TestKit.Xunit2.TestKit("""
    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    # The system outlives the run, and ends without one.
    akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
    akka.coordinated-shutdown.phases {
      one { timeout = 10s }
      two { depends-on = [one], timeout = 10s }
      three { depends-on = [two], timeout = 10s, recover = off }
      four { depends-on = [three] }
      five { depends-on = [four, nobody-described] }
      off { depends-on = [one], enabled = off }
    }
    """)
{
    private static readonly Config Ending = ConfigurationFactory.ParseString("""
        akka.coordinated-shutdown { terminate-actor-system = on, run-by-actor-system-terminate = on }
        """).WithFallback(DefaultConfig);

    private readonly List<string> _done = [];

    private CoordinatedShutdown Phases => CoordinatedShutdown.Get(Sys);

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private void Add(string phase, string name) => Phases.AddTask(phase, name, () =>
    {
        lock (_done) _done.Add(name);
        return Task.FromResult(Done.Instance);
    });

    private TaskCompletionSource<Done> AddOpen(string phase, string name)
    {
        var open = new TaskCompletionSource<Done>();
        Phases.AddTask(phase, name, () => open.Task);
        return open;
    }

    private static void Ends(Task run) => Assert.True(run.Wait(TimeSpan.FromSeconds(5)), "The shutdown did not end.");

    [Fact]
    public void Phases_run_in_the_order_of_their_dependencies()
    {
        Add("four", "4");
        Add("two", "2");
        Add("one", "1");
        Add("three", "3");
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal(["1", "2", "3", "4"], _done);
    }

    [Fact]
    public void The_built_in_phases_have_their_order()
    {
        string[] order =
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeClusterShutdown, CoordinatedShutdown.PhaseClusterShardingShutdownRegion,
            CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseClusterExiting,
            CoordinatedShutdown.PhaseClusterExitingDone, CoordinatedShutdown.PhaseClusterShutdown,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseActorSystemTerminate,
        ];
        foreach (string phase in order.Reverse()) Add(phase, phase);
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal(order, _done);
        Assert.Equal(TimeSpan.FromSeconds(5), Phases.Timeout(CoordinatedShutdown.PhaseServiceStop));
        Assert.Equal(TimeSpan.FromSeconds(10), Phases.Timeout(CoordinatedShutdown.PhaseClusterExiting));
    }

    [Fact]
    public void The_next_phase_waits_for_all_tasks_of_this_one()
    {
        TaskCompletionSource<Done> first = AddOpen("one", "first");
        TaskCompletionSource<Done> second = AddOpen("one", "second");
        Add("two", "2");
        Task run = Phases.Run(CoordinatedShutdown.UnknownReason.Instance);
        first.SetResult(Done.Instance);
        Assert.Empty(_done);
        second.SetResult(Done.Instance);
        Ends(run);
        Assert.Equal(["2"], _done);
    }

    [EmbeddedFact("Akka.NET begins a phase on another thread, and nothing tells when the clock may move")]
    public void A_late_task_is_left_behind_when_its_phase_recovers()
    {
        AddOpen("one", "never");
        Add("two", "2");
        Task run = Phases.Run(CoordinatedShutdown.UnknownReason.Instance);
        Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(run.IsCompleted);
        EventFilter.Warning(contains: "one").ExpectOne(() => Time.Advance(TimeSpan.FromSeconds(1)));
        Ends(run);
        Assert.Equal(["2"], _done);
    }

    [Fact]
    public void A_failed_task_is_logged_when_its_phase_recovers()
    {
        Phases.AddTask("one", "bad", () => throw new InvalidOperationException("broken"));
        Phases.AddTask("two", "bad too", () => Task.FromException<Done>(new InvalidOperationException("broken too")));
        Add("three", "3");
        Task? run = null;
        EventFilter.Warning(contains: "bad").Expect(
            2, () => run = Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Ends(run!);
        Assert.Equal(["3"], _done);
    }

    [Fact]
    public async Task A_phase_that_does_not_recover_ends_the_run()
    {
        Phases.AddTask("three", "bad", () => Task.FromException<Done>(new InvalidOperationException("broken")));
        Add("four", "4");
        Task run = Phases.Run(CoordinatedShutdown.UnknownReason.Instance);
        await Assert.ThrowsAnyAsync<Exception>(() => run.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Empty(_done);
    }

    [EmbeddedFact("Akka.NET begins a phase on another thread, and nothing tells when the clock may move")]
    public async Task And_so_does_a_late_one()
    {
        AddOpen("three", "never");
        Add("four", "4");
        Task run = Phases.Run(CoordinatedShutdown.UnknownReason.Instance);
        Time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<Exception>(() => run.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Empty(_done);
    }

    [Fact]
    public void It_runs_once()
    {
        Add("one", "1");
        Task first = Phases.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        Task second = Phases.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Ends(first);
        Ends(second);
        Assert.Equal(["1"], _done);
        Assert.Same(CoordinatedShutdown.ClusterLeavingReason.Instance, Phases.ShutdownReason);
    }

    [Fact]
    public void There_is_no_reason_before_it_runs() => Assert.Null(Phases.ShutdownReason);

    [Fact]
    public void It_can_begin_at_a_later_phase()
    {
        Add("one", "1");
        Add("two", "2");
        Add("three", "3");
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance, "two"));
        Assert.Equal(["2", "3"], _done);
    }

    [EmbeddedFact("Akka.NET runs them")]
    public void A_phase_that_is_switched_off_runs_no_tasks()
    {
        Add("off", "not run");
        Add("two", "2");
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal(["2"], _done);
    }

    [Fact]
    public void A_phase_that_is_only_named_holds_nothing_up()
    {
        Add("five", "5");
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal(["5"], _done);
    }

    [Fact]
    public void Unknown_phases_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => Add("no-such-phase", "x"));
        Assert.Throws<ArgumentException>(() => Phases.Timeout("no-such-phase"));
    }

    [EmbeddedFact("Akka.NET takes a task without a name")]
    public void A_task_has_a_name() => Assert.ThrowsAny<ArgumentException>(() => Add("one", ""));

    [Fact]
    public void A_task_may_add_tasks_to_later_phases()
    {
        Phases.AddTask("one", "adds", () =>
        {
            Add("two", "added");
            return Task.FromResult(Done.Instance);
        });
        Ends(Phases.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal(["added"], _done);
    }

    [Fact]
    public void Terminate_runs_the_phases_and_ends_the_system()
    {
        var done = new List<string>();
        ActorSystem system = ActorSystem.Create("ending", Ending);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "stop", () =>
        {
            done.Add("service");
            return Task.FromResult(Done.Instance);
        });
        Ends(system.Terminate());
        Assert.Equal(["service"], done);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance,
            CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public void A_run_ends_the_system_where_it_is_told_to()
    {
        ActorSystem system = ActorSystem.Create("ending", Ending);
        Ends(CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.UnknownReason.Instance));
        Ends(system.WhenTerminated);
    }

    [Fact]
    public void A_run_after_the_end_ends_too()
    {
        ActorSystem system = ActorSystem.Create("ending", Ending);
        CoordinatedShutdown phases = CoordinatedShutdown.Get(system);
        ((ExtendedActorSystem)system).Abort();
        Ends(system.WhenTerminated);
        Ends(phases.Run(CoordinatedShutdown.UnknownReason.Instance));
    }

    [Fact]
    public void Whoever_awaits_it_may_wait_for_the_system()
    {
        ActorSystem system = ActorSystem.Create("ending", Ending);
        Task<bool> after = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.UnknownReason.Instance).ContinueWith(
            _ => system.WhenTerminated.Wait(TimeSpan.FromSeconds(5)), TaskContinuationOptions.ExecuteSynchronously);
        Ends(after);
        Assert.True(after.Result);
    }
}
