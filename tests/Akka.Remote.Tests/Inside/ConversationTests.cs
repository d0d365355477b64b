using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Whole conversations with a peer on one connection after another: what is sent again, who is not talked to for a
/// while or for good, what is not obeyed, and the end.</summary>
public sealed class ConversationTests : Conversation
{
    private const string Death = "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka";

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
        RARP.For(System).Provider.Abandon(gone);
        Task ended = System.Terminate();
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
        System.EventStream.Subscribe(other.ActorOf(Props.Create(() => new Keeper(Mail))), typeof(Warning));
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef there = Resolve(peer.Root + "user/somebody");
        for (int number = 0; number < 500; number++) there.Tell(new byte[60_000]);
        await System.Terminate().WaitAsync(Patience);
        Assert.Contains("akka.remote.shutdown-timeout", Mail.Take<Warning>().Message.ToString()!,
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
    public void Who_is_silent_for_long_afterSystem_messages_is_quarantined_though_no_connection_is_left_and_strangers_are_not()
    {
        Start("quarantine-after-silence = 300ms");
        System.EventStream.Subscribe(Keeper(), typeof(QuarantinedEvent));
        using (RawPeer stranger = new RawPeer(Here, uid: 76, port: 4710).Associate())
        {
            Assert.Equal("all", Echoed(stranger, "all"));
        }
        using (RawPeer peer = new RawPeer(Here, uid: 77).Associate())
        {
            string echo = PathOf(System.ActorOf(Props.Create<Echo>()));
            peer.Send(echo, 22, Watch, WatchBody(echo, peer.Root + "system/remote-watcher#5"), sequence: 0);
            Assert.Equal(new Ack(0, []), peer.ReadAck());
        }
        Assert.Equal(77, Mail.Take<QuarantinedEvent>().Uid);
        // It was silent for longer.
        using RawPeer back = new RawPeer(Here, uid: 76, port: 4710).Associate();
        Assert.Equal("again", Echoed(back, "again"));
        Assert.True(Mail.IsEmpty);
        using RawPeer silent = new RawPeer(Here, uid: 77).Associate();
        Assert.Equal(ControlCommand.DisassociateQuarantined, silent.ReadControl().Command);
    }

    [Fact]
    public async Task Nothing_is_kept_of_strangers_that_are_gone()
    {
        Start("");
        System.EventStream.Subscribe(Keeper(), typeof(GatedEvent));
        for (int port = 4711; port < 4721; port++)
        {
            using (RawPeer stranger = new RawPeer(Here, port: port).Associate()) Echoed(stranger, "all");
            Mail.Take<GatedEvent>();
        }
        Assert.Equal(0, await Conversations());
    }

    [Fact]
    public async Task Of_thousands_of_lives_that_watched_here_and_said_farewell_nothing_is_kept()
    {
        Start("");
        string echo = PathOf(System.ActorOf(Props.Create<Echo>()));
        for (int life = 0; life < 2_000; life++)
        {
            using RawPeer peer = new RawPeer(Here, uid: 100 + life, port: 10_000 + life).Associate();
            peer.Send(echo, 22, Watch, WatchBody(echo, peer.Root + "system/remote-watcher#5"), sequence: 0);
            Assert.Equal(new Ack(0, []), peer.ReadAck());
            peer.Send(new Control(ControlCommand.DisassociateShuttingDown));
            Assert.True(peer.IsClosedByPeer());
        }
        Assert.Equal(0, await Conversations());
        Assert.Equal(0, RARP.For(System).Provider.Remoting.CountedLives);
    }

    [Fact]
    public void A_gap_in_what_comes_is_told_and_what_was_early_is_delivered_after_it()
    {
        Start("");
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef echo = System.ActorOf(Props.Create<Echo>());
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
        System.EventStream.Subscribe(keeper, typeof(GatedEvent));
        Address peerAddress;
        using (RawPeer peer = new RawPeer(Here).Associate())
        {
            peerAddress = Address.Parse(peer.Root[..^1]);
            peer.Send(new Control(ControlCommand.DisassociateShuttingDown));
            Assert.True(peer.IsClosedByPeer());
        }
        Assert.Equal(peerAddress, Mail.Take<GatedEvent>().Address);
        System.EventStream.Subscribe(keeper, typeof(DeadLetter));
        IActorRef there = Resolve(peerAddress + "/user/somebody");
        there.Tell("into the gate");
        Assert.Equal("into the gate", Mail.Take<DeadLetter>().Message);
        using RawPeer back = new RawPeer(Here).Associate();
        Assert.Equal("in", Echoed(back, "in"));
        there.Tell("through the gate");
        Assert.Equal("through the gate", Encoding.UTF8.GetString(back.ReadMessage().Body));
    }

    [Fact]
    public void Who_is_quarantined_hears_so_each_time_and_its_next_life_is_let_in()
    {
        Start("");
        System.EventStream.Subscribe(Keeper(), typeof(QuarantinedEvent));
        using RawPeer peer = new RawPeer(Here).Associate();
        RARP.For(System).Provider.Quarantine(Address.Parse(peer.Root[..^1]), 77);
        Assert.Equal(77, Mail.Take<QuarantinedEvent>().Uid);
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
        System.EventStream.Subscribe(keeper, typeof(QuarantinedEvent));
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
        object[] news = [Mail.Take(), Mail.Take()];
        Terminated dead = Assert.Single(news.OfType<Terminated>());
        Assert.Equal((somebody, true), (dead.ActorRef, dead.AddressTerminated));
        Assert.Equal(77, Assert.Single(news.OfType<QuarantinedEvent>()).Uid);
    }

    [Fact]
    public void Who_is_not_trusted_cannot_kill_create_select_or_rule()
    {
        Start("untrusted-mode = on, trusted-selection-paths = [\"/user/open\"]");
        using RawPeer peer = new RawPeer(Here).Associate();
        IActorRef open = System.ActorOf(Props.Create<Echo>(), "open");
        Mail created = new();
        System.EventStream.Subscribe(
            System.ActorOf(Props.Create(() => new Keeper(created)), "closed"), typeof(Akka.Event.Error));
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
        IActorRef[] echoes = [.. Enumerable.Range(0, deaths).Select(_ => System.ActorOf(Props.Create<Echo>()))];
        for (int number = 0; number < deaths; number++)
        {
            string path = PathOf(echoes[number]);
            peer.Send(path, 22, Watch, WatchBody(path, peer.Root + "system/remote-watcher#5"), sequence: number);
            Assert.Equal(new Ack(number, []), peer.ReadAck());
        }
        foreach (IActorRef echo in echoes) echo.Tell("stop");
    }

    private Task<int> Conversations()
    {
        TaskCompletionSource<int> kept = new();
        Switchboard switchboard = RARP.For(System).Provider.Remoting.Switchboard;
        switchboard.Post(() => kept.SetResult(switchboard.Conversations));
        return kept.Task.WaitAsync(Patience);
    }
}
