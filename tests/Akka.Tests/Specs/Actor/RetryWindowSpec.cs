using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>How many restarts are allowed, in what time, and whom a decision and an escalation concern.</summary>
public sealed class RetryWindowSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(120);

    private sealed class Boss(SupervisorStrategy strategy) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case (Props props, string name): Sender.Tell(Context.ActorOf(props, name)); break;
                case Exception failure: throw failure;
                default: Sender.Tell(message); break;
            }
        }

        protected override void PreRestart(Exception reason, object message)
        {
        }
    }

    private sealed class Worker(IActorRef listener) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Exception failure) throw failure;
            Sender.Tell(message);
        }

        protected override void PostRestart(Exception reason) => listener.Tell($"{Self.Path.Name} restarted");

        protected override void PreRestart(Exception reason, object message)
        {
        }

        protected override void PostStop() => listener.Tell($"{Self.Path.Name} stopped");
    }

    private IActorRef BossWith(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Boss(strategy)));

    private IActorRef Make(IActorRef boss, Props props, string name)
    {
        boss.Tell((props, name));
        return ExpectMsg<IActorRef>();
    }

    private IActorRef NewWorker(IActorRef boss, string name) =>
        Make(boss, Props.Create(() => new Worker(TestActor)), name);

    private static Directive Restart(Exception failure) => Directive.Restart;

    [Fact]
    public void Restarts_are_forgotten_when_their_time_is_over()
    {
        IActorRef worker = NewWorker(BossWith(new OneForOneStrategy(1, Short, Restart)), "w");
        for (int time = 0; time < 3; time++)
        {
            worker.Tell(new InvalidOperationException());
            ExpectMsg("w restarted");
            Sys.Scheduler.ScheduleTellOnce(Short + Short, TestActor, "the time is over", ActorRefs.NoSender);
            ExpectMsg("the time is over");
        }
    }

    [Fact]
    public void Too_many_in_the_time_stop_the_child()
    {
        IActorRef worker = NewWorker(BossWith(new OneForOneStrategy(3, Long, Restart)), "w");
        for (int time = 0; time < 4; time++) worker.Tell(new InvalidOperationException());
        for (int time = 0; time < 3; time++) ExpectMsg("w restarted");
        ExpectMsg("w stopped");
    }

    [Fact]
    public void A_count_without_a_time_is_for_the_whole_life()
    {
        IActorRef worker = NewWorker(BossWith(new OneForOneStrategy(2, null, Restart)), "w");
        for (int time = 0; time < 3; time++) worker.Tell(new InvalidOperationException());
        ExpectMsg("w restarted");
        ExpectMsg("w restarted");
        ExpectMsg("w stopped");
    }

    [Fact]
    public void A_time_without_a_count_allows_one_restart_in_it()
    {
        IActorRef worker = NewWorker(BossWith(new OneForOneStrategy(null, Long, Restart)), "w");
        for (int time = 0; time < 2; time++) worker.Tell(new InvalidOperationException());
        ExpectMsg("w restarted");
        ExpectMsg("w stopped");
    }

    [Fact]
    public void Every_child_has_a_count_of_its_own()
    {
        IActorRef boss = BossWith(new OneForOneStrategy(1, Long, Restart));
        foreach (IActorRef worker in new[] { NewWorker(boss, "a"), NewWorker(boss, "b") })
        {
            worker.Tell(new InvalidOperationException());
            ExpectMsg($"{worker.Path.Name} restarted");
        }
    }

    [Fact]
    public void When_all_are_for_one_the_failures_of_each_count_for_all()
    {
        IActorRef boss = BossWith(new AllForOneStrategy(1, Long, Restart));
        IActorRef a = NewWorker(boss, "a");
        IActorRef b = NewWorker(boss, "b");
        a.Tell(new InvalidOperationException());
        ExpectMsgAllOf(["a restarted", "b restarted"]);
        b.Tell(new InvalidOperationException());
        ExpectMsgAllOf(["a stopped", "b stopped"]);
    }

    [Fact]
    public void Resuming_is_not_counted()
    {
        IActorRef worker = NewWorker(BossWith(new OneForOneStrategy(1, Long, _ => Directive.Resume)), "w");
        for (int time = 0; time < 5; time++) worker.Tell(new InvalidOperationException());
        worker.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void While_a_decision_is_open_the_children_of_the_failed_wait_too()
    {
        using ManualResetEventSlim decide = new();
        IActorRef top = BossWith(new OneForOneStrategy(_ =>
        {
            decide.Wait(TimeSpan.FromSeconds(5));
            return Directive.Resume;
        }));
        IActorRef middle = Make(top, Props.Create(() => new Boss(SupervisorStrategy.DefaultStrategy)), "middle");
        IActorRef low = NewWorker(middle, "low");
        middle.Tell(new InvalidOperationException());
        // The failure suspends the children before it is reported, but the sender cannot know when; an answered question
        // to the failed one itself, by Identify through the tree, would wait as well.
        AwaitAssert(() =>
        {
            low.Tell("busy?");
            ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        });
        decide.Set();
        FishForMessage(message => message is "busy?");
    }

    [Fact]
    public void While_a_decision_is_open_the_failed_can_be_watched_and_stopped()
    {
        using ManualResetEventSlim decide = new();
        IActorRef boss = BossWith(new OneForOneStrategy(_ =>
        {
            decide.Wait(TimeSpan.FromSeconds(5));
            return Directive.Resume;
        }));
        IActorRef worker = NewWorker(boss, "w");
        Watch(worker);
        worker.Tell(new InvalidOperationException());
        ((IInternalActorRef)worker).Stop();
        ExpectMsg("w stopped");
        decide.Set();
        ExpectTerminated(worker);
    }

    [Fact]
    public void A_failure_climbs_as_far_as_it_is_escalated()
    {
        IActorRef top = BossWith(new OneForOneStrategy(_ => Directive.Stop));
        IActorRef middle = Make(top, Props.Create(
            () => new Boss(new OneForOneStrategy(_ => Directive.Escalate))), "middle");
        IActorRef lower = Make(middle, Props.Create(
            () => new Boss(new OneForOneStrategy(_ => Directive.Escalate))), "lower");
        IActorRef worker = NewWorker(lower, "w");
        Watch(middle);
        worker.Tell(new InvalidOperationException());
        ExpectMsg("w stopped");
        ExpectTerminated(middle);
        top.Tell("top lives");
        ExpectMsg("top lives");
    }

    [Fact]
    public void A_decider_that_throws_fails_the_parent()
    {
        TaskCompletionSource<Exception> seen = new();
        IActorRef top = BossWith(new OneForOneStrategy(failure =>
        {
            seen.TrySetResult(failure);
            return Directive.Stop;
        }));
        OneForOneStrategy undecided = new(_ => throw new NotSupportedException("no decision"));
        IActorRef middle = Make(top, Props.Create(() => new Boss(undecided)), "middle");
        IActorRef worker = NewWorker(middle, "w");
        Watch(middle);
        worker.Tell(new InvalidOperationException());
        ExpectMsg("w stopped");
        ExpectTerminated(middle);
        Assert.Equal("no decision", seen.Task.Result.Message);
    }

    [Fact]
    public void Props_can_bring_the_strategy()
    {
        IActorRef boss = Sys.ActorOf(Props.Create(() => new Boss(SupervisorStrategy.DefaultStrategy))
            .WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy));
        IActorRef worker = NewWorker(boss, "w");
        worker.Tell(new InvalidOperationException());
        ExpectMsg("w stopped");
    }
}
