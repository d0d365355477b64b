using Akka.Actor;
using Akka.Tests.Inside.Engine;

namespace Akka.Tests.Inside.Actor;

/// <summary>What things cost in bytes, on one thread, so that every byte is the engine's.</summary>
public sealed class AllocationTests
{
    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class Player : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Counter(IActorRef other) : UntypedActor
    {
        private int _left = 20_000;

        protected override void OnReceive(object message)
        {
            if (_left-- > 0) other.Tell(message, Self);
        }
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Actors_that_answer_one_another_allocate_nothing_beyond_the_message()
    {
        OneThreadHost host = new(1);
        ActorSystem system = host.Start();
        IActorRef player = system.ActorOf(Props.Create<Player>());
        IActorRef counter = system.ActorOf(Props.Create(() => new Counter(player)));
        host.RunFor(TimeSpan.FromSeconds(1));
        long bytes = Allocated(() =>
        {
            counter.Tell(Ball.Instance, ActorRefs.NoSender);
            host.RunFor(TimeSpan.FromSeconds(1));
        });
        // A little for the queue of the test host, which grows; one object for each message would be 24 bytes or more.
        Assert.InRange(bytes / 40_000.0, 0, 0.5);
    }

    private sealed class Flood(IActorRef sink) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (int sent = 0; sent < 10_000; sent++) sink.Tell(message, Self);
        }
    }

    [Fact]
    public void A_message_that_waits_costs_one_node_at_most()
    {
        OneThreadHost host = new(1);
        ActorSystem system = host.Start();
        IActorRef sink = system.ActorOf(Props.Create(() => new Counter(ActorRefs.Nobody)));
        IActorRef flood = system.ActorOf(Props.Create(() => new Flood(sink)));
        host.RunFor(TimeSpan.FromSeconds(1));
        long bytes = Allocated(() =>
        {
            flood.Tell(Ball.Instance, ActorRefs.NoSender);
            host.RunFor(TimeSpan.FromSeconds(1));
        });
        Assert.InRange(bytes / 10_000.0, 0, 41);
    }

    [Fact]
    public void An_actor_costs_no_more_than_promised()
    {
        OneThreadHost host = new(1);
        ActorSystem system = host.Start();
        Props props = Props.Create<Player>();
        for (int made = 0; made < 100; made++) system.ActorOf(props);
        host.RunFor(TimeSpan.FromSeconds(1));
        long bytes = Allocated(() =>
        {
            for (int made = 0; made < 10_000; made++) system.ActorOf(props);
            host.RunFor(TimeSpan.FromSeconds(1));
        });
        Assert.InRange(bytes / 10_000.0, 0, 1500);
    }

    [Fact]
    public void An_ask_costs_no_more_than_promised()
    {
        OneThreadHost host = new(1);
        ActorSystem system = host.Start();
        IActorRef player = system.ActorOf(Props.Create<Player>());
        host.RunFor(TimeSpan.FromSeconds(1));
        void Ask()
        {
            Task<Ball> answer = player.Ask<Ball>(Ball.Instance);
            host.RunFor(TimeSpan.Zero);
            Assert.True(answer.IsCompleted);
        }
        for (int warm = 0; warm < 100; warm++) Ask();
        long bytes = Allocated(() =>
        {
            for (int asked = 0; asked < 1_000; asked++) Ask();
        });
        Assert.InRange(bytes / 1_000.0, 0, 400);
    }
}
