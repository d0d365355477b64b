using Akka.Actor;
using Akka.TestKit;
using Xunit.Sdk;

namespace Akka.Tests.Inside.TestKit;

/// <summary>What a failed expectation says: what was expected, what came instead, from whom.</summary>
public sealed class ComplaintTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private static string Complaint(Action expectation) => Assert.ThrowsAny<XunitException>(expectation).Message;

    [Fact]
    public void Nothing_came() => Assert.Equal(
        "Timeout (00:00:00.0200000) while waiting for a message of type System.String.",
            Complaint(() => ExpectMsg<string>(Soon)));

    [Fact]
    public void Another_type_came()
    {
        TestActor.Tell(5, ActorRefs.NoSender);
        Assert.StartsWith(
            "Expected a message of type System.String, but received <5> (System.Int32) from ",
            Complaint(() => ExpectMsg<string>(Soon)), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_value_came()
    {
        TestActor.Tell("that");
        Assert.Equal(
            "Expected <this> (System.String), but received <that> (System.String). Hint: about it",
            Complaint(() => ExpectMsg("this", Soon, "about it")));
    }

    [Fact]
    public void Braces_in_a_message_do_no_harm()
    {
        TestActor.Tell("{0} {x");
        Assert.Contains("{0} {x", Complaint(() => ExpectMsg("{1}", Soon)), StringComparison.Ordinal);
    }

    [Fact]
    public void Something_came_where_nothing_should()
    {
        TestActor.Tell("noise");
        Assert.StartsWith(
            "Expected no message for 00:00:00.0200000, but received <noise> (System.String) from [akka://test/",
            Complaint(() => ExpectNoMsg(Soon)), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_came()
    {
        TestActor.Tell("only");
        string complaint = Complaint(() => ReceiveN(2, Soon));
        Assert.StartsWith("Timeout (00:00:00.0200000) while expecting 2 messages. Only got 1 after ", complaint,
            StringComparison.Ordinal);
        Assert.EndsWith(": [<only> (System.String)]", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_actor_died()
    {
        IActorRef first = Watch(Sys.ActorOf(Props.Create<Quiet>(), "first"));
        IActorRef second = Watch(Sys.ActorOf(Props.Create<Quiet>(), "second"));
        Sys.Stop(first);
        string complaint = Complaint(() => ExpectTerminated(second, TimeSpan.FromSeconds(3)));
        Assert.Contains("akka://test/user/second", complaint, StringComparison.Ordinal);
        Assert.Contains("akka://test/user/first", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_event_did_not_come()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.test.filter-leeway = 20ms");
        Assert.Equal(
            "Expected 2 log event(s), but 1 came within 00:00:00.0200000: info with text \"twice\"."
            + " Nothing else was logged.",
            Complaint(() => kit.EventFilter.Info("twice").Expect(
                2, () => kit.Sys.Log.Log(Akka.Event.LogLevel.InfoLevel, null, "twice"))));
    }

    private sealed class Quiet : ReceiveActor;
}
