using System.Buffers;
using System.Net;
using Akka.Engine;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport.Adapters;

/// <summary>
/// A connection whose frames are judged one by one, in both directions: each passes, is swallowed, or waits together
/// with all behind it. To the raw connection it is the handler; to the handler above it is the connection. What waits
/// on the way out is held here; what waits on the way in stays with the raw connection, which is paused.
/// </summary>
internal sealed class JudgedConnection(
    PeerName? peer, IFrameJudge judge, FrameFormat format, Action<TimeSpan, Action> after)
    : IConnection, IConnectionHandler
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _urgent = [];
    private readonly Queue<byte[]> _ordinary = [];
    private PeerName? _peer = peer;
    private long _held;
    private bool _draining;
    private bool _closing;
    private bool _pausedByHandler;
    private bool _pausedByJudge;

    public IConnection Raw { get; set; } = null!;

    public IConnectionHandler Handler { get; set; } = null!;

    public EndPoint? RemoteEndPoint => Raw.RemoteEndPoint;

    public long QueuedBytes => Raw.QueuedBytes + Interlocked.Read(ref _held);

    public void Write(ReadOnlySpan<byte> bytes) => Write(bytes, isUrgent: false);

    public void WriteUrgent(ReadOnlySpan<byte> bytes) => Write(bytes, isUrgent: true);

    public void Pause()
    {
        lock (_gate) _pausedByHandler = true;
        Raw.Pause();
    }

    public void Resume()
    {
        lock (_gate)
        {
            _pausedByHandler = false;
            if (_pausedByJudge) return;
        }
        Raw.Resume();
    }

    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
            if (_held > 0) return;
        }
        Raw.Close();
    }

    public void Abort()
    {
        lock (_gate) ForgetLocked();
        Raw.Abort();
    }

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        Raw = connection;
        Handler.OnOpened(this);
    }

    SequencePosition IConnectionHandler.OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        while (!_pausedByHandler)
        {
            ReadOnlySequence<byte> rest = bytes;
            if (!FrameCodec.TryRead(ref rest, format, out ReadOnlySequence<byte> body, out FrameReject reject))
            {
                // Bytes that are no frame are for the handler to complain of.
                return reject == FrameReject.None ? bytes.Start : Handler.OnReceived(this, bytes);
            }
            _peer ??= Introduced(body);
            ReadOnlySequence<byte> frame = bytes.Slice(0, rest.Start);
            FrameFate fate = judge.Judge(_peer, isOutgoing: false, (int)frame.Length);
            if (fate.Wait > TimeSpan.Zero)
            {
                PauseFor(fate.Wait);
                return bytes.Start;
            }
            if (!fate.Drop)
            {
                SequencePosition consumed = Handler.OnReceived(this, frame);
                if (!frame.Slice(consumed).IsEmpty) return consumed;
            }
            bytes = rest;
        }
        return bytes.Start;
    }

    void IConnectionHandler.OnClosed(IConnection connection, CloseReason reason, string detail)
    {
        lock (_gate) ForgetLocked();
        Handler.OnClosed(this, reason, detail);
    }

    private static PeerName? Introduced(in ReadOnlySequence<byte> body)
    {
        byte[] joined = body.ToArray();
        return ControlCodec.TryRead(joined, out _, out Control control) && control.Handshake is { } who
            ? PeerName.Of(who.Address)
            : null;
    }

    private void PauseFor(TimeSpan time)
    {
        lock (_gate) _pausedByJudge = true;
        Raw.Pause();
        after(time, () =>
        {
            lock (_gate)
            {
                _pausedByJudge = false;
                if (_pausedByHandler) return;
            }
            Raw.Resume();
        });
    }

    private void Write(ReadOnlySpan<byte> bytes, bool isUrgent)
    {
        lock (_gate)
        {
            while (!bytes.IsEmpty)
            {
                int length = FrameCodec.HeaderBytes + FrameCodec.ReadLength(bytes, format.BigEndian);
                WriteLocked(bytes[..length], isUrgent);
                bytes = bytes[length..];
            }
        }
    }

    private void WriteLocked(ReadOnlySpan<byte> frame, bool isUrgent)
    {
        // Behind what waits nobody asks for himself: the order is kept, and the rate is taken once.
        FrameFate fate = _held > 0
            ? new FrameFate(Drop: false, TimeSpan.MaxValue)
            : judge.Judge(_peer, isOutgoing: true, frame.Length);
        if (fate.Drop) return;
        if (fate.Wait == TimeSpan.Zero)
        {
            Pass(frame, isUrgent);
            return;
        }
        (isUrgent ? _urgent : _ordinary).Enqueue(frame.ToArray());
        _held += frame.Length;
        if (!_draining) DrainAfterLocked(fate.Wait);
    }

    private void Pass(ReadOnlySpan<byte> frame, bool isUrgent)
    {
        if (isUrgent) Raw.WriteUrgent(frame);
        else Raw.Write(frame);
    }

    private void DrainAfterLocked(TimeSpan time)
    {
        _draining = true;
        after(time, Drain);
    }

    private void Drain()
    {
        lock (_gate)
        {
            _draining = false;
            while (_held > 0)
            {
                Queue<byte[]> queue = _urgent.Count > 0 ? _urgent : _ordinary;
                byte[] frame = queue.Peek();
                FrameFate fate = judge.Judge(_peer, isOutgoing: true, frame.Length);
                if (fate.Wait > TimeSpan.Zero)
                {
                    DrainAfterLocked(fate.Wait);
                    return;
                }
                bool isUrgent = _urgent.Count > 0;
                queue.Dequeue();
                _held -= frame.Length;
                if (!fate.Drop) Pass(frame, isUrgent);
            }
            if (!_closing) return;
        }
        Raw.Close();
    }

    private void ForgetLocked()
    {
        _urgent.Clear();
        _ordinary.Clear();
        _held = 0;
    }
}
