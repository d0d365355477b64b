using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Whole conversations with a peer that is made of a socket: what is sent again, who is written to on which
/// connection, who is not talked to for a while or for good.</summary>
public sealed class ConversationTests : IDisposable
{
    private const string Watch = "Akka.Dispatch.SysMsg.Watch, Akka";
    private const string Death = "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka";

    private readonly Mail _mail = new();
    private ActorSystem? _system;

    private Address Here => AddressOf(_system!);

    public void Dispose() => _system?.Terminate().Wait(Patience);

    [Fact]
    public void What_the_peer_misses_is_sent_again_at_once_and_what_it_has_is_not()
    {
        Start("resend-interval = 1h");
        using RawPeer peer = new RawPeer(Here).Associate();
        TellOfDeaths(peer, 3);
        peer.Send(new Ack(2, [1]));
        Assert.Equal((Death, 1L), Next(peer));
        peer.Send(new Ack(2, []));
        Assert.Equal("all", Echoed(peer, "all"));
    }

    [Fact]
    public async Task At_the_end_who_is_heard_no_more_gets_no_farewell_and_others_do()
    {
        Start("");
        using RawPeer silent = new RawPeer(Here, port: 4711).Associate();
        using RawPeer heard = new RawPeer(Here, port: 4712).Associate();
        Address gone = new("akka.tcp", silent.Self.System, silent.Self.Host, silent.Self.Port);
        RARP.For(_system!).Provider.Abandon(gone);
        Task ended = _system!.Terminate();
        Assert.Contains(ControlCommand.DisassociateShuttingDown, Controls(heard));
        Assert.DoesNotContain(ControlCommand.DisassociateShuttingDown, Controls(silent));
        await ended.WaitAsync(Patience);

        // Until the connection is closed.
        static List<ControlCommand> Controls(RawPeer peer)
        {
            List<ControlCommand> controls = [];
            while (peer.ReadFrame() is { } frame)
            {
                Assert.True(ControlCodec.TryRead(frame, out _, out Control control));
                controls.Add(control.Command);
            }
            return controls;
        }
    }

    [Fact]
    public async Task The_end_waits_no_longer_than_shutdown_timeout_and_says_so()
    {
        // The peer neither reads the farewell nor closes: what waits for it is written until flush-wait-on-shutdown.
        Start("shutdown-timeout = 100ms, flush-wait-on-shutdown = 1h", loglevel: "WARNING");
        using ActorSystem other = ActorSystem.Create("other", "akka { stdout-loglevel = OFF, loggers = [] }");
        _system!.EventStream.Subscribe(other.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(Warning));
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef there = Resolve(peer.Root + "user/somebody");
        for (int number = 0; number < 500; number++) there.Tell(new byte[60_000]);
        await _system.Terminate().WaitAsync(Patience);
        Assert.Contains("akka.remote.shutdown-timeout", _mail.Take<Warning>().Message.ToString()!,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_acknowledged_is_sent_again_after_a_while_and_after_a_new_connection()
    {
        Start("resend-interval = 200ms");
        using RawPeer peer = new RawPeer(Here).Associate();
        LetDie(peer, 2);
        // On a busy machine the first may be repeated before the second is due.
        List<long> heard = [];
        while (heard.Count(number => number == 1) < 2)
        {
            (string manifest, long number) = Next(peer);
            Assert.Equal(Death, manifest);
            heard.Add(number);
        }
        Assert.Equal(0, heard[0]);
        Assert.True(heard.Count(number => number == 0) >= 2, string.Join(", ", heard));

        // Before the old connection ends, or this side would dial an address where nobody is, and this one wait for that.
        using RawPeer again = new RawPeer(Here).Associate();
        again.Send(PathOf(Keeper()), 17, "S", "here again"u8.ToArray());
        Assert.Equal((Death, 0L), Next(again));
        again.Send(new Ack(1, []));
    }

    [Fact]
    public void Who_is_silent_for_long_after_system_messages_is_quarantined_though_no_connection_is_left_and_strangers_are_not()
    {
        Start("quarantine-after-silence = 300ms");
        _system!.EventStream.Subscribe(Keeper(), typeof(QuarantinedEvent));
        using (RawPeer stranger = new RawPeer(Here, uid: 76, port: 4710).Associate())
        {
            Assert.Equal("all", Echoed(stranger, "all"));
        }
        using (RawPeer peer = new RawPeer(Here, uid: 77).Associate())
        {
            string echo = PathOf(_system.ActorOf(Props.Create<Echo>()));
            peer.Send(echo, 22, Watch, WatchBody(echo, peer.Root + "system/remote-watcher#5"), sequence: 0);
            Assert.Equal(new Ack(0, []), peer.ReadAck());
        }
        Assert.Equal(77, _mail.Take<QuarantinedEvent>().Uid);
        // It was silent for longer.
        using RawPeer back = new RawPeer(Here, uid: 76, port: 4710).Associate();
        Assert.Equal("again", Echoed(back, "again"));
        Assert.True(_mail.IsEmpty);
        using RawPeer silent = new RawPeer(Here, uid: 77).Associate();
        Assert.Equal(ControlCommand.DisassociateQuarantined, silent.ReadControl().Command);
    }

    [Fact]
    public async Task Nothing_is_kept_of_strangers_that_are_gone()
    {
        Start("");
        _system!.EventStream.Subscribe(Keeper(), typeof(GatedEvent));
        for (int port = 4711; port < 4721; port++)
        {
            using (RawPeer stranger = new RawPeer(Here, port: port).Associate()) Echoed(stranger, "all");
            _mail.Take<GatedEvent>();
        }
        Assert.Equal(0, await Conversations());
    }

    [Fact]
    public async Task Of_thousands_of_lives_that_watched_here_and_said_farewell_nothing_is_kept()
    {
        Start("");
        string echo = PathOf(_system!.ActorOf(Props.Create<Echo>()));
        for (int life = 0; life < 2_000; life++)
        {
            using RawPeer peer = new RawPeer(Here, uid: 100 + life, port: 10_000 + life).Associate();
            peer.Send(echo, 22, Watch, WatchBody(echo, peer.Root + "system/remote-watcher#5"), sequence: 0);
            Assert.Equal(new Ack(0, []), peer.ReadAck());
            peer.Send(new Control(ControlCommand.DisassociateShuttingDown));
            Assert.True(peer.IsClosedByPeer());
        }
        Assert.Equal(0, await Conversations());
        Assert.Equal(0, RARP.For(_system).Provider.Remoting.CountedLives);
    }

    [Fact]
    public async Task Of_a_life_with_two_connections_that_is_quarantined_nothing_is_counted_any_more()
    {
        Start("");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Resolve($"akka.tcp://Pair@127.0.0.1:{port}/user/somebody").Tell("first");
        using RawPeer dialled = new(listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", port, "tcp", 77));
        Assert.Equal(ControlCommand.Associate, dialled.ReadControl().Command);
        dialled.Send(new Control(ControlCommand.Associate, dialled.Self));
        Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
        using RawPeer inbound = new RawPeer(Here, uid: 77, host: "127.0.0.1", port: port).Associate();
        Assert.Equal("read", Echoed(inbound, "read", answersAt: dialled));
        Assert.Equal(1, RARP.For(_system!).Provider.Remoting.CountedLives);

        RARP.For(_system!).Provider.Quarantine(Address.Parse(inbound.Root[..^1]), 77);
        Assert.Equal(ControlCommand.Disassociate, inbound.ReadControl().Command);
        await Conversations();
        Assert.Equal(0, RARP.For(_system!).Provider.Remoting.CountedLives);
    }

    [Fact]
    public void A_gap_in_what_comes_is_told_and_what_was_early_is_delivered_after_it()
    {
        Start("");
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef echo = _system!.ActorOf(Props.Create<Echo>());
        byte[] watch = WatchBody(PathOf(echo), peer.Root + "system/remote-watcher#5");
        peer.Send(PathOf(echo), 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), peer.ReadAck());
        peer.Send(PathOf(echo), 22, Watch, watch, sequence: 3);
        Assert.Equal(new Ack(3, [1, 2]), peer.ReadAck());
        peer.Send(PathOf(echo), 22, Watch, watch, sequence: 1);
        Assert.Equal(new Ack(3, [2]), peer.ReadAck());
        peer.Send(PathOf(echo), 22, Watch, watch, sequence: 2);
        Assert.Equal(new Ack(3, []), peer.ReadAck());
    }

    [Fact]
    public void Behind_a_gate_letters_are_dead_until_the_peer_calls()
    {
        Start("retry-gate-closed-for = 1h");
        IActorRef keeper = Keeper();
        _system!.EventStream.Subscribe(keeper, typeof(GatedEvent));
        Address peerAddress;
        using (RawPeer peer = new RawPeer(Here).Associate())
        {
            peerAddress = Address.Parse(peer.Root[..^1]);
            peer.Send(new Control(ControlCommand.DisassociateShuttingDown));
            Assert.True(peer.IsClosedByPeer());
        }
        Assert.Equal(peerAddress, _mail.Take<GatedEvent>().Address);
        _system.EventStream.Subscribe(keeper, typeof(DeadLetter));
        IActorRef there = Resolve(peerAddress + "/user/somebody");
        there.Tell("into the gate");
        Assert.Equal("into the gate", _mail.Take<DeadLetter>().Message);
        using RawPeer back = new RawPeer(Here).Associate();
        Assert.Equal("in", Echoed(back, "in"));
        there.Tell("through the gate");
        Assert.Equal("through the gate", Encoding.UTF8.GetString(back.ReadMessage().Body));
    }

    [Fact]
    public void Who_is_quarantined_hears_so_each_time_and_its_next_life_is_let_in()
    {
        Start("");
        _system!.EventStream.Subscribe(Keeper(), typeof(QuarantinedEvent));
        using RawPeer peer = new RawPeer(Here).Associate();
        RARP.For(_system).Provider.Quarantine(Address.Parse(peer.Root[..^1]), 77);
        Assert.Equal(77, _mail.Take<QuarantinedEvent>().Uid);
        Assert.Equal(ControlCommand.Disassociate, peer.ReadControl().Command);
        for (int again = 0; again < 2; again++)
        {
            using RawPeer same = new RawPeer(Here).Associate();
            Assert.Equal(ControlCommand.DisassociateQuarantined, same.ReadControl().Command);
            Assert.True(same.IsClosedByPeer());
        }
        using RawPeer next = new RawPeer(Here, uid: 78).Associate();
        Assert.Equal("a new life", Echoed(next, "a new life"));
    }

    [Fact]
    public void When_both_dialled_each_is_written_to_on_the_connection_this_side_dialled_and_acks_go_back_where_from()
    {
        Start("");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Resolve($"akka.tcp://Pair@127.0.0.1:{port}/user/somebody").Tell("first");
        using RawPeer dialled = new(listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", port, "tcp", 77));
        Assert.Equal(ControlCommand.Associate, dialled.ReadControl().Command);

        // The peer calls while this side's own call is not answered: its connection has to wait for the outcome.
        using RawPeer inbound = new RawPeer(Here, uid: 77, host: "127.0.0.1", port: port).Associate();
        IActorRef echo = _system!.ActorOf(Props.Create<Echo>());
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
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Resolve($"akka.tcp://Pair@127.0.0.1:{port}/user/somebody").Tell("first");
        using RawPeer dialled = new(listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", port, "tcp", 77));
        Assert.Equal(ControlCommand.Associate, dialled.ReadControl().Command);
        dialled.Send(new Control(ControlCommand.Associate, dialled.Self));
        Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
        Assert.Equal("in time", Echoed(dialled, "in time"));

        using RawPeer newer = new RawPeer(Here, uid: 77, host: "127.0.0.1", port: port).Associate();
        Assert.Equal("since", Echoed(newer, "since", answersAt: dialled));
        TaskCompletionSource decided = new();
        RARP.For(_system!).Provider.Remoting.Switchboard.Post(decided.SetResult);
        await decided.Task.WaitAsync(Patience);
        string keeper = PathOf(Keeper());
        dialled.Send(keeper, 17, "S", "late"u8.ToArray());
        byte[] watch = WatchBody(keeper, dialled.Root + "system/remote-watcher#5");
        dialled.Send(keeper, 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), dialled.ReadAck());
        newer.Send(keeper, 17, "S", "last"u8.ToArray());
        Assert.Equal("last", _mail.Take());
    }

    [Fact]
    public void Who_is_looked_for_under_another_name_is_told_so_and_nothing_is_written_to_it()
    {
        Start("");
        _system!.EventStream.Subscribe(Keeper(), typeof(AssociationErrorEvent));
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Resolve($"akka.tcp://Other@127.0.0.1:{port}/user/somebody").Tell("lost");
        using RawPeer dialled = new(listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", port, "tcp", 77));
        Assert.Equal(ControlCommand.Associate, dialled.ReadControl().Command);
        dialled.Send(new Control(ControlCommand.Associate, dialled.Self));
        Assert.Equal(ControlCommand.Disassociate, dialled.ReadControl().Command);
        Assert.True(dialled.IsClosedByPeer());
        string error = _mail.Take<AssociationErrorEvent>().Cause.Message;
        Assert.Contains($"akka.tcp://Other@127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.Contains($"is Pair@127.0.0.1:{port}, and takes no messages under another name", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_dials_under_another_name_too_keeps_the_connection_it_has()
    {
        Start("");
        using RawPeer good = new RawPeer(Here).Associate();
        Assert.Equal("one", Echoed(good, "one"));
        IActorRef keeper = Keeper();
        _system!.EventStream.Subscribe(keeper, typeof(DisassociatedEvent));
        using RawPeer alias = new RawPeer(Here).Associate();
        alias.Send("akka.tcp://Other@127.0.0.1:1/user/echo", 17, "S", "lost"u8.ToArray());
        Assert.Equal("two", Echoed(good, "two"));
        alias.Send(new Control(ControlCommand.Disassociate));
        Assert.True(alias.IsClosedByPeer());
        TaskCompletionSource decided = new();
        RARP.For(_system!).Provider.Remoting.Switchboard.Post(decided.SetResult);
        await decided.Task.WaitAsync(Patience);
        Assert.Equal("three", Echoed(good, "three"));
        keeper.Tell("no connection ended");
        Assert.Equal("no connection ended", _mail.Take());
    }

    [Fact]
    public void A_late_farewell_of_a_former_life_ends_no_watch_on_the_next()
    {
        Start("retry-gate-closed-for = 10ms");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        IActorRef somebody = Resolve($"akka.tcp://Pair@127.0.0.1:{port}/user/somebody");
        somebody.Tell("first");
        using RawPeer former = new RawPeer(Here, uid: 77, host: "127.0.0.1", port: port);
        using (RawPeer dialled = Answer(77))
        {
            Assert.Equal("first", Encoding.UTF8.GetString(dialled.ReadMessage().Body));
            // The former life's own connection, of which this side hears nothing when it is gone.
            former.Associate();
            Assert.Equal("read", Echoed(former, "read", answersAt: dialled));
        }
        IActorRef keeper = Keeper();
        keeper.Tell(new WatchIt(somebody));
        using RawPeer next = Answer(78);
        SkipToWatch(next);

        former.Send(new Control(ControlCommand.DisassociateShuttingDown));
        Assert.True(former.IsClosedByPeer());
        IActorRef echo = _system!.ActorOf(Props.Create<Echo>());
        byte[] watch = WatchBody(PathOf(echo), next.Root + "system/remote-watcher#5");
        next.Send(PathOf(echo), 22, Watch, watch, sequence: 0);
        Assert.Equal(new Ack(0, []), next.ReadAck());
        keeper.Tell("nobody has died");
        Assert.Equal("nobody has died", _mail.Take());

        next.Send(new Control(ControlCommand.DisassociateShuttingDown));
        Assert.Equal(somebody, _mail.Take<Terminated>().ActorRef);

        RawPeer Answer(int uid)
        {
            RawPeer peer = new(listener.AcceptTcpClient(), new Handshake("Pair", "127.0.0.1", port, "tcp", uid));
            Assert.Equal(ControlCommand.Associate, peer.ReadControl().Command);
            peer.Send(new Control(ControlCommand.Associate, peer.Self));
            return peer;
        }

        static void SkipToWatch(RawPeer peer)
        {
            while (peer.ReadMessage().Manifest != Watch)
            {
                // Heartbeats of the watch.
            }
        }
    }

    [Fact]
    public void A_watched_node_that_answers_no_heartbeat_is_dead_to_those_who_watch_and_quarantined()
    {
        Start("""
            watch-failure-detector {
              heartbeat-interval = 100ms, unreachable-nodes-reaper-interval = 100ms
              acceptable-heartbeat-pause = 500ms, expected-response-after = 100ms
            }
            """);
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef somebody = Resolve(peer.Root + "user/somebody#5");
        IActorRef keeper = Keeper();
        keeper.Tell(new WatchIt(somebody));
        _system!.EventStream.Subscribe(keeper, typeof(QuarantinedEvent));
        HashSet<string> heard = [];
        while (heard.Count < 2)
        {
            var message = peer.ReadMessage();
            if (message.Manifest == Watch) peer.Send(new Ack(message.Sequence, []));
            string selected = Encoding.UTF8.GetString(message.Body);
            bool isHeartbeat = message.Manifest == "RWHB"
                || (message.Serializer == 6 && selected.Contains("RWHB", StringComparison.Ordinal));
            if (message.Manifest == Watch || isHeartbeat) heard.Add(isHeartbeat ? "heartbeat" : "watch");
        }
        // One answer, which tells its uid, and then none.
        peer.Send($"{Here}/system/remote-watcher", 16, "RWHR", [0x08, 77], sender: peer.Root + "system/remote-watcher");
        object[] news = [_mail.Take(), _mail.Take()];
        Terminated dead = Assert.Single(news.OfType<Terminated>());
        Assert.Equal((somebody, true), (dead.ActorRef, dead.AddressTerminated));
        Assert.Equal(77, Assert.Single(news.OfType<QuarantinedEvent>()).Uid);
    }

    [Fact]
    public void Who_is_not_trusted_cannot_kill_create_select_or_rule()
    {
        Start("untrusted-mode = on, trusted-selection-paths = [\"/user/open\"]");
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef open = _system!.ActorOf(Props.Create<Echo>(), "open");
        Mail created = new();
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Keeper(created)), "closed"), typeof(Akka.Event.Error));
        peer.Send(PathOf(open), 16, "PP", []);
        peer.Send(PathOf(open), 16, "K", []);
        long number = 0;
        foreach (string rule in new[] { "Terminate", "Suspend", "Recreate", "Failed", "Supervise", "NoMessage" })
            peer.Send(PathOf(open), 22, $"Akka.Dispatch.SysMsg.{rule}, Akka", [], sequence: number++);
        foreach (string prefix in new[] { "seq=- 6:", "seq=- 3:" })
        {
            Captures.Frame captured = Captures.Frames.First(
                frame => frame.Label.StartsWith(prefix, StringComparison.Ordinal)
                    || frame.Label.Contains("SEL[user/", StringComparison.Ordinal) && prefix.Contains('6'));
            Assert.True(ControlCodec.TryRead(captured.Body, out var payload, out _));
            Assert.True(ContainerCodec.TryRead(payload, out Container container));
            int serializer = container.Envelope.SerializerId;
            string to = serializer == 3 ? "/remote" : "/";
            peer.Send(Here + to, serializer, "", container.Envelope.Body.ToArray(), sender: peer.Root + "temp/g");
        }
        Assert.Equal("alive", Echoed(peer, "alive", open));
        Assert.Contains("remote deployment is not part", created.Take<Akka.Event.Error>().Message.ToString()!,
            StringComparison.Ordinal);
        Assert.True(created.IsEmpty);
    }

    private static (string Manifest, long Sequence) Next(RawPeer peer)
    {
        var message = peer.ReadMessage();
        return (message.Manifest, message.Sequence);
    }

    private void TellOfDeaths(RawPeer peer, int deaths)
    {
        LetDie(peer, deaths);
        for (int number = 0; number < deaths; number++) Assert.Equal((Death, (long)number), Next(peer));
    }

    // The peer watches actors that then stop: as many numbered messages go to it.
    private void LetDie(RawPeer peer, int deaths)
    {
        IActorRef[] echoes = [.. Enumerable.Range(0, deaths).Select(_ => _system!.ActorOf(Props.Create<Echo>()))];
        for (int number = 0; number < deaths; number++)
        {
            string path = PathOf(echoes[number]);
            peer.Send(path, 22, Watch, WatchBody(path, peer.Root + "system/remote-watcher#5"), sequence: number);
            Assert.Equal(new Ack(number, []), peer.ReadAck());
        }
        foreach (IActorRef echo in echoes) echo.Tell("stop");
    }

    private string Echoed(RawPeer peer, string text, IActorRef? echo = null, RawPeer? answersAt = null)
    {
        echo ??= _system!.ActorOf(Props.Create<Echo>());
        peer.Send(PathOf(echo), 17, "S", Encoding.UTF8.GetBytes(text), sender: peer.Root + "user/me");
        return Encoding.UTF8.GetString((answersAt ?? peer).ReadMessage().Body);
    }

    private Task<int> Conversations()
    {
        TaskCompletionSource<int> kept = new();
        Switchboard switchboard = RARP.For(_system!).Provider.Remoting.Switchboard;
        switchboard.Post(() => kept.SetResult(switchboard.Conversations));
        return kept.Task.WaitAsync(Patience);
    }

    private IActorRef Keeper() => _system!.ActorOf(Props.Create(() => new Keeper(_mail)));

    private IActorRef Resolve(string path) => ((ExtendedActorSystem)_system!).Provider.ResolveActorRef(path);

    private string PathOf(IActorRef actor) => actor.Path.ToSerializationFormatWithAddress(Here);

    private static byte[] WatchBody(string watchee, string watcher)
    {
        byte[] Reference(byte tag, string path)
        {
            byte[] text = Encoding.UTF8.GetBytes(path);
            byte[] inner = [0x0A, (byte)text.Length, .. text];
            return [tag, (byte)inner.Length, .. inner];
        }
        return [.. Reference(0x0A, watchee), .. Reference(0x12, watcher)];
    }

    private void Start(string config, string loglevel = "ERROR") => _system = ActorSystem.Create(
        "Pair", ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = {{loglevel}}
          stdout-loglevel = OFF
          loggers = []
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          remote { {{config}} }
        }
        """));
}
