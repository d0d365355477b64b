using System.Buffers;
using System.Net;
using Akka.Actor;
using Akka.Engine;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>A node that was started anew at its address, and what its former life had said and was not counted yet.</summary>
public sealed class FormerLifeTests : Conversation
{
    [Fact]
    public async Task What_a_former_life_says_late_is_not_counted_with_what_the_next_says()
    {
        Start("");
        Switchboard switchboard = RARP.For(System).Provider.Remoting.Switchboard;
        IActorRef echo = System.ActorOf(Props.Create<Echo>());
        SystemDelivery unreadable = new((IInternalActorRef)echo, null);
        using RawPeer next = new(Here, uid: 78);
        StandingConnection connection = new();
        Link former = (Link)switchboard.Accept(connection)!;
        ((IConnectionHandler)former).OnOpened(connection);
        Control greeting = new(ControlCommand.Associate, next.Self with { Uid = 77 });
        ((IConnectionHandler)former).OnReceived(
            connection, new ReadOnlySequence<byte>(ControlCodec.Frame(greeting, bigEndian: false)));
        for (int number = 0; number < 3; number++) switchboard.PostSystemMessage(former, number, unreadable);
        await Decided();

        // It begins at 0, whoever said what before.
        next.Associate();
        Say(0);
        Assert.Equal(new Ack(0, []), next.ReadAck());
        switchboard.PostSystemMessage(former, 3, unreadable);
        Say(1);
        Assert.Equal(new Ack(1, []), next.ReadAck());

        void Say(long sequence) => next.Send(
            PathOf(echo), 22, Watch, WatchBody(PathOf(echo), next.Root + "system/remote-watcher#5"), sequence);
    }

    /// <summary>One that nobody reads at the other end, and that does not end until the test is over.</summary>
    private sealed class StandingConnection : IConnection
    {
        public EndPoint? RemoteEndPoint => null;

        public long QueuedBytes => 0;

        public void Write(ReadOnlySpan<byte> bytes)
        {
        }

        public void Pause()
        {
        }

        public void Resume()
        {
        }

        public void Close()
        {
        }

        public void Abort()
        {
        }
    }
}
