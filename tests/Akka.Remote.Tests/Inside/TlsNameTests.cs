using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Certificates that are good, but for a name that none can be compared with.</summary>
public sealed class TlsNameTests : IDisposable
{
    private readonly TlsSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Theory]
    [InlineData("blank-name", "'My Node 1'")]
    [InlineData("no-name", "''")]
    public async Task A_certificate_whose_name_cannot_be_compared_is_refused_at_start_and_is_good_without(
        string certificate, string shown)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _systems.Start(certificate));
        Assert.Contains("akka.remote.dot-netty.tcp.ssl.validate-certificate-hostname", error.ToString(),
            StringComparison.Ordinal);
        Assert.Contains(shown, error.ToString(), StringComparison.Ordinal);

        const string any = "ssl.validate-certificate-hostname = false";
        ActorSystem here = _systems.Start(certificate, any);
        ActorSystem there = _systems.Start(certificate, any);
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hi", await here.ActorSelection(AddressOf(there) + "/user/echo").Ask<string>("hi", Patience));
    }

    [Theory]
    [InlineData("malformed-names", "TLS: Authentication failed")]   // OpenSSL does not take it either.
    [InlineData("blank-name", "rejected")]
    [InlineData("no-name", "rejected")]
    public async Task A_strangers_certificate_that_cannot_be_compared_is_refused_and_the_log_says_why(
        string certificate, string why)
    {
        ActorSystem system = _systems.Start("good");
        Mail told = new();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Keeper(told))), typeof(Warning));
        using TcpClient client = new(AddressOf(system).Host!, AddressOf(system).Port!.Value);
        await using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = Certificates.Name,
                ClientCertificates = [_systems.Certificates.Load(certificate)],
            }, patience.Token);
            Assert.Equal(0, await stream.ReadAsync(new byte[1], patience.Token));
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            // So it hears of it.
        }
        Assert.Contains(why, told.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_dialled_and_has_a_certificate_that_cannot_be_compared_is_refused_and_the_error_says_why()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ActorSystem system = _systems.Start("good");
        Mail failed = new();
        system.EventStream.Subscribe(
            system.ActorOf(Props.Create(() => new Keeper(failed))), typeof(AssociationErrorEvent));
        system.ActorSelection($"akka.ssl.tcp://Pair@{listener.LocalEndpoint}/user/a").Tell("let me in");
        using TcpClient client = listener.AcceptTcpClient();
        using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        Task answered = stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _systems.Certificates.Load("malformed-names"),
        });
        Assert.Contains("its certificate cannot be judged", failed.Take<AssociationErrorEvent>().Cause.Message,
            StringComparison.Ordinal);
        client.Close();
        _ = answered.ContinueWith(task => task.Exception, TaskScheduler.Default);
    }
}
