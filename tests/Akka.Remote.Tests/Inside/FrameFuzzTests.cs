using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;
using Akka.Event;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>
/// Captured frames with bytes changed, cut and glued, given to a real system through connections in memory: frames,
/// PDUs, envelopes, serializers. Whatever comes costs its connection at most. A short run by default; for a longer one
/// set IRIDIUM_FUZZ_SECONDS, and IRIDIUM_FUZZ_SEED to begin elsewhere.
/// </summary>
public sealed class FrameFuzzTests : IDisposable
{
    private const int FramesPerConnection = 50;
    private const int ShortRun = 40_000;

    // Far more often than a peer that says nothing is given up.
    private const int AttacksPerLook = 500;

    private readonly ActorSystem _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """));

    private readonly Mail _errors = new();

    private Address Address => AddressOf(_system);

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public void Whatever_comes_costs_its_connection_at_most()
    {
        IActorRef keeper = _system.ActorOf(Props.Create(() => new Complaints(_errors)));
        _system.EventStream.Subscribe(keeper, typeof(Akka.Event.Error));
        _system.EventStream.Subscribe(keeper, typeof(Warning));
        _system.ActorOf(Props.Create<Echo>(), "sink");
        using RawPeer friend = new RawPeer(Address, uid: 5, port: 4700).Associate();
        int seed = Number("IRIDIUM_FUZZ_SEED", 1), seconds = Number("IRIDIUM_FUZZ_SECONDS", 0), frames = 0;
        DateTime end = DateTime.UtcNow.AddSeconds(seconds);
        string echo = _system.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(Address);
        for (; seconds > 0 ? DateTime.UtcNow < end : frames < ShortRun; seed++)
        {
            frames += Attack(seed);
            if (seed % AttacksPerLook == 0) IsWell(friend, echo, seed);
        }
        IsWell(friend, echo, seed);
        Console.WriteLine($"{frames} frames up to seed {seed}");
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(127_997u, true)]
    [InlineData(128_000u, true)]
    [InlineData((uint)int.MaxValue, true)]
    [InlineData(0x8000_0000u, true)]
    [InlineData(uint.MaxValue, true)]
    [InlineData(0x2054_4547u, true)] // "GET "
    [InlineData(127_996u, null)]
    public void A_length_is_judged_at_the_header_before_anything_is_kept_for_its_body(uint length, bool? refused)
    {
        MemoryPeer peer = new(_system, 1);
        Assert.True(peer.Greet());
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        peer.Give(header);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 64 * 1024, $"{allocated} bytes");
        // An empty frame is none either, but is found out as one; a body that may come is waited for.
        Assert.Equal(refused is null, !peer.IsClosed.Wait(refused is null ? TimeSpan.Zero : Patience));
    }

    /// <summary>Whoever keeps to the protocol is served, and nothing went wrong that nobody foresaw.</summary>
    private void IsWell(RawPeer friend, string echo, int seed)
    {
        friend.Send(echo, 17, "S", "well"u8.ToArray(), sender: friend.Root + "user/me");
        Assert.Equal("well", Encoding.UTF8.GetString(friend.ReadMessage().Body));
        Assert.True(_errors.IsEmpty, _errors.IsEmpty ? "" : $"up to seed {seed}: {_errors.Take()}");
    }

    private int Attack(int seed)
    {
        Random chance = new(seed);
        MemoryPeer peer = new(_system, seed);
        if (chance.Next(10) > 0 && !peer.Greet()) return 0;
        int given = 0;
        for (; given < FramesPerConnection && !peer.IsClosed.IsSet; given++) peer.Give(Frame(chance));
        peer.Hang();
        return given;
    }

    private byte[] Frame(Random chance)
    {
        Captures.Frame captured = Captures.Frames[chance.Next(Captures.Frames.Count)];
        byte[] whole = chance.Next(3) == 0 ? captured.Body : Addressed(captured.Body);
        byte[] body = DisturbedBytes.Of(whole, changes: chance.Next(0, 5), chance);
        if (chance.Next(5) == 0 && body.Length > 0) return InParts(body, chance);
        byte[] frame = new byte[4 + body.Length];
        int length = chance.Next(50) == 0 ? chance.Next(-10, 200_000) : body.Length;
        FrameCodec.WriteLength(frame, length, bigEndian: false);
        body.CopyTo(frame, 4);
        return frame;
    }

    // Now and then they do not add up.
    private static byte[] InParts(byte[] body, Random chance)
    {
        var frames = new List<byte>();
        for (int at = 0; at < body.Length;)
        {
            byte[] part = body[at..(at + chance.Next(1, body.Length - at + 1))];
            at += part.Length;
            int rest = chance.Next(100) == 0 ? chance.Next() : body.Length - at;
            byte[] frame = new byte[Fragment.FrameBytes(part.Length, rest)];
            Fragment.WriteFrame(frame, part, rest, bigEndian: false);
            frames.AddRange(frame);
        }
        return [.. frames];
    }

    // The same message for an actor that is there, so that it is looked into.
    private byte[] Addressed(byte[] body)
    {
        if (!ControlCodec.TryRead(body, out var payload, out Control control)) return body;
        bool isMessage = control.Command == ControlCommand.None;
        if (!isMessage || !ContainerCodec.TryRead(payload, out Container container) || !container.HasEnvelope)
            return body;
        // The sink is needed to the end.
        ReadOnlySpan<byte> manifest = container.Envelope.Manifest;
        if (manifest.SequenceEqual("K"u8) || manifest.SequenceEqual("PP"u8)) return body;
        WireEnvelope envelope = new()
        {
            Recipient = Encoding.UTF8.GetBytes(Address + (container.Envelope.SerializerId == 6 ? "/" : "/user/sink")),
            Sender = container.Envelope.Sender,
            Body = container.Envelope.Body,
            SerializerId = container.Envelope.SerializerId,
            Manifest = container.Envelope.Manifest,
            Sequence = container.Envelope.Sequence,
        };
        byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
        ContainerCodec.WriteFrame(frame, envelope, bigEndian: false);
        return frame[4..];
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
            ? number
            : fallback;

    /// <summary>A connection without a socket, dialled by a peer that says what the test gives it.</summary>
    private sealed class MemoryPeer : IConnection
    {
        private readonly IConnectionHandler _handler;
        private readonly Handshake _self;
        private readonly ManualResetEventSlim _resumed = new();
        private byte[] _left = [];
        private volatile bool _paused;
        private int _closed;

        public MemoryPeer(ActorSystem system, int uid)
        {
            _self = new Handshake("Pair", "10.9.8.7", 4711, "tcp", uid, Offers.Fragments);
            _handler = RARP.For(system).Provider.Remoting.Switchboard.Accept(this)
                ?? throw new InvalidOperationException("not let in");
            _handler.OnOpened(this);
        }

        public ManualResetEventSlim IsClosed { get; } = new();

        public EndPoint? RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Parse("10.9.8.7"), 1);

        public long QueuedBytes => 0;

        /// <returns>False when the connection was closed instead.</returns>
        public bool Greet()
        {
            Give(ControlCodec.Frame(new Control(ControlCommand.Associate, _self), bigEndian: false));
            return WaitHandle.WaitAny([_resumed.WaitHandle, IsClosed.WaitHandle], Patience) == 0;
        }

        /// <summary>Shows bytes as a network does: what was left, and the new ones behind it.</summary>
        public void Give(byte[] bytes)
        {
            _left = [.. _left, .. bytes];
            if (_paused && WaitHandle.WaitAny([_resumed.WaitHandle, IsClosed.WaitHandle], Patience) != 0) return;
            if (IsClosed.IsSet) return;
            ReadOnlySequence<byte> shown = new(_left);
            SequencePosition consumed = _handler.OnReceived(this, shown);
            _left = shown.Slice(consumed).ToArray();
        }

        public void Hang()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
                _handler.OnClosed(this, CloseReason.EndOfStream, "the test is over");
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            // Nobody listens.
        }

        public void Pause()
        {
            _resumed.Reset();
            _paused = true;
        }

        public void Resume()
        {
            _paused = false;
            _resumed.Set();
        }

        public void Close() => IsClosed.Set();

        public void Abort() => IsClosed.Set();
    }

    /// <summary>Keeps what is said of exceptions that nobody foresaw; refusals by name are what should be
    /// said.</summary>
    private sealed class Complaints(Mail mail) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not LogEvent line) return;
            string text = line.Message.ToString()!;
            bool foreseen = text.Contains("remote deployment", StringComparison.Ordinal)
                || text.Contains("cannot be delivered", StringComparison.Ordinal);
            bool isError = message is Akka.Event.Error { Cause: not ActorKilledException } && !foreseen;
            if (isError || text.Contains("Lost a message", StringComparison.Ordinal)) mail.Put(text);
        }
    }
}
