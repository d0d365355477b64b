using System.Diagnostics;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>Calls that do not wait, and a watch for those that would have.</summary>
internal sealed class EpollChannel : SocketChannel, IThreadPoolWorkItem
{
    // More than this is worth waking another thread for.
    private const int SmallBatchBytes = 4 * 1024;

    // Who had nothing to send for so long does not wait for a slow line before it says the next thing.
    private static readonly long _idle = Stopwatch.Frequency / 20;

    private readonly Socket _socket;
    private readonly IExecutor _executor;
    private readonly IChannelOwner _owner;
    private readonly SocketWatch _watch;
    private readonly SendRoom _room;
    private bool _drained;
    private SendPace _pace;
    private UnderWay _underWay;
    private bool _handedOver;
    private long _handedAt;
    private long _lookedAt;
    private long _awaitedAt;

    public EpollChannel(Socket socket, IExecutor executor, IChannelOwner owner, SocketReaders readers)
    {
        socket.Blocking = false;
        (_socket, _executor, _owner) = (socket, executor, owner);
        _room = new SendRoom(socket);
        _watch = new SocketWatch(socket, readers, OnReady) { Work = this, Executor = executor };
    }

    /// <summary>The one thread that looks after all sockets gives none of them more than a look.</summary>
    public override bool IsForAnotherThread => !_drained && SocketReader.IsCurrent;

    public override SocketError Receive(byte[] buffer, int offset, int count, out int received)
    {
        received = 0;
        if (!_drained)
        {
            received = _socket.Receive(buffer.AsSpan(offset, count), SocketFlags.None, out SocketError error);
            if (error != SocketError.WouldBlock)
            {
                // Less than there was room for is all there was; the watch notices what comes after.
                _drained = error == SocketError.Success && received > 0 && received < count;
                if (received > SmallBatchBytes) SocketReader.ExpectMuch();
                return error;
            }
        }
        _drained = false;
        _watch.Await(Epoll.In);
        return SocketError.WouldBlock;
    }

    public override SocketError Send(byte[] buffer, int offset, int count, out int sent)
    {
        sent = 0;
        if (_awaitedAt != 0) NoticeWait();
        else if (_handedOver && Stopwatch.GetTimestamp() - _handedAt > _idle)
        {
            _handedOver = false;
            _underWay.Pause();
        }
        if (!_handedOver)
        {
            if (count > SmallBatchBytes) LookAhead();
            int most = Math.Min(count, _pace.MostBytes);
            sent = _socket.Send(buffer.AsSpan(offset, most), SocketFlags.None, out SocketError error);
            if (_pace.IsSlow) (_handedOver, _handedAt) = (true, Stopwatch.GetTimestamp());
            if (error != SocketError.WouldBlock) return error;
        }
        _awaitedAt = Stopwatch.GetTimestamp();
        _watch.Await(Epoll.Out);
        return SocketError.WouldBlock;
    }

    public override bool IsSlow => _pace.IsSlow;

    public override void Hurry(bool hasUrgent) => _room.Hurry(hasUrgent);

    // Who has much to say looks at the line before, now and then: later it is full already.
    private void LookAhead()
    {
        long now = Stopwatch.GetTimestamp();
        if (_pace.IsSlow || now - _lookedAt < Stopwatch.Frequency) return;
        _lookedAt = now;
        if (TcpFigures.TryRead(_socket, out TcpFigures figures)) Adopt(_pace.Before(figures.RoundTrip), figures);
    }

    private void NoticeWait()
    {
        SendPace next = _pace.After(Stopwatch.GetElapsedTime(_awaitedAt));
        (_awaitedAt, _handedOver) = (0, false);
        TcpFigures figures = default;
        if (!next.IsSlow || TcpFigures.TryRead(_socket, out figures)) Adopt(next, figures);
    }

    private void Adopt(SendPace next, in TcpFigures figures)
    {
        if (next.IsSlow && _underWay.Look(figures, Stopwatch.GetElapsedTime(0)) is { } share)
        {
            _room.Limit(share);
            if (share == LineShare.Whole) next = SendPace.Fast;
        }
        if (next.UnsentBytes != _pace.UnsentBytes) SocketNetwork.LimitUnsent(_socket, next.UnsentBytes);
        _pace = next;
    }

    public override void Dispose()
    {
        if (!_watch.Close()) return;
        _socket.Dispose();
        // Never from inside a call of the owner's.
        if (_watch.HasDue) _executor.Execute(this);
    }

    void IThreadPoolWorkItem.Execute() => _watch.TellDue();

    private void OnReady(uint ready)
    {
        if ((ready & Epoll.Out) != 0) _owner.OnWritable();
        if ((ready & Epoll.In) != 0) _owner.OnReadable();
    }
}
