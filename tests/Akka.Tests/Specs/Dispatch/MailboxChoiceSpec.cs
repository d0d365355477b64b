using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Tests.Specs.Dispatch;

/// <summary>Which mailbox and dispatcher an actor gets: by its deployment, by its props, by what its class requires.</summary>
public sealed class MailboxChoiceSpec() : Akka.TestKit.Xunit2.TestKit($$"""
    akka.loglevel = OFF
    akka.actor.deployment {
      /deployed { mailbox = reversed }
      /deployed-on { dispatcher = own-threads }
      "/family/*" { mailbox = reversed }
    }
    akka.actor.mailbox.requirements { "{{typeof(IReversing).AssemblyQualifiedName}}" = reversed }
    reversed { mailbox-type = "{{typeof(Reversed).AssemblyQualifiedName}}" }
    tight { mailbox-type = "Akka.Dispatch.BoundedDequeBasedMailbox, Akka", mailbox-capacity = 2,
        mailbox-push-timeout-time = 0s, stash-capacity = 1 }
    own-threads { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 1 }
    one-at-a-time { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 1, throughput = 1 }
    in-bulk { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 1, throughput = 1000 }
    impatient { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 1, throughput = 1000,
        throughput-deadline-time = 1ms }
    """)
{
    /// <summary>What a queue promises that gives out the newest message first.</summary>
    public interface IReversing : ISemantics;

    public sealed class Reversed(Settings settings, Config config)
        : MailboxType(settings, config), IProducesMessageQueue<ReversedQueue>
    {
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new ReversedQueue();
    }

    public sealed class ReversedQueue : IMessageQueue, IReversing
    {
        private readonly System.Collections.Concurrent.ConcurrentStack<Envelope> _stack = new();

        public bool HasMessages => !_stack.IsEmpty;

        public int Count => _stack.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _stack.Push(envelope);

        public bool TryDequeue(out Envelope envelope) => _stack.TryPop(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out Envelope envelope)) deadletters.Enqueue(owner, envelope);
        }
    }

    private class Gated : ReceiveActor
    {
        public Gated(ManualResetEventSlim entered, ManualResetEventSlim gate)
        {
            Receive<string>(text => text == "wait", _ =>
            {
                entered.Set();
                gate.Wait(TimeSpan.FromSeconds(10));
            });
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props, "child")));
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private sealed class Demanding(ManualResetEventSlim entered, ManualResetEventSlim gate)
        : Gated(entered, gate), IRequiresMessageQueue<IReversing>;

    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _gate = new();

    private Props GatedProps()
    {
        (ManualResetEventSlim entered, ManualResetEventSlim gate) = (_entered, _gate);
        return Props.Create(() => new Gated(entered, gate));
    }

    private void ComesReversed(IActorRef actor)
    {
        actor.Tell("wait");
        Assert.True(_entered.Wait(TimeSpan.FromSeconds(5)));
        for (int number = 1; number <= 3; number++) actor.Tell(number);
        _gate.Set();
        for (int number = 3; number >= 1; number--) ExpectMsg(number);
    }

    [Fact]
    public void A_deployment_names_the_mailbox() => ComesReversed(Sys.ActorOf(GatedProps(), "deployed"));

    [Fact]
    public void A_deployment_with_a_wildcard_names_it_for_all_children()
    {
        IActorRef family = Sys.ActorOf(GatedProps(), "family");
        family.Tell(GatedProps());
        ComesReversed(ExpectMsg<IActorRef>());
    }

    [Fact]
    public void A_class_may_require_a_kind_of_queue()
    {
        (ManualResetEventSlim entered, ManualResetEventSlim gate) = (_entered, _gate);
        ComesReversed(Sys.ActorOf(Props.Create(() => new Demanding(entered, gate))));
    }

    [Fact]
    public void Props_name_the_mailbox() => ComesReversed(Sys.ActorOf(GatedProps().WithMailbox("reversed")));

    private sealed class ThreadTeller : ReceiveActor
    {
        public ThreadTeller() => ReceiveAny(_ => Sender.Tell(Thread.CurrentThread.Name ?? ""));
    }

    [Fact]
    public void A_deployment_names_the_dispatcher()
    {
        Sys.ActorOf(Props.Create<ThreadTeller>(), "deployed-on").Tell("?");
        IActorRef other = Sys.ActorOf(Props.Create<ThreadTeller>().WithDispatcher("own-threads"));
        string deployed = ExpectMsg<string>();
        other.Tell("?");
        Assert.Equal(deployed, ExpectMsg<string>());
        Sys.ActorOf(Props.Create<ThreadTeller>()).Tell("?");
        Assert.NotEqual(deployed, ExpectMsg<string>());
    }

#pragma warning disable CS0618 // Akka.NET calls it obsolete.
    private sealed class Hoarder : ReceiveActor, IWithBoundedStash
#pragma warning restore CS0618
    {
        public Hoarder(IActorRef listener)
        {
            Receive<int>(_ =>
            {
                Exception? refusal = Record.Exception(Stash.Stash);
                listener.Tell(refusal?.GetType().Name ?? $"{Stash.Count} of {Stash.Capacity}");
            });
            Receive<string>(_ =>
            {
                Become(() => ReceiveAny(message => listener.Tell(message)));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void A_stash_with_a_limit_takes_it_from_the_mailbox_and_gives_back_what_it_took()
    {
        IActorRef hoarder = Sys.ActorOf(Props.Create(() => new Hoarder(TestActor)).WithMailbox("tight"));
        hoarder.Tell(1);
        ExpectMsg("1 of 1");
        hoarder.Tell(2);
        ExpectMsg("StashOverflowException");
        hoarder.Tell("open");
        ExpectMsg(1);
    }

    [Fact]
    public void A_bounded_deque_refuses_what_is_too_much()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef actor = Sys.ActorOf(GatedProps().WithMailbox("tight"));
        actor.Tell("wait");
        Assert.True(_entered.Wait(TimeSpan.FromSeconds(5)));
        for (int number = 1; number <= 3; number++) actor.Tell(number);
        Assert.Equal(3, ExpectMsg<DeadLetter>().Message);
        _gate.Set();
        ExpectMsg(1);
        ExpectMsg(2);
    }

    /// <summary>Of two actors on one thread, each message of the first takes a while.</summary>
    private List<string> OrderOnOneThread(string dispatcher, TimeSpan each)
    {
        (ManualResetEventSlim entered, ManualResetEventSlim gate) = (_entered, _gate);
        Props props = Props.Create(() => new Slow(entered, gate, each)).WithDispatcher(dispatcher);
        IActorRef one = Sys.ActorOf(props, "one");
        IActorRef two = Sys.ActorOf(props, "two");
        one.Tell("wait");
        Assert.True(_entered.Wait(TimeSpan.FromSeconds(5)));
        for (int number = 0; number < 5; number++) one.Tell("one");
        for (int number = 0; number < 5; number++) two.Tell("two");
        _gate.Set();
        return [.. ReceiveN(10).Cast<string>()];
    }

    private sealed class Slow(ManualResetEventSlim entered, ManualResetEventSlim gate, TimeSpan each) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "wait")
            {
                entered.Set();
                gate.Wait(TimeSpan.FromSeconds(10));
                return;
            }
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => System.Diagnostics.Stopwatch.GetElapsedTime(start) >= each);
            Sender.Tell(message);
        }
    }

    [Fact]
    public void A_turn_of_one_message_lets_others_in_after_each()
    {
        List<string> order = OrderOnOneThread("one-at-a-time", TimeSpan.Zero);
        // One of the two may be a message ahead of the other, not more.
        for (int index = 0; index < 10; index++)
            Assert.InRange(order.Take(index).Count(name => name == "one") - order.Take(index).Count(name => name == "two"), -1, 2);
    }

    [Fact]
    public void A_turn_of_many_handles_all_that_waits() => Assert.Equal(
        ["one", "one", "one", "one", "one", "two", "two", "two", "two", "two"],
        OrderOnOneThread("in-bulk", TimeSpan.Zero));

    [Fact]
    public void A_turn_ends_early_when_its_time_is_over()
    {
        List<string> order = OrderOnOneThread("impatient", TimeSpan.FromMilliseconds(2));
        for (int index = 0; index < 10; index++)
            Assert.InRange(order.Take(index).Count(name => name == "one") - order.Take(index).Count(name => name == "two"), -1, 2);
    }
}
