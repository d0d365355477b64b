using System.Buffers;
using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Adapters;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>The adapters for tests: slow links, black holes, lost frames.</summary>
public class AdapterTests
{
    private const string Adapters = "akka.remote.dot-netty.tcp.applied-adapters = [trttl, gremlin]";

    private static readonly Address _peer = Address.Parse("akka.trttl.tcp://s@peer:1");

    [Fact]
    public void A_bucket_fills_with_time_up_to_its_capacity_and_each_byte_takes_one()
    {
        ThrottleMode bucket = new TokenBucket(100, TokensPerSecond: 10, NanoTimeOfLastSend: 0, AvailableTokens: 0);
        Assert.False(bucket.TryConsumeTokens(0, 10).Granted);
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.TimeToAvailable(0, 10));
        Assert.True(bucket.TryConsumeTokens(Seconds(1), 10).Granted);

        (bucket, bool granted) = bucket.TryConsumeTokens(Seconds(1000), 100);
        Assert.True(granted);
        Assert.False(bucket.TryConsumeTokens(Seconds(1000), 1).Granted);
    }

    [Fact]
    public void A_frame_larger_than_the_bucket_goes_and_leaves_a_debt()
    {
        ThrottleMode bucket = new TokenBucket(100, TokensPerSecond: 10, NanoTimeOfLastSend: 0, AvailableTokens: 1);
        (bucket, bool granted) = bucket.TryConsumeTokens(0, 501);
        Assert.True(granted);
        Assert.Equal(TimeSpan.FromSeconds(51), bucket.TimeToAvailable(0, 10));
        Assert.False(bucket.TryConsumeTokens(Seconds(50), 10).Granted);
        Assert.True(bucket.TryConsumeTokens(Seconds(51), 10).Granted);
    }

    [Fact]
    public void A_slow_link_sends_whole_frames_in_order_the_urgent_ones_first()
    {
        Bench bench = new();
        bench.Throttler.TryCommand(new SetThrottle(
            _peer, ThrottleTransportAdapter.Direction.Send, new TokenBucket(10, TokensPerSecond: 10, 0, 10)));

        bench.Connection.Write([.. Frame(1), .. Frame(2), .. Frame(3)]);
        bench.Connection.WriteUrgent(Frame(4));

        Assert.Equal([1], bench.Raw.Written);
        Assert.Equal(21, bench.Connection.QueuedBytes);
        bench.Pass(TimeSpan.FromSeconds(0.7));
        Assert.Equal([1, 4], bench.Raw.Written);
        bench.Connection.Close();
        Assert.False(bench.Raw.IsClosed);
        bench.Pass(TimeSpan.FromSeconds(1.4));
        Assert.Equal([1, 4, 2, 3], bench.Raw.Written);
        Assert.True(bench.Raw.IsClosed);
    }

    [Fact]
    public void A_black_hole_swallows_whole_frames_both_ways_and_ends_in_the_middle_of_the_stream()
    {
        Bench bench = new();
        Command(bench, Blackhole.Instance);
        bench.Connection.Write(Frame(1));
        bench.Arrive([.. Frame(2), .. Frame(3)[..2]]);
        Command(bench, Unthrottled.Instance);
        bench.Connection.Write(Frame(4));
        bench.Arrive([.. Frame(3)[2..], .. Frame(5)]);

        Assert.Equal([4], bench.Raw.Written);
        Assert.Equal([3, 5], bench.Handler.Received);
    }

    [Fact]
    public void What_waits_to_come_in_stays_outside_and_comes_in_when_the_throttle_is_lifted()
    {
        Bench bench = new();
        bench.Throttler.TryCommand(new SetThrottle(
            _peer, ThrottleTransportAdapter.Direction.Receive, new TokenBucket(10, TokensPerSecond: 1, 0, 10)));

        bench.Arrive([.. Frame(1), .. Frame(2)]);
        Assert.Equal([1], bench.Handler.Received);
        Assert.True(bench.Raw.IsPaused);
        Command(bench, Unthrottled.Instance);
        bench.Pass(TimeSpan.FromSeconds(1));

        Assert.False(bench.Raw.IsPaused);
        bench.Arrive([]);
        Assert.Equal([1, 2], bench.Handler.Received);
    }

    [Fact]
    public void A_pause_of_the_handler_outlasts_that_of_the_throttle_and_the_other_way_round()
    {
        Bench bench = new();
        bench.Throttler.TryCommand(new SetThrottle(
            _peer, ThrottleTransportAdapter.Direction.Receive, new TokenBucket(10, TokensPerSecond: 1, 0, 0)));
        bench.Arrive(Frame(1));
        bench.Connection.Pause();
        bench.Pass(TimeSpan.FromSeconds(0.1));
        Assert.True(bench.Raw.IsPaused);
        bench.Connection.Resume();
        Assert.False(bench.Raw.IsPaused);

        bench.Arrive([]);
        bench.Connection.Pause();
        bench.Connection.Resume();
        Assert.True(bench.Raw.IsPaused);
        bench.Pass(TimeSpan.FromSeconds(0.1));
        Assert.False(bench.Raw.IsPaused);
    }

    [Fact]
    public void After_a_pause_by_the_handler_nothing_more_is_shown()
    {
        Bench bench = new();
        bench.Handler.PausesAfter = 1;
        bench.Arrive([.. Frame(1), .. Frame(2)]);
        Assert.Equal([1], bench.Handler.Received);
        bench.Connection.Resume();
        bench.Arrive([]);
        Assert.Equal([1, 2], bench.Handler.Received);
    }

    [Fact]
    public void Bytes_that_are_no_frame_are_shown_to_the_handler()
    {
        Bench bench = new();
        bench.Arrive([0xFF, 0xFF, 0xFF, 0xFF, 9]);
        Assert.True(bench.Handler.SawGarbage);
    }

    [Fact]
    public void A_gremlin_takes_what_probability_gives_it()
    {
        Gremlin gremlin = new(new Random(1));
        PeerName peer = PeerName.Of(_peer)!.Value;
        Assert.True(gremlin.TryCommand(new FailureInjectorTransportAdapter.All(
            new FailureInjectorTransportAdapter.Drop(OutboundDropP: 1, InboundDropP: 0))));
        Assert.True(gremlin.Judge(peer, isOutgoing: true, 1).Drop);
        Assert.False(gremlin.Judge(peer, isOutgoing: false, 1).Drop);

        gremlin.TryCommand(new FailureInjectorTransportAdapter.One(
            _peer, new FailureInjectorTransportAdapter.Drop(0.5, 0.5)));
        int dropped = Enumerable.Range(0, 1000).Count(_ => gremlin.Judge(peer, isOutgoing: true, 1).Drop);
        Assert.InRange(dropped, 400, 600);

        gremlin.TryCommand(new FailureInjectorTransportAdapter.One(
            _peer, FailureInjectorTransportAdapter.PassThru.Instance));
        Assert.False(gremlin.Judge(peer, isOutgoing: true, 1).Drop);
        Assert.False(gremlin.TryCommand("what?"));
    }

    [Fact]
    public async Task Systems_with_adapters_have_them_in_their_addresses_and_talk_as_others()
    {
        using RemotePair pair = new(Adapters);
        pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("akka.trttl.gremlin.tcp", AddressOf(pair.There).Protocol);
        byte[] large = new byte[100_000];
        Assert.Equal(large, await pair.Select("/user/echo").Ask<byte[]>(large, Patience));
    }

    // The peer dialled: the hole must be found by how the peer introduced itself.
    [Theory]
    [InlineData(ThrottleTransportAdapter.Direction.Send)]
    [InlineData(ThrottleTransportAdapter.Direction.Receive)]
    public async Task A_black_hole_is_found_on_accepted_connections_too(ThrottleTransportAdapter.Direction direction)
    {
        using RemotePair pair = new(Adapters);
        pair.There.ActorOf(Props.Create<Echo>(), "echo");
        ActorSelection echo = pair.Select("/user/echo");
        Assert.Equal(1, await echo.Ask<int>(1, Patience));
        RemoteTransport transport = RARP.For(pair.There).Provider.Transport;

        Assert.True(await transport.ManagementCommand(
            new SetThrottle(AddressOf(pair.Here), direction, Blackhole.Instance)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => echo.Ask<int>(2, TimeSpan.FromMilliseconds(200)));
        await transport.ManagementCommand(new SetThrottle(AddressOf(pair.Here), direction, Unthrottled.Instance));

        Assert.Equal(3, await echo.Ask<int>(3, Patience));
        Assert.False(await transport.ManagementCommand("no command"));
    }

    [Fact]
    public void With_adapters_nobody_probes_past_them()
    {
        Assert.NotNull(RemotingSettings.Read(ConfigurationFactory.ParseString("")).Probes);
        Assert.Null(RemotingSettings.Read(ConfigurationFactory.ParseString(Adapters)).Probes);
    }

    [Fact]
    public void An_adapter_that_does_not_exist_is_named_in_the_complaint()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => new RemotePair("akka.remote.dot-netty.tcp.applied-adapters = [trttl, gnome]"));
        Assert.Contains("'gnome'", error.Message);
    }

    private static long Seconds(double seconds) => (long)(seconds * 1e9);

    // Seven bytes: four of length, three of which the first is the mark.
    private static byte[] Frame(byte mark) => [3, 0, 0, 0, mark, 0, 0];

    private static void Command(Bench bench, ThrottleMode mode) => bench.Throttler.TryCommand(
        new SetThrottle(_peer, ThrottleTransportAdapter.Direction.Both, mode));

    /// <summary>A judged connection between fakes, and a clock that moves by hand.</summary>
    private sealed class Bench
    {
        private readonly PriorityQueue<Action, TimeSpan> _timers = new();
        private TimeSpan _now;
        private byte[] _unread = [];

        public Bench()
        {
            Throttler = new Throttler(() => (long)_now.TotalNanoseconds);
            Connection = new JudgedConnection(
                PeerName.Of(_peer),
                Throttler,
                FrameFormat.Default,
                (delay, work) => _timers.Enqueue(work, _now + delay))
            {
                Raw = Raw,
                Handler = Handler,
            };
        }

        public Throttler Throttler { get; }

        public JudgedConnection Connection { get; }

        public FakeRaw Raw { get; } = new();

        public FakeHandler Handler { get; } = new();

        public void Arrive(byte[] bytes)
        {
            ReadOnlySequence<byte> all = new([.. _unread, .. bytes]);
            SequencePosition consumed = ((IConnectionHandler)Connection).OnReceived(Raw, all);
            _unread = all.Slice(consumed).ToArray();
        }

        public void Pass(TimeSpan time)
        {
            TimeSpan until = _now + time;
            while (_timers.TryPeek(out Action? work, out TimeSpan due) && due <= until)
            {
                _timers.Dequeue();
                _now = due;
                work();
            }
            _now = until;
        }
    }

    private sealed class FakeRaw : IConnection
    {
        public List<byte> Written { get; } = [];

        public bool IsPaused { get; private set; }

        public bool IsClosed { get; private set; }

        public EndPoint? RemoteEndPoint => null;

        public long QueuedBytes => 0;

        public void Write(ReadOnlySpan<byte> bytes) => Written.Add(bytes[4]);

        public void Pause() => IsPaused = true;

        public void Resume() => IsPaused = false;

        public void Close() => IsClosed = true;

        public void Abort() => IsClosed = true;
    }

    private sealed class FakeHandler : IConnectionHandler
    {
        public List<byte> Received { get; } = [];

        public bool SawGarbage { get; private set; }

        public int PausesAfter { get; set; } = -1;

        public void OnOpened(IConnection connection)
        {
        }

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
        {
            while (FrameCodec.TryRead(
                ref bytes, FrameFormat.Default, out ReadOnlySequence<byte> body, out FrameReject reject))
            {
                Received.Add(body.FirstSpan[0]);
                if (Received.Count == PausesAfter) connection.Pause();
                SawGarbage |= reject != FrameReject.None;
            }
            SawGarbage |= !bytes.IsEmpty;
            return bytes.Start;
        }

        public void OnClosed(IConnection connection, CloseReason reason, string detail)
        {
        }
    }
}
