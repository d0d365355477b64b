using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>Putting messages aside for later.</summary>
public sealed class StashSpec() : Akka.TestKit.Xunit2.TestKit("""
    akka.loglevel = OFF
    small { mailbox-type = "Akka.Dispatch.UnboundedDequeBasedMailbox, Akka", stash-capacity = 2 }
    """)
{
    private class Shop : ReceiveActor, IWithUnboundedStash
    {
        public Shop()
        {
            Receive<string>(text => text == "open", _ =>
            {
                Stash.UnstashAll();
                Become(Open);
            });
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException());
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        private void Open() => ReceiveAny(message => Sender.Tell(message));
    }

    [Fact]
    public void Stashed_messages_come_before_the_others_in_their_order()
    {
        IActorRef shop = Sys.ActorOf(Props.Create<Shop>());
        shop.Tell(1);
        shop.Tell(2);
        shop.Tell("open");
        shop.Tell(3);
        for (int number = 1; number <= 3; number++) ExpectMsg(number);
    }

    [Fact]
    public void A_stashed_message_keeps_its_sender()
    {
        IActorRef shop = Sys.ActorOf(Props.Create<Shop>());
        Akka.TestKit.TestProbe other = CreateTestProbe();
        shop.Tell(1, other.Ref);
        shop.Tell("open");
        other.ExpectMsg(1);
    }

    [Fact]
    public void A_restart_gives_the_stashed_messages_back()
    {
        IActorRef shop = Sys.ActorOf(Props.Create<Shop>());
        shop.Tell(1);
        shop.Tell("fail");
        shop.Tell("open");
        ExpectMsg(1);
    }

    private sealed class SmallShop : ReceiveActor, IWithStash
    {
        public SmallShop(IActorRef listener) => ReceiveAny(_ =>
        {
            Exception? refusal = Record.Exception(Stash.Stash);
            listener.Tell(refusal?.GetType().Name ?? $"{Stash.Count} full={Stash.IsFull}");
        });

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void A_stash_with_a_limit_refuses_more()
    {
        IActorRef shop = Sys.ActorOf(Props.Create(() => new SmallShop(TestActor)).WithMailbox("small"));
        for (int number = 0; number < 3; number++) shop.Tell(number);
        ExpectMsg("1 full=False");
        ExpectMsg("2 full=True");
        ExpectMsg("StashOverflowException");
    }

    private sealed class Twice : ReceiveActor, IWithUnboundedStash
    {
        public Twice(IActorRef listener) => ReceiveAny(_ =>
        {
            Stash.Stash();
            listener.Tell(Record.Exception(Stash.Stash)!.GetType().Name);
        });

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void The_same_message_cannot_be_stashed_twice()
    {
        Sys.ActorOf(Props.Create(() => new Twice(TestActor))).Tell("x");
        ExpectMsg(nameof(IllegalActorStateException));
    }

    private sealed class OneByOne : ReceiveActor, IWithUnboundedStash
    {
        public OneByOne()
        {
            bool passing = false;
            Receive<string>(text => text == "next", _ =>
            {
                passing = true;
                Stash.Unstash();
            });
            ReceiveAny(message =>
            {
                if (passing) Sender.Tell(message);
                else Stash.Stash();
                passing = false;
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void Unstash_gives_back_the_oldest_alone()
    {
        IActorRef actor = Sys.ActorOf(Props.Create<OneByOne>());
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("next");
        ExpectMsg(1);
        ExpectNoMsg(TimeSpan.FromMilliseconds(40));
        actor.Tell("next");
        ExpectMsg(2);
    }
}
