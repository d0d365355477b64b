using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>
/// The outbound queue of a socket: two lanes of pooled chunks, written by one writer at a time.
/// <code>
///   quiet --Add--> scheduled --turn--> sending --nothing left--> quiet
///                                      sending --more--> sending
/// </code>
/// A letter that comes after a silence is sent by its writer, at once. One that follows soon is left to a turn that
/// runs after the writer's own, so that the letters of a burst travel together: a send to a fast peer completes at
/// once, and without the turn each letter would be a call of its own. A chunk is one send.
/// </summary>
internal sealed class OutboundBytes(IExecutor executor, Socket socket, SocketChannel channel) : IThreadPoolWorkItem
{
    // A send of 64 KB spreads the cost of the call over some hundred messages; larger ones gain nothing measurable.
    private const int ChunkBytes = 64 * 1024;

    // A lone letter gains the hop to another thread (ping-pong between two processes: 22,000 round trips/s with the
    // hop, see the remote benchmark for those without); within a burst the next letter comes sooner than this.
    private static readonly long _silence = Stopwatch.Frequency / 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<Chunk> _urgent = [];
    private readonly Queue<Chunk> _ordinary = [];
    private Chunk? _urgentTail;
    private Chunk? _ordinaryTail;
    private Chunk? _sending;
    private int _sent;
    private bool _busy;
    private bool _finishing;
    private bool _released;
    private long _queued;
    private long _sentAt;

    public long Queued => Volatile.Read(ref _queued);

    public void Add(ReadOnlySpan<byte> bytes, bool urgent)
    {
        lock (_gate)
        {
            if (_finishing || _released) return;
            AppendLocked(bytes, urgent ? _urgent : _ordinary, ref urgent ? ref _urgentTail : ref _ordinaryTail);
            _queued += bytes.Length;
            if (_busy) return;
            _busy = true;
        }
        if (Stopwatch.GetTimestamp() - _sentAt > _silence) Send();
        else executor.ExecuteLate(this);
    }

    /// <summary>Takes nothing more, sends what is left, and then tells the peer that this was all.</summary>
    public void FinishAndShutdown()
    {
        lock (_gate)
        {
            if (_finishing || _released) return;
            _finishing = true;
            if (_busy) return;
            _busy = true;
        }
        executor.Execute(this);
    }

    /// <summary>The socket is closed; gives the buffers back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _released = true;
            if (!_busy) FreeLocked();
        }
    }

    /// <summary>Sends until nothing is left or the stream takes no more; then the channel tells when to go on.</summary>
    public void Send()
    {
        while (TryTakeChunk())
        {
            SocketError error;
            int sent = 0;
            try
            {
                error = channel.Send(_sending!.Bytes, _sent, _sending.Count - _sent, out sent);
            }
            catch (ObjectDisposedException)
            {
                error = SocketError.OperationAborted;
            }
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success)
            {
                Fail();
                return;
            }
            _sent += sent;
        }
    }

    void IThreadPoolWorkItem.Execute() => Send();

    private void Fail()
    {
        lock (_gate)
        {
            // The reading side learns of the same failure and closes the connection.
            _released = true;
            _busy = false;
            FreeLocked();
        }
    }

    // The next bytes to send: the rest of a chunk that was sent in part, the urgent lane, the ordinary one.
    private bool TryTakeChunk()
    {
        lock (_gate)
        {
            if (_sending is { } current && _sent < current.Count) return true;
            if (_sending is not null)
            {
                _queued -= _sending.Count;
                _sending.Return();
                _sending = null;
            }
            if (_released)
            {
                _busy = false;
                FreeLocked();
                return false;
            }
            _sent = 0;
            if (_urgent.TryDequeue(out _sending))
            {
                if (_sending == _urgentTail) _urgentTail = null;
                return true;
            }
            if (_ordinary.TryDequeue(out _sending))
            {
                if (_sending == _ordinaryTail) _ordinaryTail = null;
                return true;
            }
            _busy = false;
            _sentAt = Stopwatch.GetTimestamp();
            if (!_finishing) return false;
        }
        ShutdownSend();
        return false;
    }

    private static void AppendLocked(ReadOnlySpan<byte> bytes, Queue<Chunk> lane, ref Chunk? tail)
    {
        if (tail is null || tail.Room < bytes.Length)
        {
            tail = new Chunk(Math.Max(ChunkBytes, bytes.Length));
            lane.Enqueue(tail);
        }
        tail.Append(bytes);
    }

    private void FreeLocked()
    {
        foreach (Chunk chunk in _urgent) chunk.Return();
        foreach (Chunk chunk in _ordinary) chunk.Return();
        _sending?.Return();
        _urgent.Clear();
        _ordinary.Clear();
        (_urgentTail, _ordinaryTail, _sending, _queued) = (null, null, null, 0);
    }

    private void ShutdownSend()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The peer was quicker.
        }
    }

    private sealed class Chunk(int bytes)
    {
        public byte[] Bytes { get; } = ArrayPool<byte>.Shared.Rent(bytes);

        public int Count { get; private set; }

        public int Room => Bytes.Length - Count;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Bytes.AsSpan(Count));
            Count += bytes.Length;
        }

        public void Return() => ArrayPool<byte>.Shared.Return(Bytes);
    }
}
