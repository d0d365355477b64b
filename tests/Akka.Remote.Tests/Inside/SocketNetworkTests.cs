using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Akka.Engine;

namespace Akka.Remote.Tests.Inside;

/// <summary>The network's promises, for every way to wait for sockets.</summary>
public abstract class SocketNetworkTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly SocketNetwork _network;

    private protected SocketNetworkTests(SocketDriver driver) => _network = new SocketNetwork(new PoolExecutor(), driver);

    [Fact]
    public void A_taken_port_is_named()
    {
        using IListener first = _network.Listen("127.0.0.1", 0, _ => null);
        NetworkException error =
            Assert.Throws<NetworkException>(() => _network.Listen("127.0.0.1", first.Port, _ => null));
        Assert.Equal($"Cannot listen at 127.0.0.1:{first.Port}: the port is taken by another process.", error.Message);
    }

    [Fact]
    public void A_foreign_address_is_named()
    {
        NetworkException error = Assert.Throws<NetworkException>(() => _network.Listen("192.0.2.1", 0, _ => null));
        Assert.Equal("Cannot listen at 192.0.2.1:0: this machine has no such address.", error.Message);
    }

    [Fact]
    public void A_port_can_be_bound_again_right_after_its_connections_were_closed()
    {
        Recorder server = new();
        IListener first = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", first.Port, client);
        server.Opened.Take().Close();
        client.Closed.Take();
        first.Dispose();
        using IListener second = _network.Listen("127.0.0.1", first.Port, _ => null);
        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public void A_dial_that_nobody_answers_fails_with_the_reason()
    {
        IListener gone = _network.Listen("127.0.0.1", 0, _ => null);
        gone.Dispose();
        Recorder client = new();
        _network.Connect("127.0.0.1", gone.Port, client);
        (CloseReason reason, string detail) = client.Closed.Take();
        Assert.Equal(CloseReason.ConnectFailed, reason);
        Assert.Contains("refused", detail, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("no-such-host.invalid")]
    [InlineData("not a name")]
    [InlineData("")]
    public void A_name_that_nobody_has_fails_like_a_dial(string host)
    {
        Recorder client = new();
        _network.Connect(host, 2552, client);
        Assert.Equal(CloseReason.ConnectFailed, client.Closed.Take().Reason);
    }

    [Fact]
    public void A_dial_that_fails_names_host_and_port()
    {
        Recorder client = new();
        _network.Connect("no-such-host.invalid", 2552, client);
        Assert.StartsWith(
            "cannot connect to no-such-host.invalid:2552: ", client.Closed.Take().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_arrive_whole_and_in_order_and_closing_sends_what_is_queued()
    {
        Recorder server = new();
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        // A peer that does not read is not waited for at the farewell, so it begins to before.
        server.Opened.Take();
        byte[] sent = new byte[3_000_000];
        new Random(5).NextBytes(sent);
        for (int start = 0; start < sent.Length; start += 1_000) connection.Write(sent.AsSpan(start, 1_000));
        connection.Close();
        Assert.Equal(CloseReason.EndOfStream, server.Closed.Take().Reason);
        Assert.Equal(CloseReason.Local, client.Closed.Take().Reason);
        Assert.Equal(sent, server.Received);
    }

    [Fact]
    public void An_abort_is_a_reset_for_the_peer()
    {
        Recorder server = new();
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        client.Opened.Take().Abort();
        Assert.Equal(CloseReason.Local, client.Closed.Take().Reason);
        Assert.Equal(CloseReason.Reset, server.Closed.Take().Reason);
    }

    // Whoever probes aborts dials all the time, some of them in the moment in which they succeed; an exception there
    // would end the process.
    [Fact]
    public void A_dial_that_is_aborted_at_whatever_moment_ends_once()
    {
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => new Recorder());
        var chance = new Random(7);
        for (int dial = 0; dial < 2_000; dial++)
        {
            Recorder client = new();
            IConnection connection = _network.Connect("127.0.0.1", listener.Port, client);
            Thread.SpinWait(chance.Next(3_000));
            connection.Abort();
            Assert.NotEqual(CloseReason.EndOfStream, client.Closed.Take().Reason);
        }
    }

    [Fact]
    public void Nothing_is_shown_during_a_pause_and_everything_after_it()
    {
        Recorder server = new() { PauseAtFirst = true };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        connection.Write("first"u8);
        IConnection paused = server.Opened.Take();
        Assert.True(server.Paused.Wait(_patience));
        connection.Write(" second"u8);
        Assert.Empty(server.Received);
        paused.Resume();
        connection.Close();
        server.Closed.Take();
        Assert.Equal("first second", Encoding.ASCII.GetString(server.Received));
    }

    [Fact]
    public void A_paused_connection_can_be_closed()
    {
        Recorder server = new() { PauseAtFirst = true };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        client.Opened.Take().Write("first"u8);
        Assert.True(server.Paused.Wait(_patience));
        server.Opened.Take().Close();
        Assert.Equal(CloseReason.EndOfStream, client.Closed.Take().Reason);
        Assert.Equal(CloseReason.Local, server.Closed.Take().Reason);
    }

    [Fact]
    public void Urgent_bytes_overtake_what_is_queued()
    {
        Recorder server = new() { PauseAtFirst = true };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        byte[] slow = new byte[1 << 20];
        for (int written = 0; written < 64; written++) connection.Write(slow);
        connection.WriteUrgent("urgent"u8);
        Assert.True(server.Paused.Wait(_patience));
        server.Opened.Take().Resume();
        connection.Close();
        server.Closed.Take();
        int place = server.Received.AsSpan().IndexOf("urgent"u8);
        Assert.InRange(place, 1, 63 << 20);
        Assert.Equal((64 << 20) + 6, server.Received.Length);
    }

    [Fact]
    public void What_the_handler_leaves_is_shown_again_with_what_follows()
    {
        Recorder server = new() { Unit = 100_000 };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        byte[] sent = new byte[1_000_000];
        new Random(6).NextBytes(sent);
        for (int start = 0; start < sent.Length; start += 10_000) connection.Write(sent.AsSpan(start, 10_000));
        connection.Close();
        server.Closed.Take();
        Assert.Equal(sent, server.Received);
    }

    [Fact]
    public void A_dial_can_be_given_up()
    {
        Recorder client = new();
        // No machine has this address, so nobody answers, unless the network says at once that it leads nowhere.
        _network.Connect("192.0.2.1", 9, client).Abort();
        Assert.Equal(CloseReason.Local, client.Closed.Take().Reason);
        Assert.Equal(0, client.Opened.Count);
    }

    /// <summary>Also where what is consumed never ends where the buffer does.</summary>
    [Fact]
    public void A_stream_that_fills_its_buffer_is_shown_in_larger_pieces()
    {
        Recorder server = new() { PauseAtFirst = true, Unit = 7 };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        for (int written = 0; written < 8; written++) connection.Write(new byte[1 << 20]);
        Assert.True(server.Paused.Wait(_patience));
        server.Opened.Take().Resume();
        connection.Close();
        server.Closed.Take();
        Assert.Equal((8 << 20) / 7 * 7, server.Received.Length);
        Assert.InRange(server.LargestShown, 16 << 10, 256 << 10);
    }

    [Fact]
    public void An_aborted_connection_gives_up_what_it_has_queued_for_a_peer_that_does_not_read()
    {
        Recorder server = new() { PauseAtFirst = true };
        using IListener listener = _network.Listen("127.0.0.1", 0, _ => server);
        Recorder client = new();
        _network.Connect("127.0.0.1", listener.Port, client);
        IConnection connection = client.Opened.Take();
        byte[] slow = new byte[1 << 20];
        for (int written = 0; written < 64; written++) connection.Write(slow);
        Assert.True(server.Paused.Wait(_patience));
        Assert.True(connection.QueuedBytes > 0);
        connection.Abort();
        Assert.Equal(CloseReason.Local, client.Closed.Take().Reason);
        Assert.True(SpinWait.SpinUntil(() => connection.QueuedBytes == 0, _patience));
    }

    private sealed class PoolExecutor : IExecutor
    {
        public void Execute(IThreadPoolWorkItem work, bool preferLocal = false) =>
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal);
    }

    /// <summary>Remembers what happens to a connection.</summary>
    private sealed class Recorder : IConnectionHandler
    {
        private readonly MemoryStream _received = new();
        private int _calls;

        public Box<IConnection> Opened { get; } = new();

        public Box<(CloseReason Reason, string Detail)> Closed { get; } = new();

        public ManualResetEventSlim Paused { get; } = new();

        public bool PauseAtFirst { get; init; }

        /// <summary>Consumes multiples of this only.</summary>
        public int Unit { get; init; } = 1;

        public long LargestShown { get; private set; }

        public byte[] Received => _received.ToArray();

        public void OnOpened(IConnection connection) => Opened.Put(connection);

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
        {
            Assert.Equal(1, Interlocked.Increment(ref _calls));
            LargestShown = Math.Max(LargestShown, bytes.Length);
            if (PauseAtFirst && !Paused.IsSet)
            {
                connection.Pause();
                Paused.Set();
                Interlocked.Decrement(ref _calls);
                return bytes.Start;
            }
            ReadOnlySequence<byte> taken = bytes.Slice(0, bytes.Length / Unit * Unit);
            foreach (ReadOnlyMemory<byte> part in taken) _received.Write(part.Span);
            Interlocked.Decrement(ref _calls);
            return taken.End;
        }

        public void OnClosed(IConnection connection, CloseReason reason, string detail) => Closed.Put((reason, detail));
    }

    private sealed class Box<T>
    {
        private readonly BlockingCollection<T> _items = [];

        public int Count => _items.Count;

        public void Put(T item) => _items.Add(item);

        public T Take()
        {
            Assert.True(_items.TryTake(out T? item, _patience), "nothing happened in time");
            return item;
        }
    }
}

public sealed class SocketsOfThisMachineTests() : SocketNetworkTests(SocketDriver.OfThisMachine);

public sealed class SocketsOfAnyMachineTests() : SocketNetworkTests(new AsyncDriver());
