using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Specs.Actor;

/// <summary>From creation to the end: hooks, restarts, names, incarnations, the order of ends.</summary>
public sealed class LifecycleSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = ERROR")
{
    private sealed record Fail(string Why = "as told");

    /// <summary>Tells a listener of every hook, with the number of the actor object.</summary>
    private class Diary : ReceiveActor
    {
        private static int s_objects;
        private readonly IActorRef _listener;
        private readonly int _object = Interlocked.Increment(ref s_objects);

        public Diary(IActorRef listener)
        {
            _listener = listener;
            Receive<Fail>(fail => throw new InvalidOperationException(fail.Why));
            Receive<string>(text => text == "who", _ => Sender.Tell(_object));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreStart() => _listener.Tell("preStart");

        protected override void PostStop() => _listener.Tell("postStop");

        protected override void PreRestart(Exception reason, object message)
        {
            _listener.Tell($"preRestart {reason.Message} {message.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            _listener.Tell($"postRestart {reason.Message}");
            base.PostRestart(reason);
        }
    }

    [Fact]
    public void Hooks_run_at_start_and_stop()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Diary(TestActor)));
        ExpectMsg("preStart");
        Sys.Stop(actor);
        ExpectMsg("postStop");
    }

    [Fact]
    public void A_restart_replaces_the_object_and_keeps_the_reference()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Diary(TestActor)));
        ExpectMsg("preStart");
        actor.Tell("who");
        int before = ExpectMsg<int>();
        actor.Tell(new Fail());
        ExpectMsg("preRestart as told Fail");
        ExpectMsg("postStop");
        ExpectMsg("postRestart as told");
        ExpectMsg("preStart");
        actor.Tell("who");
        Assert.NotEqual(before, ExpectMsg<int>());
    }

    [Fact]
    public void Messages_that_wait_survive_a_restart()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Diary(Nobody.Instance)));
        actor.Tell(1);
        actor.Tell(new Fail());
        for (int number = 2; number <= 50; number++) actor.Tell(number);
        for (int number = 1; number <= 50; number++) ExpectMsg(number);
    }

    [Fact]
    public void A_poison_pill_stops_after_the_messages_before_it()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Diary(Nobody.Instance)));
        Watch(actor);
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        ExpectMsg("before");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Kill_is_a_failure_that_stops()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Diary(Nobody.Instance)));
        Watch(actor);
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => actor.Tell(Kill.Instance));
        ExpectTerminated(actor);
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(IActorRef listener)
        {
            Receive<string>(name => Sender.Tell(Context.ActorOf(Props.Create(() => new Leaf(listener)), name)));
            Receive<IActorRef>(child => Context.Stop(child));
            _listener = listener;
        }

        private readonly IActorRef _listener;

        protected override void PostStop() => _listener.Tell("parent");
    }

    private sealed class Leaf(IActorRef listener) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);

        protected override void PostStop() => listener.Tell(Self.Path.Name);
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor)), "family");
        foreach (string name in new[] { "a", "b", "c" })
        {
            parent.Tell(name);
            ExpectMsg<IActorRef>();
        }
        Sys.Stop(parent);
        ExpectMsgAllOf(["a", "b", "c"]);
        ExpectMsg("parent");
    }

    [Fact]
    public void A_name_is_free_again_when_the_death_has_been_heard_of()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Parent(Nobody.Instance)));
        parent.Tell("x");
        IActorRef first = ExpectMsg<IActorRef>();
        Watch(first);
        parent.Tell(first);
        ExpectTerminated(first);
        AwaitAssert(() =>
        {
            parent.Tell("x");
            IActorRef second = ExpectMsg<IActorRef>(TimeSpan.FromMilliseconds(300));
            Assert.Equal(first.Path, second.Path);
            Assert.NotEqual(first.Path.Uid, second.Path.Uid);
            Assert.NotEqual(first, second);
        });
    }

    [Fact]
    public void A_message_to_a_former_incarnation_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef first = Sys.ActorOf(Props.Create(() => new Leaf(Nobody.Instance)), "again");
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        first.Tell("too late");
        Assert.Equal("too late", ExpectMsg<DeadLetter>().Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$mine")]
    [InlineData("with space")]
    [InlineData("slash/es")]
    [InlineData("ümlaut")]
    [InlineData("%zz")]
    public void Names_that_no_path_can_have_are_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Leaf(TestActor)), name));

    [Theory]
    [InlineData("a")]
    [InlineData("a-b_c.d*e")]
    [InlineData("%20")]
    [InlineData("(x)=y@z:1,2!~';&+$")]
    public void Names_that_paths_can_have_are_taken(string name) =>
        Assert.Equal(name, Sys.ActorOf(Props.Create(() => new Leaf(Nobody.Instance)), name).Path.Name);

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Sys.ActorOf(Props.Create(() => new Leaf(Nobody.Instance)), "once");
        InvalidActorNameException error = Assert.Throws<InvalidActorNameException>(
            () => Sys.ActorOf(Props.Create(() => new Leaf(Nobody.Instance)), "once"));
        Assert.Contains("once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_message_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => TestActor.Tell(null!));
    }

    private sealed class LeakyContext : ReceiveActor
    {
        public LeakyContext() =>
            Receive<TaskCompletionSource<Func<IActorContext>>>(leak => leak.SetResult(() => Context));
    }

    [Fact]
    public async Task The_context_is_refused_outside_of_the_actor()
    {
        TaskCompletionSource<Func<IActorContext>> leak = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.ActorOf(Props.Create(() => new LeakyContext())).Tell(leak);
        Func<IActorContext> context = await leak.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<NotSupportedException>(OutsideOfActors.Catch(() => context()));
    }

    private sealed class Hidden : ReceiveActor
    {
        internal Hidden()
        {
        }
    }

    [Fact]
    public void An_actor_is_made_by_a_public_constructor_only()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(typeof(Hidden)));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [EmbeddedFact("Akka.NET lets it be made")]
    public void An_actor_cannot_be_made_by_hand() =>
        Assert.Throws<ActorInitializationException>(() => new LeakyContext());
}
