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

    [Fact]
    public void Who_drops_its_connection_before_the_first_byte_is_not_called_a_stranger()
    {
        ListenToAll();
        new TcpClient(Address.Host!, Address.Port!.Value).Dispose();
        Assert.Contains("said nothing", Report(), StringComparison.Ordinal);
        // Too little to guess from, but somebody who knows no better.
        using (TcpClient cut = new(Address.Host!, Address.Port!.Value)) cut.GetStream().WriteByte(41);
        Assert.Contains("was no peer", Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_connection_from_the_host_of_a_peer_may_be_its_question_that_was_lost()
    {
        ListenToAll();
        using (TcpClient silent = new(Address.Host!, Address.Port!.Value)) Assert.Contains("was no peer", Report());
        using RawPeer peer = new RawPeer(Address).Associate();
        using (TcpClient silent = new(Address.Host!, Address.Port!.Value)) Assert.Contains("said nothing", Report());
    }

    private void ListenToAll()
    {
        _system.EventStream.SetLogLevel(LogLevel.DebugLevel);
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(LogEvent));
    }

    private string Report()
    {
        while (true)
        {
            string text = Assert.IsAssignableFrom<LogEvent>(_mail.Take()).Message.ToString()!;
            if (text.Contains("A connection from", StringComparison.Ordinal)) return text;
        }
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
