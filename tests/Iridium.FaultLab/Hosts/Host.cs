using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Iridium.FaultLab.Hosts;

/// <summary>One host of the laboratory: a network namespace with one interface, <c>eth0</c>, on the laboratory's
/// switch.</summary>
/// <param name="Number">1 to 5, or 6 for the guest.</param>
/// <param name="Namespace">Its name for <c>ip netns</c>.</param>
internal sealed record Host(int Number, string Namespace)
{
    private const int NetworkNamespace = 0x40000000;

    public string Name =>
        Number == HostNetwork.Guest ? "guest" : $"host{Number.ToString(CultureInfo.InvariantCulture)}";

    public string Ip => IpOf(Number);

    public static string IpOf(int number) => $"10.0.0.{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Connects from within this host; what happens on the switch cannot reach a connection to its own
    /// loopback address.</summary>
    public Socket Connect(string ip, int port)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A socket belongs to the namespace of the thread that makes it. The thread enters, makes it, and ends.
        var inside = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{Namespace}");
                if (setns((int)handle.DangerousGetHandle(), NetworkNamespace) != 0)
                    throw new IOException($"setns {Namespace}: error {Marshal.GetLastPInvokeError()}");
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Connect(ip, port);
            }
            catch (Exception refused) when (refused is SocketException or IOException)
            {
                failure = refused;
            }
        });
        inside.Start();
        inside.Join();
        if (failure is null) return socket!;
        socket?.Dispose();
        throw new IOException($"{Name} cannot reach {ip}:{port}: {failure.Message}", failure);
    }

    /// <summary>Runs a tool of the network inside.</summary>
    public void Run(string program, string words, string? input = null) =>
        Tool.Run("ip", $"netns exec {Namespace} {program} {words}", input);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int kind);
}
