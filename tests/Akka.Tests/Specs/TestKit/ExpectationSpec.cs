using Akka.Actor;
using Akka.TestKit;
using Xunit.Sdk;

namespace Akka.Tests.Specs.TestKit;

/// <summary>What expectations take, and what they say when it is not there.</summary>
public sealed class ExpectationSpec : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    private sealed class EchoActor : ReceiveActor
    {
        public EchoActor() => ReceiveAny(message => Sender.Tell(message));
    }

    [Fact]
    public void A_message_is_expected_by_type_value_or_predicate()
    {
        foreach (object message in new object[] { "one", 2, "three", 4L }) TestActor.Tell(message);
        Assert.Equal("one", ExpectMsg<string>());
        ExpectMsg(2);
        ExpectMsg<string>(text => text.Length == 5);
        ExpectMsg<long>((number, sender) => Assert.Equal(4, number));
    }

    [Fact]
    public async Task And_asynchronously_so()
    {
        TestActor.Tell("one");
        TestActor.Tell(2);
        Assert.Equal("one", await ExpectMsgAsync<string>());
        await ExpectMsgAsync(2);
        await ExpectNoMsgAsync(Soon);
    }

    [Fact]
    public void The_sender_of_the_last_message_is_known()
    {
        TestProbe probe = CreateTestProbe();
        probe.Send(TestActor, "hello");
        ExpectMsgFrom<string>(probe.Ref);
        Assert.Equal(probe.Ref, LastSender);
        LastSender.Tell("answer");
        probe.ExpectMsg("answer");
    }

    [Fact]
    public void A_test_is_the_sender_of_what_it_tells()
    {
        IActorRef echo = ActorOf<EchoActor>();
        echo.Tell("back");
        ExpectMsg("back");
    }

    [Fact]
    public void A_missing_message_fails_the_test()
    {
        var error = Assert.ThrowsAny<Exception>(() => ExpectMsg<string>(Soon));
        Assert.Contains("Timeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_message_fails_the_test_and_is_told()
    {
        TestActor.Tell("the other one");
        var error = Assert.ThrowsAny<Exception>(() => ExpectMsg("this one", Soon));
        Assert.Contains("the other one", error.Message, StringComparison.Ordinal);
        TestActor.Tell(5);
        error = Assert.ThrowsAny<Exception>(() => ExpectMsg<string>(Soon));
        Assert.Contains("Int32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_is_expected_and_broken()
    {
        ExpectNoMsg(Soon);
        TestActor.Tell("noise");
        var error = Assert.ThrowsAny<Exception>(() => ExpectNoMsg(Soon));
        Assert.Contains("noise", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_some_messages_in_any_order()
    {
        foreach (string text in new[] { "b", "c", "a" }) TestActor.Tell(text);
        Assert.Equal(["a", "b", "c"], ExpectMsgAllOf(new[] { "a", "b", "c" }).Order());
    }

    [Fact]
    public void Any_of_some_messages()
    {
        TestActor.Tell("b");
        Assert.Equal("b", ExpectMsgAnyOf(new[] { "a", "b" }));
    }

    [Fact]
    public void A_watched_actor_s_death()
    {
        IActorRef actor = ActorOf<EchoActor>();
        Watch(actor);
        Sys.Stop(actor);
        Assert.Equal(actor, ExpectTerminated(actor).ActorRef);
    }

    [Fact]
    public void Fishing_drops_what_is_not_wanted()
    {
        foreach (object message in new object[] { 1, "a", 2, "b" }) TestActor.Tell(message);
        Assert.Equal("b", FishForMessage(message => message is "b"));
    }

    [Fact]
    public void Receiving_a_number_of_messages()
    {
        for (int i = 0; i < 5; i++) TestActor.Tell(i);
        Assert.Equal([0, 1, 2], ReceiveN(3).Cast<int>());
        Assert.Equal(3, ReceiveOne());
        Assert.Equal(4, PeekOne());
        Assert.Equal(4, ReceiveOne());
        Assert.Null(ReceiveOne(Soon));
    }

    [Fact]
    public void Receiving_as_long_as_something_holds()
    {
        for (int i = 0; i < 5; i++) TestActor.Tell(i);
        Assert.Equal([0, 1, 2], ReceiveWhile<int>(number => number < 3, TimeSpan.FromSeconds(10)));
        ExpectMsg(3);
        ExpectMsg(4);
    }

    [Fact]
    public void Ignored_messages_are_not_seen()
    {
        IgnoreMessages(message => message is int);
        TestActor.Tell(1);
        TestActor.Tell("seen");
        ExpectMsg("seen");
        IgnoreNoMessages();
        TestActor.Tell(2);
        ExpectMsg(2);
    }

    [Fact]
    public void Within_limits_everything_in_it()
    {
        TestActor.Tell("quick");
        Within(TimeSpan.FromSeconds(1), () => ExpectMsg("quick"));
        Assert.ThrowsAny<Exception>(() => Within(Soon, () => ExpectMsg("never")));
    }

    [Fact]
    public async Task Awaiting_conditions_and_assertions()
    {
        int asked = 0;
        AwaitCondition(() => ++asked > 2, TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        asked = 0;
        AwaitAssert(() => Assert.True(++asked > 2), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        asked = 0;
        await AwaitAssertAsync(() => Assert.True(++asked > 2), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        Assert.ThrowsAny<Exception>(() => AwaitCondition(() => false, Soon, TimeSpan.FromMilliseconds(1)));
        Assert.ThrowsAny<XunitException>(
            () => AwaitAssert(() => Assert.True(false), Soon, TimeSpan.FromMilliseconds(1)));
    }
}
