using System.Net;
using System.Net.Sockets;
using Akka.Cluster.Tests.Specs;

namespace Akka.Cluster.Tests.Inside;

public sealed class Ipv6ClusterTests : IAsyncLifetime
{
    private readonly ClusterNodes _nodes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Nodes_at_ipv6_addresses_find_their_seed_in_the_configuration()
    {
        if (!HasIpv6()) return;
        Cluster first = _nodes.Start(elsewhere: "akka.remote.dot-netty.tcp.hostname = \"::1\"");
        first.Join(first.SelfAddress);
        string seed = $"akka.tcp://specs@[::1]:{first.SelfAddress.Port}";

        Cluster second = _nodes.Start(
            $"seed-nodes = [\"{seed}\"]", elsewhere: "akka.remote.dot-netty.tcp.hostname = \"[::1]\"");

        await ClusterNodes.AllSee([first, second], 2);
        Assert.Equal(seed, first.SelfAddress.ToString());
        Assert.Equal([first.SelfAddress], second.Settings.SeedNodes);
    }

    private static bool HasIpv6()
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
