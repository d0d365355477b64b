using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Certificates are asked for and checked in both directions.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TlsSystems _systems = new();

    public void Dispose() => _systems.Dispose();

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
    public async Task A_certificate_can_come_from_a_store_of_the_machine()
    {
        using X509Certificate2 certificate = _systems.Certificates.Load("good", X509KeyStorageFlags.PersistKeySet);
        // One name for all runs: a store's folder stays in the user's profile.
        using X509Store store = new("iridium-tests", StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            ActorSystem there = Start("good");
            there.ActorOf(Props.Create<Echo>(), "echo");
            string spaced = string.Join(" ", certificate.Thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
            ActorSystem here = _systems.StartWith(_systems.Certificates.HoconOfStore(spaced, store.Name!));
            Assert.Equal("hi", await here.ActorSelection(AddressOf(there) + "/user/echo").Ask<string>("hi", Patience));

            string none = new('0', 40);
            Exception error = Assert.ThrowsAny<Exception>(
                () => _systems.StartWith(_systems.Certificates.HoconOfStore(none, store.Name!)));
            Assert.Contains($"There is no certificate {none} in the store {store.Name}", error.ToString(),
                StringComparison.Ordinal);
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [Theory]
    [InlineData("use-thumbprint-over-file = true", "use-thumbprint-over-file is on, but thumbprint names no certificate")]
    [InlineData("use-thumbprint-over-file = true, thumbprint = ab, store-location = here", "neither current-user nor local-machine")]
    [InlineData("path = a.p12, flags = [strong]", "flags names 'strong'")]
    [InlineData("password = x", "path names no certificate")]
    public void A_certificate_that_is_named_wrongly_is_refused_by_name(string certificate, string expected)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _systems.StartWith(
            $$"""
            enable-ssl = true
            ssl.certificate { {{certificate}} }
            """));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_on_certificates_need_not_agree_if_told_so()
    {
        const string any = "ssl.validate-certificate-hostname = false";
        ActorSystem here = _systems.Start("other-name", any);
        ActorSystem there = _systems.Start("good", any);
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hi", await here.ActorSelection(AddressOf(there) + "/user/echo").Ask<string>("hi", Patience));
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

    private ActorSystem Start(string certificate) => _systems.Start(certificate);
}
