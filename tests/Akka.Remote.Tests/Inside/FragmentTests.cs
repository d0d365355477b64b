using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Long messages in parts, between nodes that both offer it; to anybody else in one frame.</summary>
public sealed class FragmentTests : IDisposable
{
    private const int PartBytes = 4096;

    private readonly RemotePair _pair = new("""
        akka.remote.dot-netty.tcp.maximum-frame-size = 32 MiB
        akka.remote.fragment-size = 4 KiB
        """);

    private Address Address => AddressOf(_pair.Here);

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void A_part_is_an_unknown_field_to_Akka_NET_and_comes_back_as_it_was_made()
    {
        byte[] frame = new byte[Fragment.FrameBytes(3, 300)];
        Assert.Equal(frame.Length, Fragment.WriteFrame(frame, [1, 2, 3], rest: 300, bigEndian: true));
        // Field 100 is 300, field 101 has 3 bytes.
        Assert.Equal("0000000A" + "A006AC02" + "AA0603010203", Convert.ToHexString(frame));
        Assert.True(Fragment.IsAt(frame.AsSpan(4)));
        Assert.True(Fragment.TryRead(frame.AsSpan(4), out Fragment fragment));
        Assert.Equal(300, fragment.Rest);
        Assert.Equal([1, 2, 3], fragment.Part.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("A006")]
    [InlineData("A00605")]
    [InlineData("A00605AA0600")] // nothing in it
    [InlineData("A00605AA0602FF")] // cut
    [InlineData("A00605AA0601FFAA0601FF")] // two
    [InlineData("A006FFFFFFFF0FAA0601FF")] // more than there can be
    [InlineData("0A021200")] // a message
    public void What_is_no_part_is_not_read_as_one(string body) =>
        Assert.False(Fragment.TryRead(Convert.FromHexString(body), out _));

    [Fact]
    public void Parts_make_a_body_that_grows_with_them_and_no_larger_than_allowed()
    {
        var reassembly = new Reassembly(mostBytes: 100_000);
        Assert.Equal(
            "parts of a message of 100001 bytes, where 100000 are the most", Add(reassembly, [1], rest: 100_000));
        Assert.Null(Add(reassembly, [1, 2], rest: 99_998));
        Assert.True(reassembly.IsOpen);
        Assert.Null(Add(reassembly, new byte[99_000], rest: 998));
        Assert.Equal(
            "a part of a message that does not follow: 998 bytes were to come, it has 1 and says that 0 come after it",
            Add(reassembly, [3], rest: 0));
        Assert.Null(Add(reassembly, [.. Enumerable.Repeat((byte)7, 998)], rest: 0));
        Assert.False(reassembly.IsOpen);
        Assert.Equal(100_000, reassembly.Body.Length);
        Assert.Equal([1, 2, 0], reassembly.Body[..3].ToArray());
        Assert.Equal([0, 7], reassembly.Body[99_001..99_003].ToArray());
        reassembly.Clear();
        Assert.Null(Add(reassembly, [9], rest: 0));
        Assert.Equal([9], reassembly.Body.ToArray());
    }

    [Fact]
    public void A_promise_takes_no_room()
    {
        const int promised = 1 << 30;
        var reassembly = new Reassembly(promised);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Add(reassembly, [1], rest: promised - 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Messages_of_all_lengths_from_many_at_once_arrive_whole_and_in_order()
    {
        const int senders = 4;
        int[] lengths = [1, 4_000, PartBytes * 2, PartBytes * 2 + 1, 70_000, 1_000_003];
        Mail mail = new();
        IActorRef keeper = _pair.FromHere(_pair.There.ActorOf(Props.Create(() => new Keeper(mail))));
        Parallel.For(0, senders, sender =>
        {
            foreach (int length in lengths) keeper.Tell(Text(sender, length));
        });
        List<string>[] came = [.. Enumerable.Range(0, senders).Select(_ => new List<string>())];
        for (int count = 0; count < senders * lengths.Length; count++)
        {
            string text = mail.Take<string>();
            came[text[0] - 'a'].Add(text);
        }
        for (int sender = 0; sender < senders; sender++)
            Assert.Equal(lengths.Select(length => Text(sender, length)), came[sender]);

        static string Text(int sender, int length) => new((char)('a' + sender), length);
    }

    [Fact]
    public async Task Control_goes_between_the_parts_of_a_message_that_a_slow_reader_has_not_taken()
    {
        using var peer = new SilentPeer(offers: Offers.Fragments);
        IActorRef bulk = peer.Actor(_pair.Here, "user/bulk");
        bulk.Tell("first");
        await peer.GreetAndRead(1);
        bulk.Tell(new byte[30_000_000]);

        peer.Actor(_pair.Here, "system/cluster/heartbeatReceiver").Tell("beat");

        // What the peer's receive window and this side's kernel hold.
        Assert.InRange(await peer.BytesUntil("system/cluster/heartbeatReceiver"), 1, 8_000_000);
    }

    [Fact]
    public void To_who_does_not_take_parts_all_goes_in_one_frame_and_from_who_does_not_offer_them_none_are_taken()
    {
        using RawPeer peer = new RawPeer(Address).Associate();
        string text = new('x', 50_000);
        peer.Send(Echo(), 17, "S", Encoding.UTF8.GetBytes(text), sender: peer.Root + "user/me");
        Assert.Equal(text.Length, peer.ReadMessage().Body.Length);

        SendInParts(peer, Message(peer, "in parts"), 10);

        Assert.True(peer.IsClosedByPeer());
    }

    [Fact]
    public void Whole_frames_come_between_parts_and_what_is_answered_comes_in_parts_too()
    {
        using RawPeer peer = new RawPeer(Address, offers: Offers.Fragments).Associate();
        byte[] frame = Message(peer, new string('x', 50_000));
        ReadOnlySpan<byte> body = frame.AsSpan(FrameCodec.HeaderBytes);
        SendPart(peer, body[..20_000], body.Length - 20_000);
        peer.Send(Message(peer, "between"));
        Assert.Equal("between", Encoding.UTF8.GetString(peer.ReadMessage().Body));
        SendPart(peer, body[20_000..], 0);

        var reassembly = new Reassembly(int.MaxValue);
        int parts = 0;
        while (parts == 0 || reassembly.IsOpen)
        {
            byte[] part = peer.ReadFrame()!;
            if (!Fragment.TryRead(part, out Fragment fragment)) continue;
            Assert.InRange(part.Length, 1, PartBytes + 12);
            Assert.Null(reassembly.Add(fragment));
            parts++;
        }
        Assert.True(ControlCodec.TryRead(reassembly.Body, out ReadOnlySpan<byte> payload, out _));
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        Assert.Equal(new string('x', 50_000), Encoding.UTF8.GetString(container.Envelope.Body));
    }

    [Fact]
    public void Parts_that_do_not_follow_or_make_no_message_cost_their_connection()
    {
        byte[] heartbeat = ControlCodec.Frame(new Control(ControlCommand.Heartbeat), bigEndian: false);
        (string Case, Action<RawPeer> Send)[] cases =
        [
            ("does not follow", peer =>
            {
                SendPart(peer, [1, 2], 10);
                SendPart(peer, [3], 3);
            }),
            ("too long", peer => SendPart(peer, [1], int.MaxValue)),
            ("no message", peer => SendPart(peer, [1, 2, 3], 0)),
            ("control", peer => SendInParts(peer, heartbeat, 2)),
            ("parts of parts", peer =>
            {
                byte[] frame = new byte[Fragment.FrameBytes(3, 0)];
                Fragment.WriteFrame(frame, [1, 2, 3], 0, bigEndian: false);
                SendInParts(peer, frame, 2);
            }),
            ("malformed", peer => peer.Send([4, 0, 0, 0, 0xA0, 0x06, 0x05, 0x01])),
        ];
        for (int number = 0; number < cases.Length; number++)
        {
            using RawPeer peer = new RawPeer(Address, port: 4711 + number, offers: Offers.Fragments).Associate();
            cases[number].Send(peer);
            Assert.True(peer.IsClosedByPeer(), cases[number].Case);
        }
        using RawPeer well = new RawPeer(Address, port: 4700, offers: Offers.Fragments).Associate();
        SendInParts(well, Message(well, "well"), 3);
        Assert.Equal("well", Encoding.UTF8.GetString(well.ReadMessage().Body));
    }

    [Theory]
    [InlineData("255 B")]
    [InlineData("16001 B")]
    [InlineData("1 B")]
    public void A_size_that_makes_no_sense_is_refused_by_name(string size)
    {
        var error = Assert.Throws<ConfigurationException>(() => RemotingSettings.Read(
            ConfigurationFactory.ParseString($"akka.remote.fragment-size = {size}")));
        Assert.StartsWith("akka.remote.fragment-size must be from 256 to 16000 bytes, or 0", error.Message);
    }

    [Fact]
    public void Whose_frames_are_lost_by_an_adapter_or_who_wants_none_offers_no_parts()
    {
        Assert.True(Offered("").HasFlag(Offers.Fragments));
        Assert.False(Offered("akka.remote.fragment-size = 0").HasFlag(Offers.Fragments));
        Assert.False(Offered("akka.remote.dot-netty.tcp.applied-adapters = [gremlin]").HasFlag(Offers.Fragments));

        static Offers Offered(string config) =>
            RemotingSettings.Read(ConfigurationFactory.ParseString(config)).Offers;
    }

    private static string? Add(Reassembly reassembly, byte[] part, int rest)
    {
        byte[] frame = new byte[Fragment.FrameBytes(part.Length, rest)];
        Fragment.WriteFrame(frame, part, rest, bigEndian: false);
        Assert.True(Fragment.TryRead(frame.AsSpan(4), out Fragment fragment));
        return reassembly.Add(fragment);
    }

    private static void SendPart(RawPeer peer, ReadOnlySpan<byte> part, int rest)
    {
        byte[] frame = new byte[Fragment.FrameBytes(part.Length, rest)];
        Fragment.WriteFrame(frame, part, rest, bigEndian: false);
        peer.Send(frame);
    }

    private static void SendInParts(RawPeer peer, byte[] frame, int partBytes)
    {
        ReadOnlySpan<byte> rest = frame.AsSpan(FrameCodec.HeaderBytes);
        while (!rest.IsEmpty)
        {
            int length = Math.Min(partBytes, rest.Length);
            SendPart(peer, rest[..length], rest.Length - length);
            rest = rest[length..];
        }
    }

    private string Echo() =>
        _pair.Here.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(Address);

    private byte[] Message(RawPeer peer, string text)
    {
        WireEnvelope envelope = new()
        {
            Recipient = Encoding.UTF8.GetBytes(Echo()),
            Sender = Encoding.UTF8.GetBytes(peer.Root + "user/me"),
            Body = Encoding.UTF8.GetBytes(text),
            SerializerId = 17,
            Manifest = "S"u8,
            Sequence = WireEnvelope.Unsequenced,
        };
        byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
        ContainerCodec.WriteFrame(frame, envelope, bigEndian: false);
        return frame;
    }
}
