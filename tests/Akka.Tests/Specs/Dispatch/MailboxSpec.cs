using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Tests.Specs.Dispatch;

/// <summary>In what order messages come out, and what happens when no more go in.</summary>
public sealed class MailboxSpec() : Akka.TestKit.Xunit2.TestKit($$"""
    akka.loglevel = OFF
    bounded { mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka", mailbox-capacity = 3,
        mailbox-push-timeout-time = 0s }
    patient { mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka", mailbox-capacity = 1,
        mailbox-push-timeout-time = 5s }
    deque { mailbox-type = "Akka.Dispatch.UnboundedDequeBasedMailbox, Akka" }
    priority { mailbox-type = "{{typeof(ByNumber).AssemblyQualifiedName}}" }
    broken { mailbox-type = "{{typeof(Stumbling).AssemblyQualifiedName}}" }
    my-dispatcher { type = Dispatcher, throughput = 1, mailbox-type = "{{typeof(ByNumber).AssemblyQualifiedName}}" }
    pinned { type = PinnedDispatcher }
    """)
{
    public sealed class ByNumber(Settings settings, Config config) : UnboundedStablePriorityMailbox(settings, config)
    {
        protected override int PriorityGenerator(object message) => message is int number ? number : int.MaxValue;
    }

    /// <summary>A queue of somebody's own that fails once.</summary>
    public sealed class Stumbling(Settings settings, Config config) : MailboxType(settings, config)
    {
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new StumblingQueue();
    }

    private sealed class StumblingQueue : IMessageQueue
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Envelope> _queue = new();
        private bool _stumbled;

        public bool HasMessages => !_queue.IsEmpty;

        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(envelope);

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_stumbled && !_queue.IsEmpty)
            {
                _stumbled = true;
                throw new InvalidOperationException("stumbled");
            }
            return _queue.TryDequeue(out envelope);
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => throw new InvalidOperationException("again");
    }

    [EmbeddedFact("Akka.NET lets the exception end the process")]
    public void A_queue_that_throws_is_a_failure_of_its_actor_and_of_nobody_else()
    {
        IActorRef actor = Sys.ActorOf(Props.Create<Returner>().WithMailbox("broken"));
        actor.Tell("x");
        ExpectMsg("x");
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectTerminated(actor);
    }

    /// <summary>Handles nothing until its gate opens, then tells what comes in which order.</summary>
    private sealed class Gated : ReceiveActor
    {
        public Gated(IActorRef listener, ManualResetEventSlim entered, ManualResetEventSlim gate)
        {
            Receive<string>(text => text == "wait", _ =>
            {
                entered.Set();
                gate.Wait(TimeSpan.FromSeconds(10));
            });
            ReceiveAny(message => listener.Tell(message));
        }
    }

    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _gate = new();

    private IActorRef Waiting(Func<Props, Props> with)
    {
        ManualResetEventSlim entered = _entered;
        ManualResetEventSlim gate = _gate;
        IActorRef actor = Sys.ActorOf(with(Props.Create(() => new Gated(TestActor, entered, gate))));
        actor.Tell("wait");
        Assert.True(_entered.Wait(TimeSpan.FromSeconds(5)));
        return actor;
    }

    [Theory]
    [InlineData("akka.actor.default-mailbox")]
    [InlineData("deque")]
    public void Messages_come_in_the_order_they_were_sent(string mailbox)
    {
        IActorRef actor = Waiting(props => props.WithMailbox(mailbox));
        for (int number = 0; number < 100; number++) actor.Tell(number);
        _gate.Set();
        for (int number = 0; number < 100; number++) ExpectMsg(number);
    }

    [Theory]
    [InlineData("priority", null)]
    [InlineData(null, "my-dispatcher")]
    public void A_priority_mailbox_gives_the_lowest_number_first(string? mailbox, string? dispatcher)
    {
        IActorRef actor = Waiting(props =>
        {
            if (mailbox is not null) props = props.WithMailbox(mailbox);
            return dispatcher is null ? props : props.WithDispatcher(dispatcher);
        });
        foreach (int number in new[] { 5, 1, 3, 2, 4 }) actor.Tell(number);
        actor.Tell("last a");
        actor.Tell("last b");
        _gate.Set();
        for (int number = 1; number <= 5; number++) ExpectMsg(number);
        ExpectMsg("last a");
        ExpectMsg("last b");
    }

    [Fact]
    public void A_full_mailbox_makes_dead_letters_of_what_is_too_much()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef actor = Waiting(props => props.WithMailbox("bounded"));
        for (int number = 1; number <= 4; number++) actor.Tell(number);
        Assert.Equal(4, ExpectMsg<DeadLetter>().Message);
        _gate.Set();
        for (int number = 1; number <= 3; number++) ExpectMsg(number);
    }

    [Fact]
    public async Task A_sender_can_wait_for_room()
    {
        IActorRef actor = Waiting(props => props.WithMailbox("patient"));
        actor.Tell(1);
        Task second = Task.Run(() => actor.Tell(2, ActorRefs.NoSender));
        Assert.False(second.Wait(TimeSpan.FromMilliseconds(50)));
        _gate.Set();
        await second.WaitAsync(TimeSpan.FromSeconds(5));
        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void What_is_left_in_the_mailbox_of_the_dead_becomes_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        foreach (string mailbox in new[] { "akka.actor.default-mailbox", "deque", "bounded" })
        {
            _entered.Reset();
            _gate.Reset();
            IActorRef actor = Waiting(props => props.WithMailbox(mailbox));
            // By the reference itself: the system would ask the guardian, who takes its time.
            ((IInternalActorRef)actor).Stop();
            actor.Tell("left over");
            _gate.Set();
            DeadLetter letter = ExpectMsg<DeadLetter>();
            Assert.Equal("left over", letter.Message);
            Assert.Equal(actor, letter.Recipient);
        }
    }

    [Fact]
    public void A_mailbox_that_is_not_configured_is_named()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Sys.ActorOf(Props.Create(() => new Gated(TestActor, _entered, _gate)).WithMailbox("nowhere")));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ConfigurationException>(
            () => Sys.ActorOf(Props.Create(() => new Gated(TestActor, _entered, _gate)).WithDispatcher("nowhere")));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    private sealed class ThreadTeller : ReceiveActor
    {
        public ThreadTeller() => ReceiveAny(_ => Sender.Tell(Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void A_pinned_actor_stays_on_its_thread()
    {
        IActorRef one = Sys.ActorOf(Props.Create<ThreadTeller>().WithDispatcher("pinned"));
        IActorRef two = Sys.ActorOf(Props.Create<ThreadTeller>().WithDispatcher("pinned"));
        HashSet<int> first = [];
        HashSet<int> second = [];
        for (int time = 0; time < 20; time++)
        {
            one.Tell("?");
            first.Add(ExpectMsg<int>());
            two.Tell("?");
            second.Add(ExpectMsg<int>());
        }
        Assert.Single(first);
        Assert.Single(second);
        Assert.NotEqual(first, second);
    }

    private sealed class Greedy : ReceiveActor
    {
        public Greedy(IActorRef listener)
        {
            int left = 200_000;
            Receive<string>(text => text == "go", _ =>
            {
                if (--left > 0) Self.Tell("go");
                else listener.Tell("greedy is done");
            });
        }
    }

    [Fact]
    public void An_actor_that_never_rests_does_not_keep_others_waiting()
    {
        for (int count = 0; count < Environment.ProcessorCount * 2; count++)
            Sys.ActorOf(Props.Create(() => new Greedy(Nobody.Instance))).Tell("go");
        Sys.ActorOf(Props.Create<ThreadTeller>()).Tell("?");
        ExpectMsg<int>();
    }

    private sealed class Returner : ReceiveActor
    {
        public Returner() => ReceiveAny(message => Sender.Tell(message));
    }

    [Fact]
    public void Pairs_that_never_stop_talking_do_not_keep_others_waiting()
    {
        for (int pair = 0; pair < Environment.ProcessorCount * 4; pair++)
        {
            IActorRef one = Sys.ActorOf(Props.Create<Returner>());
            IActorRef two = Sys.ActorOf(Props.Create<Returner>());
            one.Tell("ball", two);
        }
        for (int time = 0; time < 20; time++)
        {
            Sys.ActorOf(Props.Create<ThreadTeller>()).Tell("?");
            ExpectMsg<int>();
        }
    }
}
