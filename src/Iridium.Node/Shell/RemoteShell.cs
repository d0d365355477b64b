using System.Net;
using System.Net.Sockets;
using Iridium.Actors.Repl;
using Iridium.Node.Cli;

namespace Iridium.Node.Shell;

/// <summary>What the remote shell bears before it refuses.</summary>
public sealed record RemoteShellLimits
{
    /// <summary>People at one node; each costs a session actor and some 100 KB.</summary>
    public int Connections { get; init; } = 16;

    /// <summary>A line of assembly is some 40 characters.</summary>
    public int LineBytes { get; init; } = 4096;

    /// <summary>Nothing typed for so long means that nobody is there.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Output that waits for a client; one that reads slower than this is cut off.</summary>
    public int WaitingBytes { get; init; } = 1 << 20;
}

/// <summary>
/// The shell over TCP (<c>nc 127.0.0.1 2244</c>): every connection is a session of its own. A client that breaks a
/// limit, or breaks off, costs only its own session.
/// </summary>
public sealed class RemoteShell : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly RemoteShellLimits _limits;
    private readonly Func<IScreen, Action<ShellEffect>> _openSession;
    private readonly HashSet<SocketScreen> _screens = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private bool _closed;

    /// <param name="listener">Bound and listening.</param>
    /// <param name="openSession">Starts a session on a screen, and returns who takes what is typed there.</param>
    public RemoteShell(Socket listener, RemoteShellLimits limits, Func<IScreen, Action<ShellEffect>> openSession)
    {
        _listener = listener;
        _limits = limits;
        _openSession = openSession;
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        SocketScreen[] open;
        lock (_gate)
        {
            _closed = true;
            open = [.. _screens];
        }
        _listener.Dispose();
        foreach (SocketScreen screen in open) screen.Close((int)ExitCode.Ok);
        await _accepting;
        await Task.WhenAll(open.Select(screen => screen.Ended));
    }

    private async Task Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                if (_closed) return;
                // One client's failed handshake, or no descriptor left: the next one may fare better.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                continue;
            }
            Welcome(client);
        }
    }

    private void Welcome(Socket client)
    {
        var screen = new SocketScreen(client, _limits);
        lock (_gate)
        {
            if (_closed || _screens.Count >= _limits.Connections)
            {
                screen.Refuse($"This node serves {_limits.Connections} remote shells already; try again later.");
                return;
            }
            _screens.Add(screen);
        }
        _ = Serve(screen);
    }

    private async Task Serve(SocketScreen screen)
    {
        try
        {
            await screen.Run(_openSession(screen));
        }
        finally
        {
            lock (_gate) _screens.Remove(screen);
        }
    }
}
