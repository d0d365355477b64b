using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Inside.Event;

/// <summary>A message in a log costs a line, whatever it is.</summary>
public sealed class MessageTextTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed record Ping(int Number, string Text, IActorRef? Who);

    private sealed record Ring
    {
        public Ring? Next { get; set; }
    }

    private sealed record Sulky(int Number)
    {
        public override string ToString() => throw new InvalidOperationException("no");
    }

    private sealed class Deaf : ReceiveActor
    {
        public Deaf() => Receive<string>(_ => { });
    }

    public MessageTextTests() : base("akka { loglevel = DEBUG, actor.debug { unhandled = on, autoreceive = on, receive = on } }")
    {
    }

    /// <summary>As Hyperion makes it: fields first, and no constructor.</summary>
    private static object Circle()
    {
        object circle = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(Tuple<object>));
        typeof(Tuple<object>).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)[0]
            .SetValue(circle, circle);
        return circle;
    }

    private static Ring Endless()
    {
        Ring ring = new();
        ring.Next = ring;
        return ring;
    }

    [Fact]
    public void What_cannot_lead_back_to_itself_says_what_it_says()
    {
        Assert.Equal("null", MessageText.Of(null));
        Assert.Equal("hello", MessageText.Of("hello"));
        Assert.Equal("5", MessageText.Of(5));
        Assert.Equal("(1, two)", MessageText.Of((1, "two")));
        Assert.Equal($"Ping {{ Number = 1, Text = x, Who = {TestActor} }}", MessageText.Of(new Ping(1, "x", TestActor)));
        Assert.Equal("ActorSelectionMessage - Message: hello - Elements: /a",
            MessageText.Of(new ActorSelectionMessage("hello", [new SelectChildName("a")])));
    }

    [Fact]
    public void What_may_lead_back_is_named()
    {
        Assert.Equal("<System.Tuple`1[System.Object]>", MessageText.Of(Circle()));
        Assert.Equal("<System.Tuple`1[System.Object]>", MessageText.Of(Tuple.Create<object>(1)));
        Assert.Equal($"<{typeof(Ring)}>", MessageText.Of(Endless()));
        Assert.Contains("a - Elements: /b", MessageText.Of(new ActorSelectionMessage(
            "a", [new SelectChildName("b")])), StringComparison.Ordinal);
        Assert.Equal($"<{typeof(ActorSelectionMessage)}>",
            MessageText.Of(new ActorSelectionMessage(new ActorSelectionMessage("a", []), [])));
    }

    [Fact]
    public void Long_texts_are_cut_and_failing_ones_reported()
    {
        Assert.InRange(MessageText.Of(new string('x', 1_000_000)).Length, MessageText.Longest, MessageText.Longest + 50);
        Assert.InRange(MessageText.Of(new Ping(1, new string('x', 1_000_000), null)).Length, 1, MessageText.Longest + 50);
        Assert.Equal($"<{typeof(Sulky)}>, whose ToString failed with InvalidOperationException", MessageText.Of(new Sulky(1)));
        string line = new Error(new InvalidOperationException(new string('y', 1_000_000)), "here", GetType(), "text").ToString();
        Assert.InRange(line.Length, MessageText.LongestCause, MessageText.LongestCause + 500);
    }

    [Fact]
    public void Dead_letters_and_unhandled_messages_that_contain_themselves_cost_a_line_each()
    {
        IActorRef deaf = Sys.ActorOf(Props.Create<Deaf>(), "deaf");
        IActorRef nobody = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(deaf.Path.Parent / "nobody");
        foreach (object message in new object[] { Circle(), Endless() })
        {
            string name = $"<{message.GetType()}>";
            EventFilter.Info(contains: $"Message content: {name}").ExpectOne(() => nobody.Tell(message));
            EventFilter.Debug(contains: $"Unhandled message from {TestActor.Path} : {name}")
                .ExpectOne(() => deaf.Tell(message));
            Assert.Contains(name, new DeadLetter(message, deaf, deaf).ToString(), StringComparison.Ordinal);
        }
    }
}
