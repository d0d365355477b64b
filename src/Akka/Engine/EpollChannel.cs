using System.Diagnostics;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>Calls that do not wait, and a watch for those that would have.</summary>
internal sealed class EpollChannel : SocketChannel, IThreadPoolWorkItem
{
    // More than this is worth waking another thread for.
    private const int SmallBatchBytes = 4 * 1024;

    private readonly Socket _socket;
    private readonly IExecutor _executor;
    private readonly IChannelOwner _owner;
    private readonly SocketWatch _watch;
    private bool _drained;
    private SendPace _pace;
    private bool _handedOver;
    private long _awaitedAt;

    public EpollChannel(Socket socket, IExecutor executor, IChannelOwner owner, SocketReaders readers)
    {
        socket.Blocking = false;
        (_socket, _executor, _owner) = (socket, executor, owner);
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
        if (!_handedOver)
        {
            int most = Math.Min(count, _pace.MostBytes);
            sent = _socket.Send(buffer.AsSpan(offset, most), SocketFlags.None, out SocketError error);
            _handedOver = _pace.IsSlow;
            if (error != SocketError.WouldBlock) return error;
        }
        _awaitedAt = Stopwatch.GetTimestamp();
        _watch.Await(Epoll.Out);
        return SocketError.WouldBlock;
    }

    private void NoticeWait()
    {
        SendPace next = _pace.After(Stopwatch.GetElapsedTime(_awaitedAt));
        (_awaitedAt, _handedOver) = (0, false);
        if (next.IsSlow == _pace.IsSlow) return;
        _pace = next;
        SocketNetwork.LimitUnsent(_socket, _pace.UnsentBytes);
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
