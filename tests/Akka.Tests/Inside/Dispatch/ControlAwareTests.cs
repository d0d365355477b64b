using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Tests.Inside.Dispatch;

/// <summary>The mailbox in which some messages overtake others. Akka.NET has none.</summary>
public sealed class ControlAwareTests() : Akka.TestKit.Xunit2.TestKit("""
    akka.loglevel = OFF
    control { mailbox-type = "Akka.Dispatch.UnboundedControlAwareMailbox, Akka" }
    """)
{
    private sealed record Urgent(string Text) : IControlMessage;

    /// <summary>Handles nothing until its gate opens, then tells what comes in which order.</summary>
    private sealed class Gated : ReceiveActor
    {
        public Gated(IActorRef listener, ManualResetEventSlim gate)
        {
            Receive<string>(text => text == "wait", _ => gate.Wait(TimeSpan.FromSeconds(10)));
            ReceiveAny(message => listener.Tell(message));
        }
    }

    [Fact]
    public void Control_messages_overtake_and_the_others_keep_their_order()
    {
        using ManualResetEventSlim gate = new();
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Gated(TestActor, gate)).WithMailbox("control"));
        actor.Tell("wait");
        for (int number = 1; number <= 100; number++) actor.Tell(number);
        actor.Tell(new Urgent("a"));
        actor.Tell(new Urgent("b"));
        gate.Set();
        ExpectMsg(new Urgent("a"));
        ExpectMsg(new Urgent("b"));
        for (int number = 1; number <= 100; number++) ExpectMsg(number);
    }
}
