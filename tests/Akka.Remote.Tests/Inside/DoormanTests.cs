using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>How many connections others may open, at each limit and past it.</summary>
public sealed class DoormanTests : IDisposable
{
    private static readonly IPEndPoint _one = new(IPAddress.Parse("10.0.0.1"), 1);
    private static readonly IPEndPoint _two = new(IPAddress.Parse("10.0.0.2"), 1);
    private static readonly IPEndPoint _three = new(IPAddress.Parse("10.0.0.3"), 1);

    private readonly StartedSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Fact]
    public void Each_limit_lets_in_as_many_as_it_says()
    {
        Doorman doorman = new(new ConnectionLimits(Connections: 4, Handshakes: 3, HandshakesPerAddress: 2));
        Assert.Equal(["", "", "limits.handshakes-per-address"], Enter(doorman, _one, _one, _one));
        Assert.Equal(["", "limits.handshakes"], Enter(doorman, _two, _two));
        doorman.Greeted(_one);
        Assert.Equal(["", "limits.connections"], Enter(doorman, _one, _three));
        doorman.Left(_one, greeted: true);
        doorman.Left(_two, greeted: false);
        Assert.Equal(["", "limits.handshakes"], Enter(doorman, _three, _two));
    }

    [Fact]
    public void Connections_beyond_a_limit_hear_a_farewell_and_are_logged_in_one_line_and_the_rest_goes_on()
    {
        ActorSystem system = Start("limits { handshakes-per-address = 3, connections = 4 }");
        Mail told = new();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Keeper(told))), typeof(Warning));
        using RawPeer friend = new RawPeer(AddressOf(system)).Associate();
        TcpClient[] silent = [.. Enumerable.Range(0, 3).Select(_ => Dial(system))];
        for (int more = 0; more < 3; more++)
        {
            using RawPeer refused = new(AddressOf(system), port: 4713);
            refused.Send(new Control(ControlCommand.Associate, refused.Self));
            Assert.Equal(ControlCommand.Disassociate, refused.ReadControl().Command);
            Assert.True(refused.IsClosedByPeer());
        }
        // On a slow machine the first handshakes may be due before, which is told, too.
        string line;
        do line = told.Take<Warning>().Message.ToString()!;
        while (!line.Contains("(limits.", StringComparison.Ordinal));
        Assert.Contains("(limits.connections)", line, StringComparison.Ordinal);
        string echo = system.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(AddressOf(system));
        friend.Send(echo, 17, "S", "hello"u8.ToArray(), sender: friend.Root + "user/me");
        Assert.Equal("hello", Encoding.UTF8.GetString(friend.ReadMessage().Body));
        // The handshakes that are under way are cut when they are due, and there is room again.
        foreach (TcpClient each in silent)
        {
            Assert.True(IsClosed(each));
            each.Dispose();
        }
        using RawPeer next = LetIn(system);
    }

    // Who is closed hears of it a moment before it stops to count.
    private static RawPeer LetIn(ActorSystem system)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ;)
        {
            RawPeer peer = new(AddressOf(system), port: 4712);
            try
            {
                return peer.Associate();
            }
            catch (Exception refused) when (
                refused is IOException or Xunit.Sdk.XunitException && DateTime.UtcNow < end)
            {
                peer.Dispose();
            }
        }
    }

    [Theory]
    [InlineData("connections")]
    [InlineData("handshakes")]
    [InlineData("handshakes-per-address")]
    [InlineData("dials")]
    public void A_limit_of_nobody_is_refused_by_name(string key)
    {
        ConfigurationException error =
            Assert.Throws<ConfigurationException>(() => Start($"limits.{key} = 0"));
        Assert.Equal($"akka.remote.limits.{key} must be at least 1, but is 0.", error.Message);
    }

    [Fact]
    public void A_greeting_of_the_limit_is_read_and_one_byte_more_ends_the_connection()
    {
        ActorSystem system = Start("");
        byte[] greeting = Greeting(FrameFormat.GreetingBytes);
        using RawPeer longest = new(AddressOf(system));
        longest.Send(greeting);
        Assert.Equal(ControlCommand.Associate, longest.ReadControl().Command);
        using RawPeer tooLong = new(AddressOf(system));
        tooLong.Send(Greeting(FrameFormat.GreetingBytes + 1));
        Assert.Equal(ControlCommand.Disassociate, tooLong.ReadControl().Command);
        Assert.True(tooLong.IsClosedByPeer());
    }

    // A real greeting, with an unknown field of bytes that makes it as long as wanted.
    private static byte[] Greeting(int bytes)
    {
        Handshake stranger = new("Pair", "10.9.8.7", 4711, "tcp", 77);
        byte[] plain = ControlCodec.Frame(new Control(ControlCommand.Associate, stranger), bigEndian: false);
        int filler = bytes - plain.Length - 4;
        byte[] frame = [.. plain, 0xFA, 0x01, (byte)(filler & 0x7F | 0x80), (byte)(filler >> 7), .. new byte[filler]];
        FrameCodec.WriteLength(frame, frame.Length - 4, bigEndian: false);
        return frame;
    }

    private static string[] Enter(Doorman doorman, params EndPoint[] from) =>
        [.. from.Select(each => doorman.TryEnter(each, out string refusal) ? "" : refusal.Split('(', ')')[1])];

    private static TcpClient Dial(ActorSystem system) =>
        new(AddressOf(system).Host!, AddressOf(system).Port!.Value) { ReceiveTimeout = 15_000 };

    private static bool IsClosed(TcpClient client)
    {
        try
        {
            return client.GetStream().Read(new byte[1]) == 0;
        }
        catch (IOException error)
            when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }

    private ActorSystem Start(string config) =>
        _systems.Start(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = WARNING
              stdout-loglevel = OFF
              loggers = []
              actor.provider = remote
              remote { {{config}} }
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, connection-timeout = 1s }
            }
            """));
}
