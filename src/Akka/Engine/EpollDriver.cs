using System.Net;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>Sockets of Linux, looked after by <see cref="SocketReaders"/>.</summary>
internal sealed class EpollDriver(SocketReaders readers) : SocketDriver
{
    public override SocketChannel Open(Socket socket, IExecutor executor, IChannelOwner owner) =>
        new EpollChannel(socket, executor, owner, readers);

    public override void LookBeforeSleep(TimeSpan time) => readers.Patience = time;

    public override IDisposable Dial(EndPoint? to, Action<Socket?, SocketError> done)
    {
        CancellationTokenSource given = new();
        _ = Task.Run(() => DialAsync(to, done, given.Token));
        return new Cancellation(given);
    }

    // The runtime's own dialling would leave its watch on the socket for good, and wake a thread for every arrival.
    private async Task DialAsync(EndPoint? to, Action<Socket?, SocketError> done, CancellationToken given)
    {
        Socket? socket = null;
        SocketError error = SocketError.HostNotFound;
        try
        {
            foreach (IPEndPoint each in await AddressesAsync(to, given))
            {
                socket = new Socket(each.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                error = await ConnectAsync(socket, each, given);
                if (error == SocketError.Success) break;
                socket.Dispose();
                socket = null;
            }
        }
        catch (SocketException failure)
        {
            error = failure.SocketErrorCode;
        }
        catch (ArgumentException)
        {
            // A name that no resolver would take; peers say their names themselves.
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            (socket, error) = (null, SocketError.OperationAborted);
        }
        done(socket, error);
    }

    private static async Task<IPEndPoint[]> AddressesAsync(EndPoint? to, CancellationToken given)
    {
        if (to is IPEndPoint literal) return [literal];
        if (to is not DnsEndPoint name) return [];
        IPAddress[] known = await Dns.GetHostAddressesAsync(name.Host, given);
        return [.. known.Select(each => new IPEndPoint(each, name.Port))];
    }

    private async Task<SocketError> ConnectAsync(Socket socket, IPEndPoint to, CancellationToken given)
    {
        try
        {
            socket.Connect(to);
            return SocketError.Success;
        }
        catch (SocketException started) when (started.SocketErrorCode
            is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The usual case, and the only way to be told of it.
        }
        TaskCompletionSource writable = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SocketWatch watch = new(socket, readers, _ => writable.TrySetResult());
        watch.Await(Epoll.Out);
        await writable.Task.WaitAsync(given);
        return (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
    }

    private sealed class Cancellation(CancellationTokenSource given) : IDisposable
    {
        public void Dispose() => given.Cancel();
    }
}
