using System.Buffers;
using System.Diagnostics;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>Home three: the threads that look after the sockets, and the turns that they run, on 127.0.0.1.</summary>
public sealed class SocketReadersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ThreadPoolExecutor _executor = new();
    private readonly SocketNetwork _network;
    private readonly List<IDisposable> _ends = [];

    public SocketReadersTests() => _network = new SocketNetwork(_executor, SocketDriver.OfThisMachine);

    public void Dispose()
    {
        foreach (IDisposable each in _ends) each.Dispose();
    }

    [Fact]
    public void A_reader_that_is_held_up_does_not_hold_up_the_other_connections()
    {
        using ManualResetEventSlim release = new();
        IConnection held = Connect(_ => release.Wait(Patience));
        held.Write([1]);
        using ManualResetEventSlim read = new();
        Connect(_ => read.Set()).Write([2]);
        Assert.True(read.Wait(Patience));
        release.Set();
    }

    [Fact]
    public void What_follows_a_turn_does_not_wait_until_that_turn_ends()
    {
        using ManualResetEventSlim ran = new();
        using ManualResetEventSlim ended = new();
        bool inTime = false;
        Connect(_ => _executor.Execute(new Work(() =>
        {
            _executor.Execute(new Work(ran.Set), preferLocal: true);
            inTime = ran.Wait(Patience);
            ended.Set();
        }), preferLocal: true)).Write([1]);
        Assert.True(ended.Wait(Patience));
        Assert.True(inTime);
    }

    [Fact]
    public void What_a_turn_puts_into_its_async_locals_is_not_seen_by_the_next()
    {
        const int turns = 200;
        AsyncLocal<int> local = new();
        using CountdownEvent left = new(turns);
        int seen = 0;
        IConnection connection = null!;
        connection = Connect(_ => _executor.Execute(new Work(() =>
        {
            Interlocked.Add(ref seen, local.Value);
            local.Value = 1;
            left.Signal();
            if (!left.IsSet) connection.Write([1]);
        }), preferLocal: true));
        connection.Write([1]);
        Assert.True(left.Wait(Patience));
        Assert.Equal(0, seen);
    }

    [Fact]
    public void Whoever_may_not_look_for_news_is_woken_by_it()
    {
        _network.LookBeforeSleep(TimeSpan.Zero);
        try
        {
            const int rounds = 100;
            using CountdownEvent left = new(rounds);
            IConnection connection = null!;
            connection = Connect(_ =>
            {
                if (!left.Signal()) connection.Write([1]);
            });
            connection.Write([1]);
            Assert.True(left.Wait(Patience));
        }
        finally
        {
            _network.LookBeforeSleep(TimeSpan.FromMicroseconds(100));
        }
    }

    /// <summary>Turns of very different length on many connections at once: the guard leads, is held up, is followed by
    /// the next, and no byte is lost or read twice.</summary>
    [Fact]
    public void Every_byte_is_answered_once_whoever_leads()
    {
        const int connections = 8;
        const int each = 500;
        int[] got = new int[connections];
        using CountdownEvent left = new(connections);
        for (int index = 0; index < connections; index++)
        {
            int own = index;
            IConnection connection = null!;
            connection = Connect(count => _executor.Execute(new Work(() =>
            {
                int sum = Interlocked.Add(ref got[own], count);
                // One in fifty holds its thread up for longer than the guard looks away.
                if (sum % 50 == own) Compute(milliseconds: 5);
                if (sum < each) connection.Write([1]);
                else left.Signal();
            }), preferLocal: true));
            connection.Write([1]);
        }
        Assert.True(left.Wait(Patience));
        Assert.All(got, sum => Assert.Equal(each, sum));
    }

    // The returned end writes; what its peer receives is sent back, and then the handler is called with its length.
    private IConnection Connect(Action<int> received)
    {
        _ends.Add(_network.Listen("127.0.0.1", 0, _ => new Handler((connection, bytes) =>
        {
            foreach (ReadOnlyMemory<byte> part in bytes) connection.Write(part.Span);
        })));
        Handler client = new((_, bytes) => received((int)bytes.Length));
        _network.Connect("127.0.0.1", ((IListener)_ends[^1]).Port, client);
        Assert.True(client.Opened.Wait(Patience));
        return client.Connection!;
    }

    private static void Compute(int milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            // The processor is the point.
        }
    }

    private sealed class Work(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }

    private sealed class Handler(Action<IConnection, ReadOnlySequence<byte>> received) : IConnectionHandler
    {
        public ManualResetEventSlim Opened { get; } = new();

        public IConnection? Connection { get; private set; }

        public void OnOpened(IConnection connection)
        {
            Connection = connection;
            Opened.Set();
        }

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
        {
            received(connection, bytes);
            return bytes.End;
        }

        public void OnClosed(IConnection connection, CloseReason reason, string detail)
        {
        }
    }
}
