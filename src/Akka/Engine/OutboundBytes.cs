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
/// once, and without the turn each letter would be a call of its own. A chunk is one send; on a slow line it is many,
/// and what is urgent goes between two letters of it, and does not wait for what they wait for.
/// </summary>
internal sealed class OutboundBytes(IExecutor executor, Socket socket, SocketChannel channel) : IThreadPoolWorkItem
{
    // A lone letter gains the hop to another thread (ping-pong between two processes: 22,000 round trips/s with the
    // hop, see the remote benchmark for those without); within a burst the next letter comes sooner than this.
    private static readonly long _silence = Stopwatch.Frequency / 100_000;

    private readonly Lock _gate = new();
    private readonly OutboundLane _urgent = new();
    private readonly OutboundLane _ordinary = new();
    private OutboundChunk? _sending;
    private bool _sendingIsUrgent;
    private int _sent;
    private int _until;

    // For the channel, which tells when to go on.
    private bool _waits;

    // Sent in part, when something urgent came.
    private OutboundChunk? _interrupted;
    private int _sentOfInterrupted;
    private bool _busy;
    private bool _hurries;
    private bool _allHurries;
    private bool _drainedIsTold = true;
    private bool _finishing;
    private bool _released;
    private long _queued;
    private long _sentAt;

    public long Queued => Volatile.Read(ref _queued);

    /// <summary>See <see cref="IConnection.TryTellDrained"/>; set before the first letter.</summary>
    public Action? Drained { get; set; }

    public void Add(ReadOnlySpan<byte> bytes, bool urgent)
    {
        lock (_gate)
        {
            if (_finishing || _released) return;
            (urgent ? _urgent : _ordinary).Append(bytes);
            if (urgent) HurryLocked(true);
            _drainedIsTold = Drained is null;
            _queued += bytes.Length;
            if (_busy) return;
            _busy = true;
        }
        if (Stopwatch.GetTimestamp() - _sentAt > _silence) Send();
        else executor.ExecuteLate(this);
    }

    /// <inheritdoc cref="IConnection.IsSlow"/>
    public bool IsSlow => channel.IsSlow;

    /// <inheritdoc cref="IConnection.Hurry"/>
    public void Hurry()
    {
        lock (_gate)
        {
            if (_finishing || _released) return;
            _allHurries = true;
            HurryLocked(true);
        }
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
        while ((_waits && channel.HasBegunWhatWaits) || TryTakePiece())
        {
            SocketError error;
            _waits = true;
            int sent = 0;
            try
            {
                error = channel.Send(_sending!.Bytes, _sent, _until - _sent, out sent);
            }
            catch (ObjectDisposedException)
            {
                error = SocketError.OperationAborted;
            }
            if (error == SocketError.WouldBlock) return;
            _waits = false;
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

    // The next bytes to send: those of a letter that was sent in part, the urgent lane, the rest of a chunk, the
    // ordinary lane.
    private bool TryTakePiece()
    {
        lock (_gate)
        {
            if (_sending is { } current && _sent == current.Count) FinishLocked(current);
            if (_released)
            {
                _busy = false;
                FreeLocked();
                return false;
            }
            if (_sending is not null && !_urgent.IsEmpty && !_sendingIsUrgent)
            {
                _until = _sending.EndOfLetter(_sent);
                if (_until > _sent) return true;
                (_interrupted, _sentOfInterrupted, _sending) = (_sending, _sent, null);
            }
            if (_sending is not null || TryTakeLocked())
            {
                _until = _sending!.Count;
                return true;
            }
            _allHurries = false;
            HurryLocked(false);
            if (_drainedIsTold)
            {
                _busy = false;
                _sentAt = Stopwatch.GetTimestamp();
                if (!_finishing) return false;
                ShutdownSend();
                return false;
            }
            _drainedIsTold = true;
        }
        // Who is told may have more, and this has not fallen quiet.
        Drained!();
        return TryTakePiece();
    }

    private bool TryTakeLocked()
    {
        _sent = 0;
        _sendingIsUrgent = _urgent.TryTake(out _sending);
        if (_sendingIsUrgent) return true;
        HurryLocked(_allHurries);
        if (_interrupted is not null)
        {
            (_sending, _sent, _interrupted) = (_interrupted, _sentOfInterrupted, null);
            return true;
        }
        return _ordinary.TryTake(out _sending);
    }

    private void HurryLocked(bool hasUrgent)
    {
        if (_hurries == hasUrgent) return;
        _hurries = hasUrgent;
        channel.Hurry(hasUrgent);
    }

    private void FinishLocked(OutboundChunk chunk)
    {
        _queued -= chunk.Count;
        chunk.Return();
        _sending = null;
    }

    private void FreeLocked()
    {
        _urgent.Free();
        _ordinary.Free();
        _sending?.Return();
        _interrupted?.Return();
        (_sending, _interrupted, _queued) = (null, null, 0);
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
}
