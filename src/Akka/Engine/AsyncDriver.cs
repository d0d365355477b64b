using System.Net;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>Sockets of any machine, by the runtime's own asynchronous calls.</summary>
internal sealed class AsyncDriver : SocketDriver
{
    public override SocketChannel Open(Socket socket, IExecutor executor, IChannelOwner owner) =>
        new AsyncChannel(socket, owner);

    public override IDisposable Dial(EndPoint? to, Action<Socket?, SocketError> done)
    {
        SocketAsyncEventArgs dial = new() { RemoteEndPoint = to };
        dial.Completed += (_, outcome) => Finish(outcome, done);
        try
        {
            if (Socket.ConnectAsync(SocketType.Stream, ProtocolType.Tcp, dial)) return new Cancellation(dial);
        }
        catch (Exception error) when (error is SocketException or ArgumentException or InvalidOperationException)
        {
            // A name that no resolver would take; peers say their names themselves.
            dial.SocketError = (error as SocketException)?.SocketErrorCode ?? SocketError.HostNotFound;
        }
        ThreadPool.UnsafeQueueUserWorkItem(outcome => Finish(outcome, done), dial, preferLocal: false);
        return new Cancellation(dial);
    }

    private static void Finish(SocketAsyncEventArgs outcome, Action<Socket?, SocketError> done)
    {
        (Socket? socket, SocketError error) = (outcome.ConnectSocket, outcome.SocketError);
        outcome.Dispose();
        done(socket, error);
    }

    private sealed class Cancellation(SocketAsyncEventArgs dial) : IDisposable
    {
        public void Dispose() => Socket.CancelConnectAsync(dial);
    }
}

/// <summary>A call that cannot be finished at once goes on by itself; its outcome is what the next call
/// answers.</summary>
internal sealed class AsyncChannel(Socket socket, IChannelOwner owner) : SocketChannel
{
    private readonly Direction _receive = new(owner.OnReadable);
    private readonly Direction _send = new(owner.OnWritable);

    /// <summary>The runtime calls back on a thread of the pool.</summary>
    public override bool IsForAnotherThread => false;

    public override bool HasBegunWhatWaits => true;

    public override SocketError Receive(byte[] buffer, int offset, int count, out int received) =>
        _receive.TryTakeOutcome(out received, out SocketError error)
            ? error
            : _receive.Start(socket.ReceiveAsync, buffer, offset, count, out received);

    public override SocketError Send(byte[] buffer, int offset, int count, out int sent) =>
        _send.TryTakeOutcome(out sent, out SocketError error)
            ? error
            : _send.Start(socket.SendAsync, buffer, offset, count, out sent);

    public override void Dispose() => socket.Dispose();

    private sealed class Direction(Action goOn)
        : SocketAsyncEventArgs(true)
    {
        private bool _hasOutcome;

        public bool TryTakeOutcome(out int count, out SocketError error)
        {
            (count, error) = _hasOutcome ? (BytesTransferred, SocketError) : (0, SocketError.Success);
            bool had = _hasOutcome;
            _hasOutcome = false;
            return had;
        }

        public SocketError Start(
            Func<SocketAsyncEventArgs, bool> call, byte[] buffer, int offset, int count, out int moved)
        {
            moved = 0;
            SetBuffer(buffer, offset, count);
            if (call(this)) return SocketError.WouldBlock;
            moved = BytesTransferred;
            return SocketError;
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            _hasOutcome = true;
            goOn();
        }
    }
}
