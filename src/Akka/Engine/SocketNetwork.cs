using System.Net;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>Byte streams over TCP: the network of the real machine.</summary>
/// <param name="executor">Where a write is flushed after the turn that made it.</param>
/// <param name="driver">How sockets are waited for.</param>
internal sealed class SocketNetwork(IExecutor executor, SocketDriver driver) : INetwork
{
    /// <summary>As Akka.NET's <c>backlog</c>.</summary>
    public const int Backlog = 4096;

    // Once limited, a socket finds its size no more by itself; the kernel allows what it does to any socket.
    private const int UnlimitedBytes = 8 << 20;

    // TCP_NOTSENT_LOWAT, and SO_MAX_PACING_RATE of SOL_SOCKET, which .NET has no names for.
    private const int LinuxUnsentBytes = 25;
    private const int LinuxPace = 47;
    private const int LinuxSocketLevel = 1;

    public IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept)
    {
        IPAddress address = Resolve(host, port);
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new NetworkException(Refusal(host, port, error), error);
        }
        SocketListener listener = new(socket, executor, driver, accept);
        listener.Start();
        return listener;
    }

    public bool ReachesOthers(string host) => !IPAddress.IsLoopback(Resolve(host, port: 0));

    public void LookBeforeSleep(TimeSpan time) => driver.LookBeforeSleep(time);

    public IConnection Connect(string host, int port, IConnectionHandler handler)
    {
        SocketConnection connection = new(executor, driver, handler);
        connection.Dial(host, port);
        return connection;
    }

    /// <summary>What both kinds of sockets are set to.</summary>
    internal static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        LimitUnsent(socket, default(SendPace).UnsentBytes);
    }

    /// <summary>How much of a stream the kernel may hold before it is sent.</summary>
    internal static void LimitUnsent(Socket socket, int bytes)
    {
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxUnsentBytes, BitConverter.GetBytes(bytes));
    }

    /// <summary>How much the kernel may hold all together, sent or not, until it is acknowledged.</summary>
    internal static void LimitUnderWay(Socket socket, int bytes)
    {
        try
        {
            // The kernel takes twice as much, counts what a packet has beside its bytes (of 1400: 1.8 times these), says that
            // it has room when a third is free, and gets one packet more then.
            socket.SendBufferSize = (int)(Math.Min(bytes, UnlimitedBytes) * 1.3);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is being closed.
        }
    }

    /// <summary>How fast the kernel may send; it spreads the packets.</summary>
    internal static void LimitPace(Socket socket, int bytesPerSecond)
    {
        if (!OperatingSystem.IsLinux()) return;
        uint pace = bytesPerSecond == int.MaxValue ? uint.MaxValue : (uint)bytesPerSecond;
        try
        {
            socket.SetRawSocketOption(LinuxSocketLevel, LinuxPace, BitConverter.GetBytes(pace));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is being closed.
        }
    }

    private static IPAddress Resolve(string host, int port)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal)) return literal;
        try
        {
            IPAddress[] known = Dns.GetHostAddresses(host);
            return Array.Find(known, each => each.AddressFamily == AddressFamily.InterNetwork) ?? known[0];
        }
        catch (SocketException error)
        {
            throw new NetworkException($"Cannot listen at {host}:{port}: the name {host} is not known.", error);
        }
    }

    private static string Refusal(string host, int port, SocketException error)
    {
        string why = error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "the port is taken by another process",
            SocketError.AddressNotAvailable => "this machine has no such address",
            SocketError.AccessDenied => "this user may not bind it",
            _ => error.Message,
        };
        return $"Cannot listen at {host}:{port}: {why}.";
    }
}

/// <summary>Accepts until it is disposed.</summary>
internal sealed class SocketListener(
    Socket socket, IExecutor executor, SocketDriver driver, Func<IConnection, IConnectionHandler?> accept)
    : SocketAsyncEventArgs, IListener, IThreadPoolWorkItem
{
    // With no file descriptor left, accepting fails at once and for ever; a pause lets something be closed.
    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private bool _disposed;
    private Timer? _pause;

    public int Port { get; } = ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>On another thread: somebody may have dialled already, and whoever listens is not ready for it before it
    /// knows its port.</summary>
    public void Start() => executor.Execute(this);

    void IThreadPoolWorkItem.Execute() => AcceptUntilPending();

    void IDisposable.Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _pause?.Dispose();
        socket.Dispose();
    }

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (TakeAccepted()) AcceptUntilPending();
    }

    private void AcceptUntilPending()
    {
        try
        {
            do
            {
                AcceptSocket = null;
                if (socket.AcceptAsync(this)) return;
            }
            while (TakeAccepted());
        }
        catch (ObjectDisposedException)
        {
            // Disposed between two connections.
        }
    }

    private bool TakeAccepted()
    {
        if (SocketError != SocketError.Success)
        {
            if (Volatile.Read(ref _disposed) || SocketError == SocketError.OperationAborted) return false;
            _pause = new Timer(_ => AcceptUntilPending(), null, _pauseAfterFailure, Timeout.InfiniteTimeSpan);
            return false;
        }
        Socket accepted = AcceptSocket!;
        SocketConnection connection;
        try
        {
            SocketNetwork.Prepare(accepted);
            connection = new SocketConnection(executor, driver, accepted);
        }
        catch (SocketException)
        {
            // The peer was gone before it was looked at.
            accepted.Dispose();
            return true;
        }
        connection.Serve(accept(connection));
        return true;
    }
}
