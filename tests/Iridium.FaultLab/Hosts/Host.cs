using System.Globalization;
using System.Net.Sockets;

namespace Iridium.FaultLab.Hosts;

/// <summary>One host of the laboratory: a network namespace with one interface, <c>eth0</c>, on the laboratory's
/// switch.</summary>
/// <param name="Number">1 to 5, or 6 for the guest.</param>
/// <param name="Namespace">Its name for <c>ip netns</c>.</param>
internal sealed record Host(int Number, string Namespace)
{
    public string Name =>
        Number == HostNetwork.Guest ? "guest" : $"host{Number.ToString(CultureInfo.InvariantCulture)}";

    public string Ip => IpOf(Number);

    public static string IpOf(int number) => $"10.0.0.{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Connects from within this host; what happens on the switch cannot reach a connection to its own
    /// loopback address.</summary>
    public Socket Connect(string ip, int port)
    {
        try
        {
            return NetworkNamespace.Enter(Namespace, () => Dial(ip, port));
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            throw new IOException($"{Name} cannot reach {ip}:{port}: {refused.Message}", refused);
        }
    }

    /// <summary>Runs a tool of the network inside.</summary>
    public void Run(string program, string words, string? input = null) =>
        Tool.Run("ip", $"netns exec {Namespace} {program} {words}", input);

    private static Socket Dial(string ip, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(ip, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
