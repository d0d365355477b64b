using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Specs.TestKit;

/// <summary>Actors whose object the test can reach, on the test's own thread.</summary>
public sealed class TestActorRefSpec : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Counter : ReceiveActor
    {
        public int Count { get; private set; }

        public int ThreadId { get; private set; }

        public Counter()
        {
            Receive<int>(number =>
            {
                Count += number;
                ThreadId = Environment.CurrentManagedThreadId;
                Sender.Tell(Count);
            });
            Receive<string>(text => throw new InvalidOperationException(text));
            Receive<IActorRef>(other => other.Forward(5));
        }
    }

    [Fact]
    public void A_message_has_been_handled_when_tell_returns()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>();
        counter.Tell(3);
        counter.Tell(4);
        Assert.Equal(7, counter.UnderlyingActor.Count);
        Assert.Equal(Environment.CurrentManagedThreadId, counter.UnderlyingActor.ThreadId);
        Assert.Equal([3, 7], ReceiveN(2).Cast<int>());
    }

    [Fact]
    public void What_a_handler_throws_is_thrown_by_receive()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>("counter");
        Assert.Equal("counter", counter.Path.Name);
        Assert.Throws<InvalidOperationException>(() => counter.Receive("broken"));
        counter.Receive(2, TestActor);
        ExpectMsg(2);
    }

    [Fact]
    public void A_restart_gives_a_new_object()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>();
        Counter before = counter.UnderlyingActor;
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => counter.Tell("broken"));
        AwaitCondition(() => !ReferenceEquals(before, counter.UnderlyingActor));
    }

    [Fact]
    public void Actors_on_the_calling_thread_can_send_to_one_another()
    {
        TestActorRef<Counter> first = ActorOfAsTestActorRef<Counter>();
        TestActorRef<Counter> second = ActorOfAsTestActorRef<Counter>();
        first.Tell(second.Ref);
        Assert.Equal(5, second.UnderlyingActor.Count);
        ExpectMsg(5);
    }

    [Fact]
    public void It_can_be_watched_and_stopped_as_any_other()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>();
        Watch(counter.Ref);
        Sys.Stop(counter.Ref);
        ExpectTerminated(counter.Ref);
    }

    [Fact]
    public void A_supervisor_can_be_given()
    {
        TestProbe parent = CreateTestProbe();
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>(parent.Ref, "child");
        Assert.Equal(parent.Ref.Path / "child", counter.Path);
    }
}
