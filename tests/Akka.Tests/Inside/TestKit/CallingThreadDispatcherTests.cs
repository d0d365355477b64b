using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Inside.TestKit;

/// <summary>The dispatcher of tests under load.</summary>
public sealed class CallingThreadDispatcherTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Sum : ReceiveActor
    {
        private int _inside;

        public long Total { get; private set; }

        public bool Overlapped { get; private set; }

        public Sum()
        {
            Receive<int>(number =>
            {
                if (Interlocked.Increment(ref _inside) != 1) Overlapped = true;
                Total += number;
                Interlocked.Decrement(ref _inside);
            });
            Receive<string>(_ =>
            {
                // Far more than one turn may take: they must not pile up on the stack.
                for (int i = 0; i < 100_000; i++) Self.Tell(1);
            });
        }
    }

    private sealed class Down : ReceiveActor
    {
        public Down() => Receive<int>(left =>
        {
            if (left > 0) Context.ActorOf(Props.Create<Down>().WithDispatcher(CallingThreadDispatcher.Id)).Forward(
                left - 1);
            else Sender.Tell("bottom");
        });
    }

    [Fact]
    public void Many_threads_never_run_one_actor_together()
    {
        TestActorRef<Sum> actor = ActorOfAsTestActorRef<Sum>();
        const int Threads = 4;
        const int Rounds = 20_000;
        using var gate = new Barrier(Threads);
        Thread[] crew = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            gate.SignalAndWait();
            for (int i = 0; i < Rounds; i++) actor.Tell(1, ActorRefs.NoSender);
        }))];
        foreach (Thread thread in crew) thread.Start();
        foreach (Thread thread in crew) thread.Join();
        AwaitCondition(() => actor.UnderlyingActor.Total == Threads * Rounds);
        Assert.False(actor.UnderlyingActor.Overlapped);
    }

    [Fact]
    public void A_long_queue_does_not_deepen_the_stack()
    {
        TestActorRef<Sum> actor = ActorOfAsTestActorRef<Sum>();
        actor.Tell("go", ActorRefs.NoSender);
        Assert.Equal(100_000, actor.UnderlyingActor.Total);
    }

    [Fact]
    public void Children_are_born_inside_their_parents_turn()
    {
        IActorRef top = Sys.ActorOf(Props.Create<Down>().WithDispatcher(CallingThreadDispatcher.Id));
        top.Tell(20);
        Assert.Equal("bottom", ReceiveOne(TimeSpan.Zero));
    }
}
