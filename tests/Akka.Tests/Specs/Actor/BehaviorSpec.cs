using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Specs.Actor;

/// <summary>Which handler gets a message, and how an actor changes its mind.</summary>
public sealed class BehaviorSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF")
{
    private sealed class Chooser : ReceiveActor
    {
        public Chooser()
        {
            Receive<int>(number => Sender.Tell("negative"), number => number < 0);
            Receive<int>(number => number > 100, number => Sender.Tell("big"));
            Receive<int>(number =>
            {
                if (number % 2 != 0) return false;
                Sender.Tell("even");
                return true;
            });
            Receive<int>(number => Sender.Tell("odd"));
            Receive(typeof(string), text => Sender.Tell($"text {text}"));
            Receive<IEnumerable<int>>(list => Sender.Tell($"list {list.Count()}"));
            Receive<Exception>(failure => Sender.Tell("exception"));
            ReceiveAny(message => Sender.Tell($"any {message}"));
        }
    }

    [Theory]
    [InlineData(-1, "negative")]
    [InlineData(101, "big")]
    [InlineData(2, "even")]
    [InlineData(3, "odd")]
    [InlineData("a", "text a")]
    [InlineData(1.5, "any 1.5")]
    public void The_first_handler_that_fits_gets_the_message(object message, string answer)
    {
        Sys.ActorOf(Props.Create<Chooser>()).Tell(message);
        ExpectMsg(answer);
    }

    [Fact]
    public void Handlers_fit_subclasses_and_interfaces()
    {
        IActorRef chooser = Sys.ActorOf(Props.Create<Chooser>());
        chooser.Tell(new InvalidOperationException());
        ExpectMsg("exception");
        chooser.Tell(new List<int> { 1, 2 });
        ExpectMsg("list 2");
    }

    private sealed class Picky : ReceiveActor
    {
        public Picky() => Receive<string>(text => Sender.Tell(text));
    }

    [Fact]
    public void A_message_without_a_handler_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        IActorRef picky = Sys.ActorOf(Props.Create<Picky>());
        picky.Tell(42);
        UnhandledMessage letter = ExpectMsg<UnhandledMessage>();
        Assert.Equal(42, letter.Message);
        Assert.Equal(picky, letter.Recipient);
        Assert.Equal(TestActor, letter.Sender);
    }

    private sealed class TooLate : ReceiveActor
    {
        public TooLate(IActorRef listener)
        {
            ReceiveAny(_ => { });
            listener.Tell(Record.Exception(() => Receive<string>(_ => { }))!);
        }
    }

    [Fact]
    public void Nothing_can_be_declared_after_ReceiveAny()
    {
        Sys.ActorOf(Props.Create(() => new TooLate(TestActor)));
        ExpectMsg<InvalidOperationException>();
    }

    private sealed class Door : ReceiveActor
    {
        public Door() => Closed();

        private void Closed()
        {
            Receive<string>(text => text == "open", _ => Become(Open));
            Receive<string>(text => Sender.Tell($"closed {text}"));
        }

        private void Open()
        {
            Receive<string>(text => text == "close", _ => Become(Closed));
            Receive<string>(text => text == "paint", _ => BecomeStacked(Wet));
            Receive<string>(text => Sender.Tell($"open {text}"));
        }

        private void Wet()
        {
            Receive<string>(text => text == "dry", _ => UnbecomeStacked());
            Receive<string>(text => Sender.Tell($"wet {text}"));
        }
    }

    [Fact]
    public void Behaviours_are_replaced_and_stacked()
    {
        IActorRef door = Sys.ActorOf(Props.Create<Door>());
        foreach (string text in new[] { "1", "open", "2", "paint", "3", "dry", "4", "close", "5" }) door.Tell(text);
        ExpectMsg("closed 1");
        ExpectMsg("open 2");
        ExpectMsg("wet 3");
        ExpectMsg("open 4");
        ExpectMsg("closed 5");
    }

    private sealed class Mood : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "angry") BecomeStacked(Angry);
            else if (message is "fail") throw new InvalidOperationException();
            else Sender.Tell("calm");
        }

        private void Angry(object message)
        {
            if (message is "calm") UnbecomeStacked();
            else if (message is "fail") throw new InvalidOperationException();
            else Sender.Tell("angry");
        }
    }

    [Fact]
    public void An_untyped_actor_changes_too_and_a_restart_begins_anew()
    {
        IActorRef mood = Sys.ActorOf(Props.Create<Mood>());
        foreach (string text in new[] { "?", "angry", "?", "calm", "?", "angry", "fail", "?" }) mood.Tell(text);
        ExpectMsg("calm");
        ExpectMsg("angry");
        ExpectMsg("calm");
        ExpectMsg("calm");
    }

    private sealed class Slow : ReceiveActor
    {
        private readonly List<string> _log = [];

        public Slow(IActorRef listener)
        {
            ReceiveAsync<string>(async text =>
            {
                _log.Add($"begin {text}");
                IActorRef asker = Sender;
                await Task.Yield();
                Context.System.ToString();
                if (!Sender.Equals(asker)) listener.Tell("the sender changed");
                await Task.Yield();
                if (text == "fail") throw new InvalidOperationException("later");
                _log.Add($"end {text}");
                Sender.Tell(string.Join(',', _log));
            });
            Receive<int>(number => Sender.Tell($"number {number} after {_log.Count}"));
            _listener = listener;
        }

        private readonly IActorRef _listener;

        protected override void PostRestart(Exception reason) => _listener.Tell($"restarted: {reason.Message}");
    }

    [Fact]
    public void An_async_handler_is_finished_before_the_next_message()
    {
        IActorRef slow = Sys.ActorOf(Props.Create(() => new Slow(TestActor)));
        slow.Tell("a");
        slow.Tell(1);
        slow.Tell("b");
        ExpectMsg("begin a,end a");
        ExpectMsg("number 1 after 2");
        ExpectMsg("begin a,end a,begin b,end b");
    }

    [Fact]
    public void A_failure_after_an_await_is_a_failure_of_the_actor()
    {
        IActorRef slow = Sys.ActorOf(Props.Create(() => new Slow(TestActor)));
        slow.Tell("fail");
        slow.Tell(1);
        ExpectMsg("restarted: later");
        ExpectMsg("number 1 after 0");
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(IActorRef listener)
        {
            ReceiveAsync<Task>(async task =>
            {
                listener.Tell("began");
                try
                {
                    await task;
                    listener.Tell("went on");
                }
                finally
                {
                    listener.Tell("released");
                }
            });
            ReceiveAny(message => Sender.Tell(message));
            _listener = listener;
        }

        private readonly IActorRef _listener;

        protected override void PostStop() => _listener.Tell("stopped");
    }

    [EmbeddedFact("an actor of Akka.NET stops only when the awaited task has ended")]
    public void An_actor_can_be_stopped_while_it_awaits_and_the_rest_of_the_handler_still_runs()
    {
        IActorRef waiting = Sys.ActorOf(Props.Create(() => new Waiting(TestActor)));
        TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Tell(later.Task);
        waiting.Tell("not handled while the task is open");
        ExpectMsg("began");
        ((IInternalActorRef)waiting).Stop();
        ExpectMsg("stopped");
        later.SetResult();
        ExpectMsg("went on");
        ExpectMsg("released");
    }

    [EmbeddedFact("an actor of Akka.NET restarts only when the awaited task has ended")]
    public void An_actor_that_is_restarted_while_it_awaits_does_not_wait_for_its_former_self()
    {
        IActorRef waiting = Sys.ActorOf(Props.Create(() => new Waiting(TestActor)));
        waiting.Tell(new TaskCompletionSource().Task);
        waiting.Tell("next");
        ExpectMsg("began");
        ((IInternalActorRef)waiting).Suspend();
        ((IInternalActorRef)waiting).Restart(new InvalidOperationException());
        ExpectMsg("stopped");
        ExpectMsg("next");
    }

    private sealed class AsyncAnything : ReceiveActor
    {
        public AsyncAnything()
        {
            ReceiveAsync<int>(async number =>
            {
                await Task.Yield();
                Sender.Tell(number + 1);
            }, number => number > 0);
            ReceiveAnyAsync(async message =>
            {
                await Task.Yield();
                Sender.Tell($"any {message}");
            });
        }
    }

    [Fact]
    public void Async_handlers_have_predicates_and_a_catch_all()
    {
        IActorRef actor = Sys.ActorOf(Props.Create<AsyncAnything>());
        actor.Tell(1);
        ExpectMsg(2);
        actor.Tell(-1);
        ExpectMsg("any -1");
    }

    private sealed class Interceptor : ReceiveActor
    {
        public Interceptor() => Receive<string>(text => Sender.Tell(text));

        protected override bool AroundReceive(Receive receive, object message) =>
            base.AroundReceive(receive, message is "secret" ? "***" : message);
    }

    [Fact]
    public void A_class_can_stand_before_its_own_behaviour()
    {
        IActorRef actor = Sys.ActorOf(Props.Create<Interceptor>());
        actor.Tell("secret");
        ExpectMsg("***");
    }

    private sealed class Sleeper : ReceiveActor
    {
        public Sleeper()
        {
            SetReceiveTimeout(TimeSpan.FromMilliseconds(30));
            IActorRef listener = ActorRefs.Nobody;
            Receive<IActorRef>(actor => listener = actor);
            Receive<ReceiveTimeout>(_ =>
            {
                SetReceiveTimeout(null);
                listener.Tell("nothing came");
            });
        }
    }

    [Fact]
    public void Silence_is_told_by_the_receive_timeout()
    {
        Sys.ActorOf(Props.Create<Sleeper>()).Tell(TestActor);
        ExpectMsg("nothing came");
        ExpectNoMsg(TimeSpan.FromMilliseconds(80));
    }
}
