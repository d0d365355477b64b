using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>Messages that come later: timers of an actor, and the scheduler of the system.</summary>
public sealed class TimersSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF")
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

    private sealed class Clock : ReceiveActor, IWithTimers
    {
        public Clock(IActorRef listener)
        {
            Receive<Action<ITimerScheduler>>(action => action(Timers));
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException());
            Receive<string>(text => listener.Tell(text));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private IActorRef NewClock() => Sys.ActorOf(Props.Create(() => new Clock(TestActor)));

    private static void On(IActorRef clock, Action<ITimerScheduler> action) => clock.Tell(action);

    [Fact]
    public void A_single_timer_fires_once()
    {
        On(NewClock(), timers => timers.StartSingleTimer("k", "now", Tick));
        ExpectMsg("now");
        ExpectNoMsg(Tick * 4);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_cancelled()
    {
        IActorRef clock = NewClock();
        On(clock, timers => timers.StartPeriodicTimer("k", "tick", Tick));
        for (int time = 0; time < 3; time++) ExpectMsg("tick");
        On(clock, timers =>
        {
            Assert.True(timers.IsTimerActive("k"));
            timers.Cancel("k");
            Assert.False(timers.IsTimerActive("k"));
        });
        clock.Tell("cancelled");
        FishForMessage(message => message is "cancelled");
        ExpectNoMsg(Tick * 4);
    }

    [Fact]
    public void A_new_timer_of_the_same_key_replaces_the_old_one()
    {
        IActorRef clock = NewClock();
        On(clock, timers =>
        {
            timers.StartSingleTimer("k", "old", Tick);
            timers.StartSingleTimer("k", "new", Tick);
        });
        ExpectMsg("new");
        ExpectNoMsg(Tick * 4);
    }

    [Fact]
    public void A_cancelled_timer_is_not_heard_even_if_its_message_waits_already()
    {
        IActorRef clock = NewClock();
        using ManualResetEventSlim go = new();
        On(clock, timers =>
        {
            timers.StartSingleTimer("k", "late", TimeSpan.FromMilliseconds(1));
            go.Wait(TimeSpan.FromSeconds(5));
            timers.Cancel("k");
        });
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(60), TestActor, "surely due", ActorRefs.NoSender);
        ExpectMsg("surely due");
        go.Set();
        clock.Tell("end");
        ExpectMsg("end");
        ExpectNoMsg(Tick);
    }

    [Fact]
    public void A_restart_ends_the_timers()
    {
        IActorRef clock = NewClock();
        On(clock, timers => timers.StartPeriodicTimer("k", "tick", Never, Tick));
        clock.Tell("fail");
        On(clock, timers => TestActor.Tell(timers.IsTimerActive("k")));
        ExpectMsg(false);
    }

    [Fact]
    public void The_scheduler_tells_once_and_repeatedly()
    {
        Sys.Scheduler.ScheduleTellOnce(Tick, TestActor, "once", ActorRefs.NoSender);
        ExpectMsg("once");
        ICancelable repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Tick, Tick, TestActor, "again",
            ActorRefs.NoSender);
        for (int time = 0; time < 3; time++) ExpectMsg("again");
        repeated.Cancel();
        Assert.True(repeated.IsCancellationRequested);
        TestActor.Tell("marker");
        FishForMessage(message => message is "marker");
        ExpectNoMsg(Tick * 4);
    }

    [Fact]
    public void What_is_cancelled_in_time_never_happens()
    {
        ICancelable once = Sys.Scheduler.ScheduleTellOnceCancelable(Tick * 2, TestActor, "no", ActorRefs.NoSender);
        once.Cancel();
        ICancelable action = Sys.Scheduler.Advanced.ScheduleOnceCancelable(Tick * 2, () => TestActor.Tell("no"));
        action.Cancel();
        ExpectNoMsg(Tick * 5);
    }

    [Fact]
    public void Actions_run_once_and_repeatedly()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Tick, () => TestActor.Tell("once", ActorRefs.NoSender));
        ExpectMsg("once");
        ICancelable repeated = Sys.Scheduler.Advanced.ScheduleRepeatedlyCancelable(Tick, Tick,
            () => TestActor.Tell("again", ActorRefs.NoSender));
        for (int time = 0; time < 3; time++) ExpectMsg("again");
        repeated.Cancel();
    }

    [Fact]
    public void Times_before_now_and_intervals_of_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellOnce(-Tick, TestActor, "x",
            ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellRepeatedly(Tick, TimeSpan.Zero, TestActor, "x", ActorRefs.NoSender));
    }

    [Fact]
    public void Nothing_comes_too_early()
    {
        TimeSpan start = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(55), TestActor, "due", ActorRefs.NoSender);
        ExpectMsg("due");
        Assert.True(Sys.Scheduler.MonotonicClock - start >= TimeSpan.FromMilliseconds(55));
    }
}
