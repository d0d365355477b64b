using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>
/// The traps of the protocol that concern connections and envelopes, told by a peer that is made of a socket. Where each of
/// the seventeen of the protocol notes is tested:
/// <code>
///  1 numbers of ordinary messages      Ordinary_messages_are_unsequenced…, A_message_without_a_number…
///  2 "tcp" in the handshake            The_handshake_names_the_bare_transport
///  3 the lowest address leads          ClusterStoryTests.The_newcomer_with_the_lowest_address_takes_over_the_lead
///  4 agreement needs everybody         RuleTests.All_agree_when_those_up_or_leaving_have_seen
///  5 names in clocks                   CaptureTests.Clock_names_are_those_that_the_captured_nodes_chose
///  6 two connections, bad acks         EndpointRegistryTests.When_both_dialled_each_writes_on_its_own…,
///                                      An_acknowledgement_of_what_was_never_sent_quarantines
///  7 times of heartbeats               ClusterTrapTests.The_time_of_a_heartbeat_is_zigzag…
///  8 the limit of a frame              A_frame_of_the_limit_passes_and_one_byte_more_ends_the_connection
///  9 repeated watches                  Repeated_watches_are_acknowledged_and_answered_once
/// 10 selections to the root            A_selection_to_the_root_is_walked_and_identify_is_answered_for_nobody_too
/// 11 signed acks                       An_acknowledgement_of_nothing_is_no_news_from_the_future
/// 12 marked numbers in JSON            EveryCaptureTests.Json_reads_as_recorded_and_is_written_as_captured
/// 13 negative numbers take ten bytes   A_negative_serializer_takes_ten_bytes_and_comes_back_negative
/// 14 a new life at the same address    Another_life_at_the_same_address…, ClusterStoryTests.A_restarted_node_replaces…
/// 15 Hyperion's references             GoldenTests.A_golden_value_is_written_to_the_captured_bytes
/// 16 for whom gossip is                ClusterTrapTests.Gossip_for_another_life…, Gossip_of_who_cannot_be_reached…
/// 17 no silent closing                 A_connection_that_is_not_wanted_gets_an_answer_before_it_is_closed,
///                                      DoormanTests.Connections_beyond_a_limit_hear_a_farewell…
/// </code>
/// </summary>
public sealed class TrapTests : IDisposable
{
    private const string StringManifest = "System.String, System.Private.CoreLib";
    private const string WatchManifest = "Akka.Dispatch.SysMsg.Watch, Akka";

    private readonly ActorSystem _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          loggers = []
          actor.provider = remote
          remote.retry-gate-closed-for = 200ms
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """));

    private readonly Mail _mail = new();

    private Address Address => RemotePair.AddressOf(_system);

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public void Ordinary_messages_are_unsequenced_or_only_the_first_would_arrive()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        for (int round = 0; round < 3; round++)
        {
            peer.Send(echo, 17, StringManifest, "hello"u8.ToArray(), sender: peer.Root + "user/me");
            var answer = peer.ReadMessage();
            Assert.Equal((WireEnvelope.Unsequenced, "hello"), (answer.Sequence, Encoding.UTF8.GetString(answer.Body)));
        }
    }

    [Fact]
    public void A_message_without_a_number_is_number_zero_and_its_successors_are_duplicates()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        string keeper = PathOf(Keeper());
        for (int round = 0; round < 2; round++)
        {
            peer.Send(keeper, 22, WatchManifest, WatchBody(keeper, peer.Root + "user/watcher"), sequence: 0);
            Assert.Equal(new Ack(0, []), peer.ReadAck());
        }
    }

    [Fact]
    public void The_handshake_names_the_bare_transport()
    {
        using RawPeer peer = new(Address);
        peer.Send(new Control(ControlCommand.Associate, peer.Self));
        Control greeting = peer.ReadControl();
        Assert.Equal("tcp", greeting.Handshake!.Protocol);
        Assert.Equal(Address.Port, greeting.Handshake.Port);
    }

    [Fact]
    public void Answers_go_back_on_the_connection_of_a_peer_that_never_listens()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        peer.Send(
            PathOf(_system.ActorOf(Props.Create<Echo>(), "echo")), 17, StringManifest, "x"u8.ToArray(),
                sender: peer.Root + "temp/a");
        Assert.Equal(peer.Root + "temp/a", peer.ReadMessage().Recipient);
    }

    [Fact]
    public void A_frame_of_the_limit_passes_and_one_byte_more_ends_the_connection()
    {
        string keeper = PathOf(Keeper());
        using (RawPeer peer = new RawPeer(Address).Associate())
        {
            int largest = Enumerable.Range(127_000, 1_000).Last(body => FrameBytes(keeper, body) <= 128_000);
            Assert.Equal(128_000, FrameBytes(keeper, largest));
            peer.Send(keeper, 4, "", new byte[largest]);
            Assert.Equal(largest, _mail.Take<byte[]>().Length);
        }
        using (RawPeer peer = new RawPeer(Address, uid: 78).Associate())
        {
            byte[] header = new byte[4];
            FrameCodec.WriteLength(header, 127_997, bigEndian: false);
            peer.Send(header);
            Assert.Equal(ControlCommand.Disassociate, peer.ReadControl().Command);
            Assert.True(peer.IsClosedByPeer());
        }
    }

    [Fact]
    public void Repeated_watches_are_acknowledged_and_answered_once()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        IActorRef echo = _system.ActorOf(Props.Create<Echo>(), "echo");
        byte[] watch = WatchBody(PathOf(echo), peer.Root + "system/remote-watcher#5");
        for (int number = 0; number < 2; number++)
        {
            peer.Send(PathOf(echo), 22, WatchManifest, watch, sequence: number);
            Assert.Equal(new Ack(number, []), peer.ReadAck());
        }
        peer.Send(PathOf(echo), 17, StringManifest, "stop"u8.ToArray());
        var death = peer.ReadMessage();
        Assert.Equal("Akka.Dispatch.SysMsg.DeathWatchNotification, Akka", death.Manifest);
        Assert.Equal(0, death.Sequence);
        Assert.Equal(peer.Root + "system/remote-watcher#5", death.Recipient);
    }

    [Fact]
    public void Watching_nobody_is_answered()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        string missing = $"{Address}/user/missing#99";
        peer.Send(missing, 22, WatchManifest, WatchBody(missing, peer.Root + "system/remote-watcher#5"), sequence: 0);
        var death = peer.ReadMessage();
        Assert.Equal("Akka.Dispatch.SysMsg.DeathWatchNotification, Akka", death.Manifest);
        Assert.Contains(missing, Encoding.UTF8.GetString(death.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledgement_of_nothing_is_no_news_from_the_future()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        peer.Send(new Ack(-1, []));
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        peer.Send(echo, 17, StringManifest, "still there"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("still there", Encoding.UTF8.GetString(peer.ReadMessage().Body));
    }

    [Fact]
    public void An_acknowledgement_of_what_was_never_sent_quarantines()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        _system.EventStream.Subscribe(Keeper(), typeof(QuarantinedEvent));
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        peer.Send(echo, 22, WatchManifest, WatchBody(echo, peer.Root + "system/remote-watcher#5"), sequence: 0);
        peer.Send(echo, 17, StringManifest, "stop"u8.ToArray());
        Assert.Equal(0, peer.ReadMessage().Sequence);
        peer.Send(new Ack(5, []));
        Assert.Equal(77, _mail.Take<QuarantinedEvent>().Uid);
        using RawPeer again = new RawPeer(Address).Associate();
        Assert.Equal(ControlCommand.DisassociateQuarantined, again.ReadControl().Command);
    }

    [Fact]
    public void A_selection_to_the_root_is_walked_and_identify_is_answered_for_nobody_too()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        Captures.Frame asked =
            Captures.Frames.First(frame => frame.Label.Contains("SEL[user/missing] 16:ID", StringComparison.Ordinal));
        Assert.True(ControlCodec.TryRead(asked.Body, out var payload, out _));
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        peer.Send(Address + "/", 6, "", container.Envelope.Body.ToArray(), sender: peer.Root + "temp/g");
        var answer = peer.ReadMessage();
        Assert.Equal((16, "AID"), (answer.Serializer, answer.Manifest));
        Assert.Contains("corr-1", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_serializer_takes_ten_bytes_and_comes_back_negative()
    {
        WireEnvelope envelope = new() { Recipient = "a"u8, SerializerId = -5, Sequence = WireEnvelope.Unsequenced };
        byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
        ContainerCodec.WriteFrame(frame, envelope, bigEndian: false);
        Assert.Contains("10FBFFFFFFFFFFFFFFFF01", Convert.ToHexString(frame), StringComparison.Ordinal);
        Assert.True(ControlCodec.TryRead(frame.AsSpan(4), out var payload, out _));
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        Assert.Equal(-5, container.Envelope.SerializerId);
    }

    [Fact]
    public void A_second_connection_of_the_same_life_takes_over_when_it_is_used()
    {
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        using RawPeer first = new RawPeer(Address).Associate();
        first.Send(echo, 17, StringManifest, "1"u8.ToArray(), sender: first.Root + "user/me");
        Assert.Equal("1", Encoding.UTF8.GetString(first.ReadMessage().Body));
        using RawPeer second = new RawPeer(Address).Associate();
        second.Send(echo, 17, StringManifest, "2"u8.ToArray(), sender: second.Root + "user/me");
        Assert.Equal("2", Encoding.UTF8.GetString(second.ReadMessage().Body));
        Assert.Equal(ControlCommand.Disassociate, first.ReadControl().Command);
    }

    [Fact]
    public void Another_life_at_the_same_address_is_let_in_and_the_old_one_is_not_any_more()
    {
        using RawPeer first = new RawPeer(Address, uid: 1).Associate();
        using RawPeer second = new RawPeer(Address, uid: 2).Associate();
        Assert.Equal(ControlCommand.Disassociate, first.ReadControl().Command);
        using RawPeer third = new RawPeer(Address, uid: 1).Associate();
        Assert.Equal(ControlCommand.DisassociateQuarantined, third.ReadControl().Command);
    }

    [Fact]
    public void A_connection_that_is_not_wanted_gets_an_answer_before_it_is_closed()
    {
        using RawPeer peer = new(Address);
        peer.Send(new Control(ControlCommand.Heartbeat));
        Assert.Equal(ControlCommand.Disassociate, peer.ReadControl().Command);
        Assert.True(peer.IsClosedByPeer());
    }

    [Fact]
    public void A_message_that_cannot_be_read_costs_itself_only()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        peer.Send(echo, 999, "", [1, 2, 3]);
        peer.Send(echo, 17, "no such manifest", [1, 2, 3]);
        peer.Send(echo, 6, "", [0xFF]);
        peer.Send(echo, 22, "Akka.Dispatch.SysMsg.Nonsense, Akka", [], sequence: 0);
        Assert.Equal(new Ack(0, []), peer.ReadAck());
        peer.Send($"akka.tcp://Pair@10.0.0.1:1/user/echo", 17, StringManifest, "not for you"u8.ToArray());
        peer.Send(echo, 17, StringManifest, "fine"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("fine", Encoding.UTF8.GetString(peer.ReadMessage().Body));
    }

    [Fact]
    public void Creating_actors_from_afar_is_refused_by_name_and_the_connection_stays()
    {
        _system.EventStream.Subscribe(Keeper(), typeof(Akka.Event.Error));
        using RawPeer peer = new RawPeer(Address).Associate();
        Captures.Frame wanted = Captures.Frames.First(
            frame => frame.Label.StartsWith("seq=- 3:", StringComparison.Ordinal));
        Assert.True(ControlCodec.TryRead(wanted.Body, out var payload, out _));
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        peer.Send(Address + "/remote", 3, "", container.Envelope.Body.ToArray());
        string refusal = _mail.Take<Akka.Event.Error>().Message.ToString()!;
        Assert.Contains("remote deployment is not part of this engine", refusal, StringComparison.Ordinal);
        Assert.Contains("Cap.Child", refusal, StringComparison.Ordinal);
        string echo = PathOf(_system.ActorOf(Props.Create<Echo>(), "echo"));
        peer.Send(echo, 17, StringManifest, "fine"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("fine", Encoding.UTF8.GetString(peer.ReadMessage().Body));
    }

    private IActorRef Keeper() => _system.ActorOf(Props.Create(() => new Keeper(_mail)));

    private string PathOf(IActorRef actor) => actor.Path.ToSerializationFormatWithAddress(Address);

    private static int FrameBytes(string recipient, int body)
    {
        WireEnvelope envelope = new()
        {
            Recipient = Encoding.UTF8.GetBytes(recipient),
            Body = new byte[body],
            SerializerId = 4,
            Sequence = WireEnvelope.Unsequenced,
        };
        return ContainerCodec.FrameBytes(envelope);
    }

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
}
