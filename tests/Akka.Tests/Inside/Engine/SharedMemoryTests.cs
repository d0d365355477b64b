using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Engine;
using Akka.Event;

namespace Akka.Tests.Inside.Engine;

/// <summary>The homes of shared memory under many threads: nothing lost, nothing doubled, order kept per
/// sender.</summary>
public sealed class SharedMemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Home one: pushes from many threads, one consumer at a time, scheduled by whoever wakes it.</summary>
    [Fact]
    public void The_message_stack_loses_and_reorders_nothing()
    {
        const int senders = 4;
        const int each = 50_000;
        StackOwner owner = new(senders, senders * each);
        owner.Run();
        Hammer.Run(senders, each, (sender, round) => owner.Push(sender, round));
        Assert.True(owner.Seen.IsReached(Patience), $"{owner.Seen}");
        Assert.Equal(0, owner.Disorders);
        Assert.Equal(0, owner.Overlaps);
        Assert.Equal(PushResult.MustSchedule, owner.PushOneMore());
    }

    private sealed class StackOwner(int senders, int expected) : IThreadPoolWorkItem
    {
        private readonly int[] _next = new int[senders];
        private MessageStack _stack = new();
        private int _running;

        public readonly Tally Seen = new(expected);
        public int Disorders;
        public int Overlaps;

        public void Push(int sender, int round)
        {
            // Nodes come back, as in a mailbox.
            MessageNode node = TurnThread.Mine.Rent((sender, round), null);
            if (_stack.Push(node) == PushResult.MustSchedule) ThreadPool.UnsafeQueueUserWorkItem(this, false);
        }

        public PushResult PushOneMore()
        {
            // Whoever saw the last message may still be on its way to sleep.
            SpinWait.SpinUntil(() => Volatile.Read(ref _running) == 0, Patience);
            return _stack.Push(new MessageNode { Message = (0, 0) });
        }

        public void Execute() => Run();

        public void Run()
        {
            if (Interlocked.Exchange(ref _running, 1) != 0) Interlocked.Increment(ref Overlaps);
            int batch = 20;
            while (batch-- > 0 && _stack.TryTake(TurnThread.Mine, out object? message, out _))
            {
                (int sender, int round) = ((int, int))message!;
                if (_next[sender]++ != round) Disorders++;
                Seen.Add();
            }
            Volatile.Write(ref _running, 0);
            if (_stack.HasWaiting || !_stack.TryGoIdle(TurnThread.Mine)) ThreadPool.UnsafeQueueUserWorkItem(this, false);
        }
    }

    /// <summary>Home two: the queues behind a lock.</summary>
    [Theory]
    [InlineData("bounded")]
    [InlineData("deque")]
    [InlineData("control")]
    [InlineData("priority")]
    public void A_queue_gives_back_what_it_took(string kind)
    {
        IMessageQueue queue = kind switch
        {
            "bounded" => new BoundedMessageQueue(1_000_000, TimeSpan.Zero, TimeProvider.System, mayWait: true),
            "deque" => new UnboundedDequeMessageQueue(),
            "control" => new UnboundedControlAwareMessageQueue(),
            _ => new UnboundedPriorityMessageQueue(message => (int)message % 7, 11),
        };
        int taken = 0;
        Hammer.Run(4, 20_000, (number, round) =>
        {
            queue.Enqueue(ActorRefs.Nobody, new Envelope(round, null));
            if (number % 2 == 0 && queue.TryDequeue(out _)) Interlocked.Increment(ref taken);
        });
        while (queue.TryDequeue(out _)) taken++;
        Assert.Equal(80_000, taken);
        Assert.False(queue.HasMessages);
        Assert.Equal(0, queue.Count);
    }

    /// <summary>Home two: subscribing and publishing at once.</summary>
    [Fact]
    public void The_event_stream_survives_subscribing_while_publishing()
    {
        EventStream stream = new(debug: false);
        CountingRef steady = new();
        stream.Subscribe(steady, typeof(string));
        Hammer.Run(4, 2_000, (number, _) =>
        {
            if (number == 0)
            {
                CountingRef passing = new();
                stream.Subscribe(passing, typeof(object));
                stream.Unsubscribe(passing);
            }
            else
            {
                stream.Publish("event");
            }
        });
        Assert.Equal(6_000, steady.Count);
    }

    private sealed class CountingRef(Tally? tally = null) : MinimalActorRef
    {
        private static int s_number;

        public int Count;

        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka", "test")) / $"counting-{Interlocked.Increment(ref s_number)}";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef? sender)
        {
            Interlocked.Increment(ref Count);
            tally?.Add();
        }
    }

    /// <summary>Home three: timers started and cancelled by many threads.</summary>
    [Fact]
    public void The_wheel_fires_each_timer_once_or_never_if_cancelled()
    {
        using WheelTimers wheel = new(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        Tally fired = new(4_000);
        int cancelled = 0;
        Hammer.Run(4, 2_000, (number, round) =>
        {
            if (round % 2 == 0)
            {
                wheel.Schedule(TimeSpan.FromMilliseconds(round % 40), fired.Add);
                return;
            }
            IDisposable timer = wheel.Schedule(TimeSpan.FromMinutes(1), () => Interlocked.Increment(ref cancelled));
            timer.Dispose();
        });
        Assert.True(fired.IsReached(Patience), $"{fired}");
        Assert.Equal(0, cancelled);
    }

    /// <summary>Home four: children looked up and added while they come and go.</summary>
    [Fact]
    public async Task Children_can_be_made_and_looked_up_from_many_threads()
    {
        ActorSystem system = ActorSystem.Create("registry", ConfigurationFactory.ParseString("akka.loglevel = OFF"));
        Hammer.Run(4, 500, (number, round) =>
        {
            IActorRef made = system.ActorOf(Props.Create<Quiet>(), $"a-{number}-{round}");
            IActorRef found = ((ExtendedActorSystem)system).Provider.ResolveActorRef(made.Path.ToSerializationFormat());
            Assert.Same(made, found);
            if (round % 2 == 0) system.Stop(made);
        });
        await system.Terminate().WaitAsync(Patience);
    }

    private sealed class Quiet : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    /// <summary>All homes together: a family that is stopped while everybody sends to it.</summary>
    [Fact]
    public async Task Every_message_to_a_stopping_actor_is_handled_or_a_dead_letter()
    {
        ActorSystem system = ActorSystem.Create("stopping",
            ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.log-dead-letters = off"));
        Tally accounted = new(40_000);
        CountingRef letters = new(accounted);
        system.EventStream.Subscribe(letters, typeof(DeadLetter));
        for (int time = 0; time < 20; time++)
        {
            IActorRef actor = system.ActorOf(Props.Create(() => new Handling(accounted)));
            Hammer.Run(4, 500, (number, round) =>
            {
                actor.Tell(round);
                if (number == 0 && round == 250) ((IInternalActorRef)actor).Stop();
            });
        }
        Assert.True(accounted.IsReached(Patience), $"handled or dead letters: {accounted}");
        await system.Terminate().WaitAsync(Patience);
    }

    private sealed class Handling(Tally accounted) : UntypedActor
    {
        protected override void OnReceive(object message) => accounted.Add();
    }
}
