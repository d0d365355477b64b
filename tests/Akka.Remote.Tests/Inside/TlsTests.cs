using System.Security.Cryptography;
using Akka.Actor;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Certificates are asked for and checked in both directions.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();
    private readonly List<ActorSystem> _systems = [];

    public void Dispose()
    {
        Task.WaitAll([.. _systems.Select(system => system.Terminate())], Patience);
        _certificates.Dispose();
    }

    [Fact]
    public async Task Two_systems_with_certificates_of_one_authority_talk()
    {
        ActorSystem here = Start("good"), there = Start("good");
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("akka.ssl.tcp", AddressOf(there).Protocol);
        byte[] large = new byte[100_000];
        RandomNumberGenerator.Fill(large);
        ActorSelection echo = here.ActorSelection(AddressOf(there) + "/user/echo");
        Assert.Equal(large, await echo.Ask<byte[]>(large, Patience));
    }

    [Theory]
    [InlineData("stranger", "good")]
    [InlineData("expired", "good")]
    [InlineData("self-signed", "good")]
    [InlineData("other-name", "good")]
    [InlineData("good", "stranger")]
    [InlineData("good", "expired")]
    [InlineData("good", "self-signed")]
    [InlineData("good", "other-name")]
    public void Who_has_no_good_certificate_is_not_talked_to_whoever_dials(string diallers, string listeners)
    {
        ActorSystem here = Start(diallers), there = Start(listeners);
        Mail received = new(), failed = new();
        there.ActorOf(Props.Create(() => new Keeper(received)), "keeper");
        here.EventStream.Subscribe(
            here.ActorOf(Props.Create(() => new Keeper(failed))), typeof(AssociationErrorEvent));
        here.ActorSelection(AddressOf(there) + "/user/keeper").Tell("let me in");
        Assert.Equal(AddressOf(there), failed.Take<AssociationErrorEvent>().RemoteAddress);
        Assert.True(received.IsEmpty);
    }

    [Fact]
    public async Task A_system_without_tls_is_not_talked_to()
    {
        ActorSystem secure = Start("good");
        secure.ActorOf(Props.Create<Echo>(), "echo");
        using RawPeer plain = new(AddressOf(secure).WithProtocol("akka.tcp"));
        plain.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.True(plain.IsClosedByPeer());
        ActorSystem friend = Start("good");
        Assert.Equal("hi", await friend.ActorSelection(AddressOf(secure) + "/user/echo").Ask<string>("hi", Patience));
    }

    private ActorSystem Start(string certificate) => _certificates.Start(certificate, _systems);
}
