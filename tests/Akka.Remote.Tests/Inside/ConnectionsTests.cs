using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Several connections with one peer, or several names and lives of it at one address: which is written to, and whose
/// word counts.</summary>
public sealed class ConnectionsTests : Conversation
{
    [Fact]
    public async Task Of_a_life_with_two_connections_that_is_quarantined_nothing_is_counted_any_more()
    {
        Start("");
        using Dialled there = new();
        Resolve(there.Somebody()).Tell("first");
        using RawPeer dialled = there.Answer();
        Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
        using RawPeer inbound = there.Dials(Here).Associate();
        Assert.Equal("read", Echoed(inbound, "read", answersAt: dialled));
        Assert.Equal(1, RARP.For(System).Provider.Remoting.CountedLives);

        RARP.For(System).Provider.Quarantine(Address.Parse(inbound.Root[..^1]), 77);
        Assert.Equal(ControlCommand.Disassociate, inbound.ReadControl().Command);
        await Decided();
        Assert.Equal(0, RARP.For(System).Provider.Remoting.CountedLives);
    }

    [Fact]
    public void When_both_dialled_each_is_written_to_on_the_connection_this_side_dialled_and_acks_go_back_where_from()
    {
        Start("");
        using Dialled there = new();
        Resolve(there.Somebody()).Tell("first");
        using RawPeer dialled = there.Accept();

        // The peer calls while this side's own call is not answered: its connection has to wait for the outcome.
        using RawPeer inbound = there.Dials(Here).Associate();
        IActorRef echo = System.ActorOf(Props.Create<Echo>());
        inbound.Send(PathOf(echo), 17, "S", "second"u8.ToArray(), sender: inbound.Root + "user/me");
        dialled.Send(new Control(ControlCommand.Associate, dialled.Self));
        Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
        Assert.Equal("second", Encoding.UTF8.GetString(dialled.ReadMessage().Body));

        byte[] watch = WatchBody(PathOf(echo), inbound.Root + "system/remote-watcher#5");
        inbound.Send(PathOf(echo), 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), inbound.ReadAck());
        dialled.Send(PathOf(echo), 22, Watch, watch, sequence: 1);
        Assert.Equal(new Ack(1, []), dialled.ReadAck());
    }

    [Fact]
    public async Task What_comes_late_on_a_connection_the_peer_gave_up_is_not_heard_after_what_it_said_since()
    {
        Start("");
        using Dialled there = new();
        Resolve(there.Somebody()).Tell("first");
        using RawPeer dialled = there.Answer();
        Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
        Assert.Equal("in time", Echoed(dialled, "in time"));

        using RawPeer newer = there.Dials(Here).Associate();
        Assert.Equal("since", Echoed(newer, "since", answersAt: dialled));
        await Decided();
        string keeper = PathOf(Keeper());
        dialled.Send(keeper, 17, "S", "late"u8.ToArray());
        byte[] watch = WatchBody(keeper, dialled.Root + "system/remote-watcher#5");
        dialled.Send(keeper, 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), dialled.ReadAck());
        newer.Send(keeper, 17, "S", "last"u8.ToArray());
        Assert.Equal("last", Mail.Take());
    }

    [Fact]
    public void Who_is_looked_for_under_another_name_is_told_so_and_nothing_is_written_to_it()
    {
        Start("");
        System.EventStream.Subscribe(Keeper(), typeof(AssociationErrorEvent));
        using Dialled there = new();
        Resolve(there.Somebody("Other")).Tell("lost");
        using RawPeer dialled = there.Answer();
        Assert.Equal(ControlCommand.Disassociate, dialled.ReadControl().Command);
        Assert.True(dialled.IsClosedByPeer());
        string error = Mail.Take<AssociationErrorEvent>().Cause.Message;
        Assert.Contains($"akka.tcp://Other@127.0.0.1:{there.Port}", error, StringComparison.Ordinal);
        Assert.Contains($"is Pair@127.0.0.1:{there.Port}, and takes no messages under another name", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_dials_under_another_name_too_keeps_the_connection_it_has()
    {
        Start("");
        using RawPeer good = new RawPeer(Here).Associate();
        Assert.Equal("one", Echoed(good, "one"));
        IActorRef keeper = Keeper();
        System.EventStream.Subscribe(keeper, typeof(DisassociatedEvent));
        using RawPeer alias = new RawPeer(Here).Associate();
        alias.Send("akka.tcp://Other@127.0.0.1:1/user/echo", 17, "S", "lost"u8.ToArray());
        Assert.Equal("two", Echoed(good, "two"));
        alias.Send(new Control(ControlCommand.Disassociate));
        Assert.True(alias.IsClosedByPeer());
        await Decided();
        Assert.Equal("three", Echoed(good, "three"));
        keeper.Tell("no connection ended");
        Assert.Equal("no connection ended", Mail.Take());
    }

    [Fact]
    public void A_late_farewell_of_a_former_life_ends_no_watch_on_the_next()
    {
        Start("retry-gate-closed-for = 10ms");
        using Dialled there = new();
        IActorRef somebody = Resolve(there.Somebody());
        somebody.Tell("first");
        using RawPeer former = there.Dials(Here);
        using (RawPeer dialled = there.Answer())
        {
            Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
            // The former life's own connection, of which this side hears nothing when it is gone.
            former.Associate();
            Assert.Equal("read", Echoed(former, "read", answersAt: dialled));
        }
        IActorRef keeper = Keeper();
        keeper.Tell(new WatchIt(somebody));
        using RawPeer next = there.Answer(78);
        SkipToWatch(next);

        former.Send(new Control(ControlCommand.DisassociateShuttingDown));
        Assert.True(former.IsClosedByPeer());
        IActorRef echo = System.ActorOf(Props.Create<Echo>());
        byte[] watch = WatchBody(PathOf(echo), next.Root + "system/remote-watcher#5");
        next.Send(PathOf(echo), 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), next.ReadAck());
        keeper.Tell("nobody has died");
        Assert.Equal("nobody has died", Mail.Take());

        next.Send(new Control(ControlCommand.DisassociateShuttingDown));
        Assert.Equal(somebody, Mail.Take<Terminated>().ActorRef);

        static void SkipToWatch(RawPeer peer)
        {
            while (peer.ReadMessage().Manifest != Watch)
            {
                // Heartbeats of the watch.
            }
        }
    }

    /// <summary>A peer that is dialled when something is told to somebody there, and that dials too.</summary>
    private sealed class Dialled : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Dialled() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public string Somebody(string system = "Pair") => $"akka.tcp://{system}@127.0.0.1:{Port}/user/somebody";

        /// <summary>The next connection that comes, its greeting read and not answered.</summary>
        public RawPeer Accept(int uid = 77)
        {
            RawPeer peer = new(_listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", Port, "tcp", uid));
            Assert.Equal(ControlCommand.Associate, peer.ReadControl().Command);
            return peer;
        }

        public RawPeer Answer(int uid = 77)
        {
            RawPeer peer = Accept(uid);
            peer.Send(new Control(ControlCommand.Associate, peer.Self));
            return peer;
        }

        public RawPeer Dials(Address target) => new(target, host: "127.0.0.1", port: Port);

        public void Dispose() => _listener.Dispose();
    }
}
