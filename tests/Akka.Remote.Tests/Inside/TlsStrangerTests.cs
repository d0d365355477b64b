using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Strangers that speak TLS: with any certificate but a good one they are told not one byte, whoever
/// dials.</summary>
public sealed class TlsStrangerTests : IDisposable
{
    private readonly TlsSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Theory]
    [InlineData("good", true)]
    [InlineData("none", false)]
    [InlineData("stranger", false)]
    [InlineData("expired", false)]
    [InlineData("early", false)]
    [InlineData("self-signed", false)]
    [InlineData("other-name", false)]
    [InlineData("server-only", false)]
    public async Task Who_dials_is_told_something_only_with_a_good_certificate(string certificate, bool told)
    {
        ActorSystem system = _systems.Start("good");
        using TcpClient client = new(AddressOf(system).Host!, AddressOf(system).Port!.Value);
        await using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        int heard = await Heard(stream, () => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "iridium.test",
            ClientCertificates = certificate == "none" ? [] : [_systems.Certificates.Load(certificate)],
        }));
        Assert.Equal(told, heard > 0);
    }

    [Theory]
    [InlineData("good", true)]
    [InlineData("stranger", false)]
    [InlineData("expired", false)]
    [InlineData("early", false)]
    [InlineData("self-signed", false)]
    [InlineData("other-name", false)]
    [InlineData("client-only", false)]
    public async Task Who_is_dialled_is_told_something_only_with_a_good_certificate(string certificate, bool told)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ActorSystem system = _systems.Start("good");
        system.ActorSelection($"akka.ssl.tcp://Pair@{listener.LocalEndpoint}/user/a").Tell("gossip");
        using TcpClient client = await listener.AcceptTcpClientAsync();
        await using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        int heard = await Heard(stream, () => stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _systems.Certificates.Load(certificate),
            ClientCertificateRequired = true,
        }));
        Assert.Equal(told, heard > 0);
    }

    [Fact]
    public void Who_speaks_no_tls_is_guessed_in_the_log()
    {
        ActorSystem system = _systems.Start("good");
        Mail told = new();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Keeper(told))), typeof(Warning));
        using RawPeer plain = new(AddressOf(system));
        plain.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.True(plain.IsClosedByPeer());
        Assert.Contains("an HTTP request that speaks no TLS", told.Take<Warning>().Message.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_reader_that_stands_still_is_bounded()
    {
        // Not one byte of it is a whole frame, so that nothing is read before the last one.
        ActorSystem system = _systems.Start("good", "maximum-frame-size = 8 MiB");
        ActorSystem other = _systems.Start("good", "maximum-frame-size = 8 MiB");
        system.ActorOf(Props.Create<Echo>(), "echo");
        byte[] large = new byte[6 << 20];
        new Random(5).NextBytes(large);
        Assert.Equal(large, await other.ActorSelection(AddressOf(system) + "/user/echo").Ask<byte[]>(large, Patience));
    }

    // Bytes of this engine that came through, until the connection ended or the first ones came. The first thing that
    // is ever said is the greeting; an acceptor says it when it has been greeted.
    private static async Task<int> Heard(SslStream stream, Func<Task> authenticate)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await authenticate();
            Handshake stranger = new("Pair", "10.9.8.7", 4711, "ssl.tcp", 77);
            await stream.WriteAsync(
                ControlCodec.Frame(new Control(ControlCommand.Associate, stranger), bigEndian: false), patience.Token);
            return await stream.ReadAsync(new byte[1024], patience.Token);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return 0;
        }
    }
}
