using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;

namespace Akka.Tests.Specs.Pattern;

public sealed class BackoffSupervisorSpec()
    : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(3);

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private Props Child => Props.Create(() => new Fragile(TestActor));

    [Fact]
    public void A_child_that_stopped_comes_back_after_a_delay_that_grows()
    {
        IActorRef supervisor = Supervise(Backoff.OnStop(Child, "child", Min, Max, 0, -1).WithManualReset());
        foreach (TimeSpan delay in new[] { Min, Min * 2, Max, Max })
        {
            ExpectMsg("born");
            End(supervisor, "stop");
            Time.Advance(delay - TimeSpan.FromTicks(1));
            Assert.Null(CurrentChild(supervisor));
            Time.Advance(TimeSpan.FromTicks(1));
        }
        ExpectMsg("born");
    }

    [Fact]
    public void A_child_that_failed_comes_back_after_the_delay()
    {
        IActorRef supervisor = Supervise(Backoff.OnFailure(Child, "child", Min, Max, 0, -1).WithManualReset());
        ExpectMsg("born");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => End(supervisor, "crash"));
        Time.Advance(Min);
        ExpectMsg("born");
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(1, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(0, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
    }

    [Fact]
    public void After_the_last_retry_the_supervisor_stops_too()
    {
        IActorRef supervisor = Supervise(Backoff.OnStop(Child, "child", Min, Max, 0, 1).WithManualReset());
        Watch(supervisor);
        ExpectMsg("born");
        End(supervisor, "stop");
        Time.Advance(Min);
        ExpectMsg("born");
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void While_there_is_no_child_senders_are_told_so_if_that_was_asked_for()
    {
        IActorRef supervisor =
            Supervise(Backoff.OnStop(Child, "child", Min, Max, 0, -1).WithReplyWhileStopped("closed"));
        ExpectMsg("born");
        supervisor.Tell("hello");
        ExpectMsg("hello");
        End(supervisor, "stop");
        supervisor.Tell("hello");
        ExpectMsg("closed");
    }

    [EmbeddedTheory("Akka.NET takes any number")]
    [InlineData(-1.0)]
    [InlineData(1.5)]
    public void A_random_factor_must_be_a_part(double factor) =>
        Assert.Throws<ArgumentException>(() => Backoff.OnStop(Child, "child", Min, Max, factor, -1));

    [Fact]
    public void A_child_that_ends_by_itself_ends_the_supervisor_of_failures()
    {
        IActorRef supervisor = Supervise(Backoff.OnFailure(Child, "child", Min, Max, 0, -1));
        Watch(supervisor);
        ExpectMsg("born");
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void After_the_last_allowed_failure_the_supervisor_stops_too()
    {
        IActorRef supervisor = Supervise(Backoff.OnFailure(Child, "child", Min, Max, 0, -1).WithManualReset()
            .WithMaxNrOfRetries(1));
        Watch(supervisor);
        ExpectMsg("born");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => End(supervisor, "crash"));
        Time.Advance(Min);
        ExpectMsg("born");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("crash"));
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_child_that_lives_for_long_has_its_count_forgotten()
    {
        IActorRef supervisor = Supervise(Backoff.OnStop(Child, "child", Min, Max, 0, -1).WithAutoReset(Max));
        ExpectMsg("born");
        End(supervisor, "stop");
        Time.Advance(Min);
        ExpectMsg("born");
        Assert.Equal(1, Restarts(supervisor));
        Time.Advance(Max);
        Assert.Equal(0, Restarts(supervisor));
    }

    [Fact]
    public void A_failure_stops_the_child_where_that_is_asked_for()
    {
        IActorRef supervisor = Supervise(
            Backoff.OnStop(Child, "child", Min, Max, 0, -1).WithDefaultStoppingStrategy());
        ExpectMsg("born");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => End(supervisor, "crash"));
        Time.Advance(Min);
        ExpectMsg("born");
    }

    [Fact]
    public void After_a_final_message_the_next_stop_is_the_last()
    {
        IActorRef supervisor = Supervise(
            Backoff.OnStop(Child, "child", Min, Max, 0, -1).WithFinalStopMessage(message => message is "stop"));
        Watch(supervisor);
        ExpectMsg("born");
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    private int Restarts(IActorRef supervisor)
    {
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        return ExpectMsg<BackoffSupervisor.RestartCount>().Count;
    }

    private IActorRef Supervise(BackoffOptions options) => Sys.ActorOf(BackoffSupervisor.Props(options));

    private void End(IActorRef supervisor, string how)
    {
        IActorRef child = CurrentChild(supervisor)!;
        Watch(child);
        supervisor.Tell(how);
        ExpectTerminated(child);
        AwaitCondition(() => CurrentChild(supervisor) is null);
    }

    private IActorRef? CurrentChild(IActorRef supervisor)
    {
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        return ExpectMsg<BackoffSupervisor.CurrentChild>().Ref;
    }

    private sealed class Fragile : ReceiveActor
    {
        private readonly IActorRef _observer;

        public Fragile(IActorRef observer)
        {
            _observer = observer;
            Receive<string>(text => text == "crash", _ => throw new InvalidOperationException("on purpose"));
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreStart() => _observer.Tell("born");
    }
}
