using System.Net;
using System.Net.Sockets;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>Opens the endpoints of a node. A port that nobody asked for may be replaced by a free one; a port that was
/// asked for is taken or the node does not start.</summary>
public static class Listening
{
    private const int Backlog = 128;

    /// <summary>A listening socket, and a note when it is not at the port first thought of.</summary>
    /// <param name="what">Names the endpoint in errors and notes, such as <c>the command endpoint</c>.</param>
    /// <exception cref="UserErrorException">It cannot listen there.</exception>
    public static (Socket Socket, string? Note) Open(ListenAt at, string what)
    {
        try
        {
            return (Listen(at.Endpoint), null);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && !at.PortIsAsked)
        {
            Socket socket = Listen(at.Endpoint with { Port = 0 });
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            return (socket, Moved(at.Endpoint, what, port));
        }
        catch (SocketException refused)
        {
            throw new UserErrorException(ErrorOf(at, what, refused), refused);
        }
    }

    /// <summary>The port that a listener opened later will find free: the one wanted, or 0 when it is taken and
    /// another will do.</summary>
    /// <exception cref="UserErrorException">It cannot listen there.</exception>
    public static int FreePort(ListenAt at, string what)
    {
        if (at.Endpoint.Port == 0) return 0;
        (Socket socket, string? note) = Open(at, what);
        socket.Dispose();
        return note is null ? at.Endpoint.Port : 0;
    }

    public static string Moved(Endpoint wanted, string what, int port) =>
        $"Port {wanted.Port} is taken; {what} is at {wanted with { Port = port }}.";

    private static UserError ErrorOf(ListenAt at, string what, SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new(
            $"port {at.Endpoint.Port} is taken by another process, so {what} cannot open", at.PortWhere,
            "choose another port, or 0 for any free one", ExitCode.NotStarted),
        SocketError.AccessDenied => new(
            $"port {at.Endpoint.Port} may not be opened by this user, so {what} cannot open", at.PortWhere,
            "choose a port from 1024 up", ExitCode.NotStarted),
        _ => new($"{what} cannot listen at {at.Endpoint}: {refused.Message}", at.HostWhere,
            "use an address of this machine, such as 127.0.0.1", ExitCode.NotStarted),
    };

    /// <summary>Whether only this machine reaches what listens at this host.</summary>
    public static bool IsLoopback(string host) => IPAddress.IsLoopback(Resolve(host));

    private static IPAddress Resolve(string host) =>
        IPAddress.TryParse(host, out IPAddress? literal) ? literal : Dns.GetHostAddresses(host)[0];

    private static Socket Listen(Endpoint endpoint)
    {
        IPAddress address = Resolve(endpoint.Host);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
