using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

public sealed class StrangerTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = []
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, connection-timeout = 1s }
        }
        """));

    private readonly Mail _mail = new();

    private Address Address => Specs.RemotePair.AddressOf(_system);

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public void Garbage_costs_its_connection_only_and_is_reported_once()
    {
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(Warning));
        IActorRef echo = _system.ActorOf(Props.Create<Echo>(), "echo");
        using RawPeer peer = new RawPeer(Address).Associate();
        foreach (byte[] greeting in Greetings())
        {
            using TcpClient stranger = new(Address.Host!, Address.Port!.Value) { ReceiveTimeout = 15_000 };
            stranger.GetStream().Write(greeting);
            Drain(stranger);
        }
        string path = echo.Path.ToSerializationFormatWithAddress(Address);
        peer.Send(path, 17, "S", "well"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("well", Encoding.UTF8.GetString(peer.ReadMessage().Body));
        Assert.Contains("an HTTP request", _mail.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.True(_mail.IsEmpty);
    }

    [Fact]
    public void Who_says_nothing_or_a_byte_now_and_then_is_cut_when_the_handshake_is_due()
    {
        using TcpClient silent = new(Address.Host!, Address.Port!.Value) { ReceiveTimeout = 15_000 };
        using TcpClient dripping = new(Address.Host!, Address.Port!.Value) { ReceiveTimeout = 15_000 };
        dripping.GetStream().WriteByte(41);
        Drain(silent);
        Drain(dripping);
    }

    private static IEnumerable<byte[]> Greetings()
    {
        yield return "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();
        yield return "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray();
        yield return [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3];
        yield return [4, 0, 0, 0, 1, 2, 3, 4];
        yield return [0, 0, 0, 0];
        yield return [3, 0, 0, 0, 0x0A, 1, 0];
        Random chance = new(3);
        for (int round = 0; round < 20; round++)
        {
            byte[] bytes = new byte[chance.Next(5, 2_000)];
            chance.NextBytes(bytes);
            bytes[3] |= 0x40;
            yield return bytes;
        }
    }

    // Until this side is closed by the other; a timeout would throw.
    private static void Drain(TcpClient client)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (client.GetStream().Read(buffer) > 0)
            {
                // A farewell.
            }
        }
        catch (IOException error)
            when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // The hard way.
        }
    }
}
