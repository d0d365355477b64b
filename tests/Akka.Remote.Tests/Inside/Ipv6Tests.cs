using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Hosts that are IPv6 addresses: whoever writes them how, here they are one, and on the wire they have brackets, as
/// Akka.NET writes them.</summary>
public sealed class Ipv6Tests
{
    [Theory]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("::0001")]
    public void A_host_is_the_same_however_it_is_written(string host)
    {
        Address address = new("akka.tcp", "Pair", host, 1);
        Assert.Equal("akka.tcp://Pair@[::1]:1", address.ToString());
        Assert.Equal(address, Address.Parse($"akka.tcp://Pair@{host}:1"));
        Assert.Equal(address, address.WithHost(address.Host));
        Assert.Equal(address, new Handshake("Pair", host, 1, "tcp", 5).Address);
    }

    [Theory]
    [InlineData("FE80::1%eth0", "[fe80::1%eth0]")]
    [InlineData("[::FFFF:1.2.3.4]", "[::ffff:1.2.3.4]")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("no:address", "[no:address]")]
    public void What_is_no_plain_address_keeps_what_it_says(string host, string expected) =>
        Assert.Equal(expected, new Address("akka.tcp", "Pair", host, 1).Host);

    [Ipv6Theory]
    [InlineData("::1", "[::1]")]
    [InlineData("[::1]", "::1")]
    public async Task Systems_talk_and_greet_by_their_host_in_brackets(string hostname, string dialled)
    {
        using RemotePair pair = new($"akka.remote.dot-netty.tcp.hostname = \"{hostname}\"");
        Address there = AddressOf(pair.There);
        Assert.Equal($"akka.tcp://Pair@[::1]:{there.Port}", there.ToString());
        pair.There.ActorOf(Props.Create<Echo>(), "echo");
        string path = $"akka.tcp://Pair@{dialled}:{there.Port}/user/echo";
        Assert.Equal("hi", await pair.Here.ActorSelection(path).Ask<string>("hi", Patience));

        using RawPeer peer = new(there, host: "[::2]");
        peer.Send(new Control(ControlCommand.Associate, peer.Self));
        Assert.Contains(Convert.ToHexString([0x12, 5, .. "[::1]"u8]), Convert.ToHexString(peer.ReadFrame()!),
            StringComparison.Ordinal);
        peer.Send($"{there}/user/echo", 17, "S", "hi"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal((peer.Root + "user/me", "hi"), Heard(peer));

        static (string, string) Heard(RawPeer peer)
        {
            var message = peer.ReadMessage();
            return (message.Recipient, Encoding.UTF8.GetString(message.Body));
        }
    }

    /// <summary>Skipped where the machine has no IPv6.</summary>
    private sealed class Ipv6TheoryAttribute : TheoryAttribute
    {
        public Ipv6TheoryAttribute()
        {
            try
            {
                using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            }
            catch (SocketException none)
            {
                Skip = $"no IPv6: {none.Message}";
            }
        }
    }
}
