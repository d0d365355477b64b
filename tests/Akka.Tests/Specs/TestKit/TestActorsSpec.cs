using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace Akka.Tests.Specs.TestKit;

/// <summary>The actors that the kit brings along.</summary>
public sealed class TestActorsSpec : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void An_echo_tells_the_kit_and_the_sender()
    {
        IActorRef echo = Sys.ActorOf(EchoActor.Props(this));
        TestProbe sender = CreateTestProbe();

        echo.Tell("hello", sender.Ref);

        sender.ExpectMsg("hello");
        ExpectMsg("hello");
        Assert.Equal(sender.Ref, LastSender);
    }

    [Fact]
    public void An_echo_tells_the_kit_once_when_the_kit_is_the_sender()
    {
        IActorRef echo = Sys.ActorOf(EchoActor.Props(this));

        echo.Tell("hello", TestActor);
        echo.Tell("again", TestActor);

        ExpectMsg("hello");
        ExpectMsg("again");
    }

    [Fact]
    public void An_echo_can_be_told_to_leave_the_sender_alone()
    {
        IActorRef echo = Sys.ActorOf(EchoActor.Props(this, echoBackToSenderAsWell: false));
        TestProbe sender = CreateTestProbe();

        echo.Tell("hello", sender.Ref);
        ExpectMsg("hello");
        sender.Tell("the first it hears of");

        sender.ExpectMsg("the first it hears of");
    }

    [Fact]
    public void A_black_hole_takes_everything_and_an_unhandled_message_actor_nothing()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        IActorRef hole = Sys.ActorOf(BlackHoleActor.Props), picky = Sys.ActorOf(Props.Create<UnhandledMessageActor>());

        hole.Tell("lost");
        hole.Tell(new Identify("still there"), TestActor);
        Assert.Equal(hole, ExpectMsg<ActorIdentity>().Subject);
        picky.Tell("refused");

        UnhandledMessage refused = ExpectMsg<UnhandledMessage>();
        Assert.Equal(("refused", picky), (refused.Message, refused.Recipient));
    }

    [Fact]
    public void A_forwarder_keeps_the_sender()
    {
        TestProbe target = CreateTestProbe();

        Sys.ActorOf(ForwardActor.Props(target.Ref)).Tell("hello", TestActor);

        target.ExpectMsg("hello");
        Assert.Equal(TestActor, target.LastSender);
    }
}
