using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>
/// One TCP connection. One loop reads: it is the only caller of the handler, so that the handler's calls never overlap.
/// <code>
///   reading --no bytes yet--> waiting --bytes--> reading        waiting: a receive is under way
///   reading --Pause--> idle --Resume--> reading                 idle: nobody runs; Resume or Close starts the loop
/// again
///   reading --end, error, Close, Abort--> closed                closed: OnClosed was called
/// </code>
/// Writing is <see cref="OutboundBytes"/>'s affair.
/// </summary>
internal sealed class SocketConnection : IConnection, IChannelOwner, IThreadPoolWorkItem
{
    // Most connections of a large cluster carry little; those that fill their buffer get a larger one.
    private const int FirstReceiveBytes = 4 * 1024;
    private const int MostReceiveBytes = 64 * 1024;

    // Of what came on a connection that nobody serves: more than a greeting.
    private const int MostDiscardedBytes = 1024;

    // How long a closed connection waits for the peer's end of stream before it goes without: a socket that is closed
    // with unread bytes resets the stream, and a reset can overtake the last words.
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(2);

    private readonly IExecutor _executor;
    private readonly SocketDriver _driver;
    private readonly Lock _gate = new();
    private IConnectionHandler? _handler;
    private Socket? _socket;
    private SocketChannel? _channel;
    private OutboundBytes? _outbound;
    private IDisposable? _dial;
    private Timer? _farewellTimer;
    private long _queuedAtFarewell;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _opened;
    private bool _paused;
    private bool _showAgain;
    private bool _idle;
    private bool _closing;
    private CloseReason _reason;
    private string _detail = "";

    /// <summary>A connection that is about to be dialled.</summary>
    public SocketConnection(IExecutor executor, SocketDriver driver, IConnectionHandler handler)
    {
        (_executor, _driver, _handler) = (executor, driver, handler);
    }

    /// <summary>A connection that was accepted.</summary>
    public SocketConnection(IExecutor executor, SocketDriver driver, Socket accepted)
    {
        (_executor, _driver) = (executor, driver);
        RemoteEndPoint = accepted.RemoteEndPoint;
        Open(accepted);
    }

    public EndPoint? RemoteEndPoint { get; private set; }

    public long QueuedBytes => _outbound?.Queued ?? 0;

    public void Write(ReadOnlySpan<byte> bytes) => _outbound?.Add(bytes, urgent: false);

    public void WriteUrgent(ReadOnlySpan<byte> bytes) => _outbound?.Add(bytes, urgent: true);

    public bool IsSlow => _outbound?.IsSlow == true;

    public void Hurry() => _outbound?.Hurry();

    public bool TryTellDrained(Action drained)
    {
        _outbound!.Drained = drained;
        return true;
    }

    public void Pause()
    {
        lock (_gate) _paused = true;
    }

    public void Resume()
    {
        lock (_gate)
        {
            _showAgain |= _paused;
            _paused = false;
            if (!TryWakeLocked()) return;
        }
        _executor.Execute(this);
    }

    public void Close()
    {
        OutboundBytes? outbound;
        bool wake;
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            SetReasonLocked(CloseReason.Local, "closed by this side");
            outbound = _outbound;
            wake = TryWakeLocked();
            if (outbound is not null)
            {
                _queuedAtFarewell = outbound.Queued;
                _farewellTimer = new Timer(_ => ShutUnlessWriting(), null, _farewell, Timeout.InfiniteTimeSpan);
            }
        }
        if (outbound is null) CancelDial();
        else outbound.FinishAndShutdown();
        if (wake) _executor.Execute(this);
    }

    public void Abort()
    {
        bool wake;
        lock (_gate)
        {
            _closing = true;
            SetReasonLocked(CloseReason.Local, "aborted by this side");
            wake = TryWakeLocked();
        }
        if (_outbound is null) CancelDial();
        else Reset();
        if (wake) _executor.Execute(this);
    }

    /// <summary>Starts to connect; the outcome reaches the handler.</summary>
    public void Dial(string host, int port)
    {
        // An empty name is no endpoint; the dialling finds that out like any other name that nobody has.
        if (IPAddress.TryParse(host, out IPAddress? address)) RemoteEndPoint = new IPEndPoint(address, port);
        else if (host.Length > 0) RemoteEndPoint = new DnsEndPoint(host, port);
        _dial = _driver.Dial(RemoteEndPoint, OnDialled);
    }

    /// <summary>Starts to serve an accepted connection.</summary>
    public void Serve(IConnectionHandler? handler)
    {
        _handler = handler;
        if (handler is null)
        {
            DiscardArrived();
            Shut();
            return;
        }
        _executor.Execute(this);
    }

    /// <summary>The loop starts, or starts again after a pause.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (!_opened)
        {
            _opened = true;
            _buffer = ArrayPool<byte>.Shared.Rent(FirstReceiveBytes);
            _handler!.OnOpened(this);
        }
        ReceiveUntilPending();
    }

    void IChannelOwner.OnReadable() => ReceiveUntilPending();

    void IChannelOwner.OnWritable() => _outbound!.Send();

    private void OnDialled(Socket? socket, SocketError error)
    {
        bool aborted;
        lock (_gate)
        {
            aborted = _closing;
            if (socket is not null && !aborted) Open(socket);
        }
        if (aborted || socket is null)
        {
            socket?.Dispose();
            string detail = new SocketException((int)error).Message;
            SetReason(CloseReason.ConnectFailed, $"cannot connect to {Name(RemoteEndPoint)}: {detail}");
            End();
            return;
        }
        try
        {
            SocketNetwork.Prepare(socket);
            RemoteEndPoint = socket.RemoteEndPoint;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Gone already, or aborted by this side since; the first receive finds out and says so.
        }
        ((IThreadPoolWorkItem)this).Execute();
    }

    // Of itself, an end point with a name says its address family, too.
    private static string Name(EndPoint? to) => to is DnsEndPoint named ? $"{named.Host}:{named.Port}" : $"{to}";

    private void Open(Socket socket)
    {
        _socket = socket;
        _channel = _driver.Open(socket, _executor, this);
        _outbound = new OutboundBytes(_executor, socket, _channel);
    }

    private void ReceiveUntilPending()
    {
        try
        {
            while (!MustIdle(out bool again))
            {
                if (again)
                {
                    Show();
                    continue;
                }
                MakeRoom();
                SocketError error = _channel!.Receive(_buffer, _end, _buffer.Length - _end, out int count);
                if (error == SocketError.WouldBlock || !TakeReceived(error, count)) return;
                if (!_channel.IsForAnotherThread) continue;
                _executor.Execute(this);
                return;
            }
        }
        catch (ObjectDisposedException)
        {
            End();
        }
    }

    private bool MustIdle(out bool again)
    {
        lock (_gate)
        {
            again = false;
            _idle = _paused && !_closing;
            if (_idle) return true;
            again = _showAgain && !_closing && _start < _end;
            _showAgain = false;
            return false;
        }
    }

    private bool TakeReceived(SocketError error, int count)
    {
        if (error != SocketError.Success || count == 0)
        {
            if (error == SocketError.Success) SetReason(CloseReason.EndOfStream, "the peer closed the connection");
            else SetReason(CloseReason.Reset, new SocketException((int)error).Message);
            End();
            return false;
        }
        _end += count;
        bool closing, paused;
        lock (_gate) (closing, paused) = (_closing, _paused);
        if (closing) _start = _end;
        else if (!paused) Show();
        return true;
    }

    private void Show()
    {
        ReadOnlySequence<byte> bytes = new(_buffer, _start, _end - _start);
        SequencePosition consumed = _handler!.OnReceived(this, bytes);
        _start += (int)bytes.Slice(0, consumed).Length;
    }

    // What the handler left is the beginning of something longer: it moves to the front. The buffer grows when it was
    // full: more was there than it took, or what is there does not fit. How long a frame may be is the handler's to judge,
    // from its first four bytes.
    private void MakeRoom()
    {
        int left = _end - _start;
        int half = _buffer.Length / 2;
        if (left == 0 && _end < _buffer.Length) (_start, _end) = (0, 0);
        if (_buffer.Length - _end >= half) return;
        bool wasFull = _end == _buffer.Length;
        bool grows = left >= half || (wasFull && _buffer.Length < MostReceiveBytes);
        byte[] target = grows ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        _buffer.AsSpan(_start, left).CopyTo(target);
        if (grows) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        (_start, _end) = (0, left);
    }

    private void End()
    {
        IConnectionHandler? handler = _handler;
        _handler = null;
        if (handler is null) return;
        lock (_gate) _closing = true;
        Shut();
        _farewellTimer?.Dispose();
        _outbound?.Release();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        handler.OnClosed(this, _reason, _detail);
    }

    private bool TryWakeLocked()
    {
        bool wake = _idle;
        _idle = false;
        return wake;
    }

    private void SetReason(CloseReason reason, string detail)
    {
        lock (_gate) SetReasonLocked(reason, detail);
    }

    private void SetReasonLocked(CloseReason reason, string detail)
    {
        if (_detail.Length == 0) (_reason, _detail) = (reason, detail);
    }

    // A socket that is closed with unread bytes resets the stream, and the peer may not hear why.
    private void DiscardArrived()
    {
        try
        {
            if (_socket!.Available > 0) _socket.Receive(stackalloc byte[MostDiscardedBytes]);
        }
        catch (SocketException)
        {
            // The peer was quicker.
        }
    }

    private void CancelDial()
    {
        _dial?.Dispose();
    }

    private void Shut() => _channel?.Dispose();

    // A peer that still takes what was queued is let finish; one that takes nothing is not waited for.
    private void ShutUnlessWriting()
    {
        long left = QueuedBytes;
        bool writes = left > 0 && left < _queuedAtFarewell;
        _queuedAtFarewell = left;
        if (!writes || !_farewellTimer!.Change(_farewell, Timeout.InfiniteTimeSpan)) Shut();
    }

    private void Reset()
    {
        try
        {
            _socket!.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is gone already, which is what was wanted.
        }
        Shut();
    }
}
