using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>What happens to whom when an actor throws.</summary>
public sealed class SupervisionSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
{
    private sealed record Make(Props Props, string? Name = null);

    private sealed class Boss(SupervisorStrategy strategy) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Make make: Sender.Tell(Context.ActorOf(make.Props, make.Name)); break;
                case Exception failure: throw failure;
                default: Sender.Tell(message); break;
            }
        }

        protected override void PreRestart(Exception reason, object message)
        {
            // The children stay, and are restarted with their parent.
        }
    }

    private sealed class Counter : ReceiveActor
    {
        private int _count;

        public Counter(IActorRef listener)
        {
            Receive<Exception>(failure => throw failure);
            Receive<string>(text => text == "get", _ => Sender.Tell(_count));
            ReceiveAny(_ => _count++);
            _listener = listener;
        }

        private readonly IActorRef _listener;

        protected override void PostRestart(Exception reason) => _listener.Tell($"{Self.Path.Name} restarted");

        protected override void PostStop() => _listener.Tell($"{Self.Path.Name} stopped");

        protected override void PreRestart(Exception reason, object message)
        {
        }
    }

    private IActorRef BossWith(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Boss(strategy)));

    private IActorRef Child(IActorRef boss, string name)
    {
        boss.Tell(new Make(Props.Create(() => new Counter(TestActor)), name));
        return ExpectMsg<IActorRef>();
    }

    private static Directive ByType(Exception failure) => failure switch
    {
        ArithmeticException => Directive.Resume,
        ArgumentException => Directive.Stop,
        NotSupportedException => Directive.Escalate,
        _ => Directive.Restart,
    };

    [Fact]
    public void Resume_keeps_the_state()
    {
        IActorRef child = Child(BossWith(new OneForOneStrategy(ByType)), "c");
        child.Tell(1);
        child.Tell(new ArithmeticException());
        child.Tell("get");
        ExpectMsg(1);
    }

    [Fact]
    public void Restart_clears_the_state()
    {
        IActorRef child = Child(BossWith(new OneForOneStrategy(ByType)), "c");
        child.Tell(1);
        child.Tell(new InvalidOperationException());
        ExpectMsg("c restarted");
        child.Tell("get");
        ExpectMsg(0);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        IActorRef child = Child(BossWith(new OneForOneStrategy(ByType)), "c");
        Watch(child);
        child.Tell(new ArgumentException());
        ExpectMsg("c stopped");
        ExpectTerminated(child);
    }

    [Fact]
    public void An_escalated_failure_restarts_the_parent_and_the_children_it_kept()
    {
        IActorRef boss = BossWith(new OneForOneStrategy(ByType));
        IActorRef failing = Child(boss, "a");
        IActorRef sibling = Child(boss, "b");
        sibling.Tell(1);
        sibling.Tell("get");
        ExpectMsg(1); // Handled: a message that waits is kept over the restart.
        failing.Tell(new NotSupportedException());
        ExpectMsgAllOf(["a restarted", "b restarted"]);
        sibling.Tell("get");
        ExpectMsg(0);
    }

    [Fact]
    public void One_for_one_leaves_the_siblings_alone()
    {
        IActorRef boss = BossWith(new OneForOneStrategy(ByType));
        IActorRef failing = Child(boss, "a");
        IActorRef sibling = Child(boss, "b");
        sibling.Tell(1);
        failing.Tell(new InvalidOperationException());
        ExpectMsg("a restarted");
        sibling.Tell("get");
        ExpectMsg(1);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        IActorRef boss = BossWith(new AllForOneStrategy(ByType));
        IActorRef failing = Child(boss, "a");
        IActorRef sibling = Child(boss, "b");
        sibling.Tell(1);
        sibling.Tell("get");
        ExpectMsg(1); // Handled: a message that waits is kept over the restart.
        failing.Tell(new InvalidOperationException());
        ExpectMsgAllOf(["a restarted", "b restarted"]);
        sibling.Tell("get");
        ExpectMsg(0);
    }

    [Fact]
    public void All_for_one_stops_the_siblings_too()
    {
        IActorRef boss = BossWith(new AllForOneStrategy(ByType));
        IActorRef failing = Child(boss, "a");
        Child(boss, "b");
        failing.Tell(new ArgumentException());
        ExpectMsgAllOf(["a stopped", "b stopped"]);
    }

    [Fact]
    public void More_restarts_than_allowed_stop_the_child()
    {
        IActorRef child = Child(BossWith(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), ByType)), "c");
        Watch(child);
        for (int time = 0; time < 2; time++)
        {
            child.Tell(new InvalidOperationException());
            ExpectMsg("c restarted");
        }
        child.Tell(new InvalidOperationException());
        ExpectMsg("c stopped");
        ExpectTerminated(child);
    }

    [Fact]
    public void No_restart_allowed_stops_the_child_at_once()
    {
        IActorRef child = Child(BossWith(new OneForOneStrategy(0, TimeSpan.FromMinutes(1), ByType)), "c");
        child.Tell(new InvalidOperationException());
        ExpectMsg("c stopped");
    }

    private sealed class BornDead : ReceiveActor
    {
        public BornDead() => throw new InvalidOperationException("no");
    }

    private sealed class DeadOnArrival : ReceiveActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no");
    }

    private sealed class SecondTimeLucky : ReceiveActor
    {
        private static int s_attempts;

        public SecondTimeLucky()
        {
            if (Interlocked.Increment(ref s_attempts) == 1) throw new InvalidOperationException("first time");
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    [Theory]
    [InlineData(typeof(BornDead))]
    [InlineData(typeof(DeadOnArrival))]
    public void An_actor_that_cannot_be_made_is_stopped_by_default(Type type)
    {
        IActorRef boss = BossWith(SupervisorStrategy.DefaultStrategy);
        boss.Tell(new Make(Props.Create(type)));
        IActorRef child = ExpectMsg<IActorRef>();
        Watch(child);
        ExpectTerminated(child);
    }

    [Fact]
    public void An_actor_that_cannot_be_made_is_made_again_if_its_parent_says_restart()
    {
        IActorRef boss = BossWith(new OneForOneStrategy(_ => Directive.Restart));
        boss.Tell(new Make(Props.Create(() => new SecondTimeLucky())));
        IActorRef child = ExpectMsg<IActorRef>();
        child.Tell("there?");
        ExpectMsg("there?");
    }

    [Fact]
    public void While_a_decision_is_open_the_child_handles_nothing()
    {
        using ManualResetEventSlim decide = new();
        OneForOneStrategy slow = new(_ =>
        {
            decide.Wait(TimeSpan.FromSeconds(5));
            return Directive.Resume;
        });
        IActorRef child = Child(BossWith(slow), "c");
        child.Tell(new InvalidOperationException());
        child.Tell("get");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        decide.Set();
        ExpectMsg(0);
    }

    [Fact]
    public void The_decider_sees_the_exception_of_a_constructor_wrapped()
    {
        TaskCompletionSource<Exception> seen = new();
        IActorRef boss = BossWith(new OneForOneStrategy(failure =>
        {
            seen.TrySetResult(failure);
            return Directive.Stop;
        }));
        boss.Tell(new Make(Props.Create<BornDead>()));
        ExpectMsg<IActorRef>();
        Exception failure = seen.Task.WaitAsync(TimeSpan.FromSeconds(5)).Result;
        Assert.IsType<ActorInitializationException>(failure);
        Exception root = failure;
        while (root.InnerException is not null) root = root.InnerException;
        Assert.Equal("no", root.Message);
    }

    [Fact]
    public void Deciders_are_made_of_pairs()
    {
        IDecider decider = Decider.From(Directive.Restart,
            Directive.Stop.When<ArgumentException>(), Directive.Resume.When<SystemException>());
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Resume, decider.Decide(new ArithmeticException()));
        Assert.Equal(Directive.Restart, decider.Decide(new Exception()));
    }

    [Fact]
    public void A_death_pact_that_is_not_handled_stops_the_watcher()
    {
        IActorRef victim = Sys.ActorOf(Props.Create(() => new Counter(Nobody.Instance)));
        IActorRef watcher = Sys.ActorOf(Props.Create(() => new PactMember(victim, TestActor)));
        Watch(watcher);
        ExpectMsg("ready");
        Sys.Stop(victim);
        ExpectTerminated(watcher);
    }

    private sealed class PactMember : ReceiveActor
    {
        public PactMember(IActorRef other, IActorRef listener)
        {
            Context.Watch(other);
            listener.Tell("ready");
            Receive<string>(_ => { });
        }
    }
}
