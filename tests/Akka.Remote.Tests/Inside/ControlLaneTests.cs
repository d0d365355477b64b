using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>
/// Heartbeats and gossip never stand behind the users' letters: not before there is a connection, not on one whose
/// reader is slow, and not because the queue is full.
/// </summary>
public sealed class ControlLaneTests : IDisposable
{
    private const int UserLetters = 2_000;

    private readonly Mail _mail = new();
    private readonly ActorSystem _system;

    public ControlLaneTests()
    {
        _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString($$"""
            akka { actor.provider = remote, loglevel = ERROR, log-dead-letters = off }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.remote { outbound-queue-messages = {{UserLetters}}, flush-wait-on-shutdown = 50ms }
            """));
    }

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public async Task Control_that_waits_for_a_connection_goes_first_and_finds_the_queue_open_when_it_is_full()
    {
        using var peer = new SilentPeer();
        IActorRef bulk = peer.Actor(_system, "user/bulk");
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(DeadLetter));
        for (int number = 0; number <= UserLetters; number++) bulk.Tell("letter");
        Assert.Equal("letter", _mail.Take<DeadLetter>().Message);

        peer.Actor(_system, "system/cluster/core/daemon").Tell("gossip");
        peer.Select(_system, "system/remote-watcher").Tell("beat");

        List<string> came = await peer.GreetAndRead(10);
        Assert.Equal(["system/cluster/core/daemon", "(selection)"], came[..2]);
    }

    [Fact]
    public async Task Control_overtakes_what_a_slow_reader_has_not_taken()
    {
        using var peer = new SilentPeer();
        IActorRef bulk = peer.Actor(_system, "user/bulk");
        bulk.Tell("first");
        await peer.GreetAndRead(1);
        byte[] load = new byte[60_000];
        for (int number = 0; number < UserLetters; number++) bulk.Tell(load);

        peer.Actor(_system, "system/cluster/heartbeatReceiver").Tell("beat");

        long before = await peer.BytesUntil("system/cluster/heartbeatReceiver");
        // Of 120 MB: what was handed to the stream by then, that is the peer's receive window and the little that this
        // side's kernel may hold unsent. Without a bound for that it takes 4 MB.
        Assert.InRange(before, 0, 1_500_000);
    }

    [Fact]
    public async Task A_gossip_that_fits_no_frame_is_a_dead_letter_and_what_follows_it_passes()
    {
        using var peer = new SilentPeer();
        IActorRef daemon = peer.Actor(_system, "system/cluster/core/daemon");
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(DeadLetter));
        string gossip = new('g', FrameFormat.DefaultMaximumBytes);
        daemon.Tell(gossip);
        peer.Actor(_system, "system/cluster/heartbeatReceiver").Tell("beat");

        Assert.Equal(["system/cluster/heartbeatReceiver"], await peer.GreetAndRead(1));
        Assert.Same(gossip, _mail.Take<DeadLetter>().Message);
        daemon.Tell(gossip);
        daemon.Tell("smaller gossip");
        Assert.Same(gossip, _mail.Take<DeadLetter>().Message);
        Assert.Equal(["system/cluster/core/daemon"], await peer.Read(1));
    }

    /// <summary>A peer that answers nothing until it is told to; the kernel takes the connection for it.</summary>
    private sealed class SilentPeer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private NetworkStream? _stream;

        public SilentPeer() => _listener.Start();

        private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        private string Root => $"akka.tcp://Pair@127.0.0.1:{Port}/";

        public IActorRef Actor(ActorSystem system, string path) =>
            ((ExtendedActorSystem)system).Provider.ResolveActorRef(Root + path);

        public ActorSelection Select(ActorSystem system, string path) => system.ActorSelection(Root + path);

        public async Task<List<string>> GreetAndRead(int messages)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync().WaitAsync(Patience);
            _stream = client.GetStream();
            var self = new Handshake("Pair", "127.0.0.1", Port, "tcp", 77);
            _stream.Write(ControlCodec.Frame(new Control(ControlCommand.Associate, self), bigEndian: false));
            return await Read(messages);
        }

        public async Task<List<string>> Read(int messages)
        {
            var names = new List<string>();
            while (names.Count < messages)
            {
                if (Recipient(await Frame()) is { } name) names.Add(name);
            }

            return names;
        }

        public async Task<long> BytesUntil(string recipient)
        {
            long bytes = 0;
            while (true)
            {
                byte[] frame = await Frame();
                if (Recipient(frame) == recipient) return bytes;
                bytes += frame.Length;
            }
        }

        public void Dispose()
        {
            _stream?.Dispose();
            _listener.Dispose();
        }

        private async Task<byte[]> Frame()
        {
            using var patience = new CancellationTokenSource(Patience);
            byte[] header = new byte[FrameCodec.HeaderBytes];
            await _stream!.ReadExactlyAsync(header, patience.Token);
            byte[] body = new byte[BitConverter.ToInt32(header)];
            await _stream.ReadExactlyAsync(body, patience.Token);
            return body;
        }

        private string? Recipient(byte[] frame)
        {
            Assert.True(ControlCodec.TryRead(frame, out ReadOnlySpan<byte> payload, out Control control));
            if (control.Command != ControlCommand.None) return null;
            Assert.True(ContainerCodec.TryRead(payload, out Container container));
            if (!container.HasEnvelope) return null;
            string path = System.Text.Encoding.UTF8.GetString(container.Envelope.Recipient);
            return path == Root ? "(selection)" : path[Root.Length..];
        }
    }
}
