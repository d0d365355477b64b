using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Specs.Actor;

/// <summary>What a restart does around the actor: its children, its watches, and what goes wrong on the way.</summary>
public sealed class RestartSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = ERROR, akka.stdout-loglevel = OFF")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(40);

    private sealed class Leaf(IActorRef listener) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);

        protected override void PostStop() => listener.Tell($"{Self.Path.Name} stopped");
    }

    /// <summary>Fails on an exception, and in its hooks as it is told.</summary>
    private sealed class Fragile : ReceiveActor
    {
        private readonly IActorRef _listener;
        private readonly string _weakness;
        private static int s_objects;

        public Fragile(IActorRef listener, string weakness)
        {
            _listener = listener;
            _weakness = weakness;
            if (weakness == "second constructor" && Interlocked.Increment(ref s_objects) == 2)
                throw new InvalidOperationException("the second constructor");
            Receive<Exception>(failure => throw failure);
            Receive<string>(text => text.StartsWith("grow ", StringComparison.Ordinal),
                text => Sender.Tell(Context.ActorOf(Props.Create(() => new Leaf(listener)), text[5..])));
            Receive<IActorRef>(other =>
            {
                Context.Watch(other);
                Sender.Tell("watching");
            });
            Receive<Terminated>(death => listener.Tell($"{death.ActorRef.Path.Name} died"));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            if (_weakness == "preRestart") throw new InvalidOperationException("in PreRestart");
            if (_weakness == "keeps children") return;
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            if (_weakness == "postRestart") throw new InvalidOperationException("in PostRestart");
            _listener.Tell($"{Self.Path.Name} restarted");
        }

        protected override void PostStop()
        {
            _listener.Tell($"{Self.Path.Name} stopped");
            if (_weakness == "postStop") throw new InvalidOperationException("in PostStop");
        }
    }

    private IActorRef NewFragile(string weakness = "") =>
        Sys.ActorOf(Props.Create(() => new Fragile(TestActor, weakness)), "fragile");

    private IActorRef Grow(IActorRef parent, string name)
    {
        parent.Tell($"grow {name}");
        return ExpectMsg<IActorRef>();
    }

    private void Break(IActorRef actor) =>
        EventFilter.Exception<InvalidOperationException>("broken").ExpectOne(
            () => actor.Tell(new InvalidOperationException("broken")));

    [Fact]
    public void Children_are_stopped_before_the_new_object_is_there()
    {
        IActorRef actor = NewFragile();
        Grow(actor, "a");
        Grow(actor, "b");
        Break(actor);
        Assert.Equal(["a stopped", "b stopped", "fragile stopped"], ReceiveN(3).Cast<string>().Order());
        ExpectMsg("fragile restarted");
        Grow(actor, "a");
    }

    [Fact]
    public void Children_that_were_kept_live_on()
    {
        IActorRef actor = NewFragile("keeps children");
        IActorRef child = Grow(actor, "a");
        Break(actor);
        ExpectMsg("fragile restarted");
        child.Tell("still there?");
        FishForMessage(message => message is "still there?");
    }

    [Fact]
    public void A_message_to_a_child_waits_while_its_parent_is_restarted_and_so_does_the_parent_s_own()
    {
        IActorRef actor = NewFragile("keeps children");
        IActorRef child = Grow(actor, "a");
        actor.Tell(new InvalidOperationException("broken"));
        for (int number = 0; number < 20; number++) (number % 2 == 0 ? child : actor).Tell(number);
        int[] numbers = [.. Enumerable.Range(0, 20).Select(_ => FishForMessage<int>(_ => true))];
        Assert.Equal(Enumerable.Range(0, 20), numbers.Order());
    }

    [Fact]
    public void The_failed_message_is_not_handled_again()
    {
        IActorRef actor = NewFragile();
        Break(actor);
        FishForMessage(message => message is "fragile restarted");
        actor.Tell("next");
        ExpectMsg("next");
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void A_failure_in_PreRestart_is_logged_and_the_restart_goes_on()
    {
        IActorRef actor = NewFragile("preRestart");
        EventFilter.Error(contains: "in PreRestart").ExpectOne(
            () => actor.Tell(new InvalidOperationException("broken")));
        FishForMessage(message => message is "fragile restarted");
        actor.Tell("next");
        ExpectMsg("next");
    }

    [Theory]
    [InlineData("postRestart")]
    [InlineData("second constructor")]
    public void An_actor_that_cannot_be_made_anew_is_stopped(string weakness)
    {
        IActorRef actor = NewFragile(weakness);
        Watch(actor);
        actor.Tell(new InvalidOperationException("broken"));
        FishForMessage<Terminated>(death => death.ActorRef.Equals(actor));
    }

    [Fact]
    public void A_failure_in_PostStop_does_not_keep_the_actor_from_ending()
    {
        IActorRef actor = NewFragile("postStop");
        Watch(actor);
        EventFilter.Error(contains: "in PostStop").ExpectOne(() => Sys.Stop(actor));
        ExpectMsg("fragile stopped");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_watch_outlives_the_restart_of_whoever_watches()
    {
        IActorRef other = Sys.ActorOf(Props.Create(() => new Leaf(Nobody.Instance)), "other");
        IActorRef actor = NewFragile();
        actor.Tell(other);
        ExpectMsg("watching");
        Break(actor);
        FishForMessage(message => message is "fragile restarted");
        Sys.Stop(other);
        ExpectMsg("other died");
        ExpectNoMsg(Soon);
    }
}
