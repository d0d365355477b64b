using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Certificates are asked for and checked in both directions.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-tls-");
    private readonly X509Certificate2 _authority;
    private readonly List<ActorSystem> _systems = [];

    public TlsTests()
    {
        _authority = Authority("good");
        File.WriteAllText(File_("ca.pem"), _authority.ExportCertificatePem());
        Export("good.p12", Leaf(_authority, DateTimeOffset.UtcNow.AddDays(1)));
        Export("expired.p12", Leaf(_authority, DateTimeOffset.UtcNow.AddMinutes(-1)));
        Export("stranger.p12", Leaf(Authority("bad"), DateTimeOffset.UtcNow.AddDays(1)));
    }

    public void Dispose()
    {
        Task.WaitAll([.. _systems.Select(system => system.Terminate())], Patience);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Two_systems_with_certificates_of_one_authority_talk()
    {
        ActorSystem here = Start("good.p12"), there = Start("good.p12");
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("akka.ssl.tcp", AddressOf(there).Protocol);
        byte[] large = new byte[100_000];
        RandomNumberGenerator.Fill(large);
        ActorSelection echo = here.ActorSelection(AddressOf(there) + "/user/echo");
        Assert.Equal(large, await echo.Ask<byte[]>(large, Patience));
    }

    [Theory]
    [InlineData("stranger.p12", "good.p12")]
    [InlineData("expired.p12", "good.p12")]
    [InlineData("good.p12", "stranger.p12")]
    [InlineData("good.p12", "expired.p12")]
    public async Task Who_has_no_good_certificate_is_not_talked_to_whoever_dials(string diallers, string listeners)
    {
        ActorSystem here = Start(diallers), there = Start(listeners);
        there.ActorOf(Props.Create<Echo>(), "echo");
        ActorSelection echo = here.ActorSelection(AddressOf(there) + "/user/echo");
        await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<string>("let me in", _short));
    }

    [Fact]
    public async Task A_system_without_tls_is_not_talked_to()
    {
        ActorSystem secure = Start("good.p12");
        secure.ActorOf(Props.Create<Echo>(), "echo");
        using RawPeer plain = new(AddressOf(secure).WithProtocol("akka.tcp"));
        plain.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.True(plain.IsClosedByPeer());
        ActorSystem friend = Start("good.p12");
        Assert.Equal("hi", await friend.ActorSelection(AddressOf(secure) + "/user/echo").Ask<string>("hi", Patience));
    }

    private ActorSystem Start(string certificate)
    {
        ActorSystem system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp {
                hostname = "127.0.0.1"
                port = 0
                enable-ssl = true
                ssl {
                  trusted-certificates = "{{File_("ca.pem")}}"
                  certificate { path = "{{File_(certificate)}}", password = "secret" }
                }
              }
            }
            """));
        _systems.Add(system);
        return system;
    }

    private string File_(string name) => Path.Combine(_folder.FullName, name);

    private void Export(string file, X509Certificate2 certificate) =>
        File.WriteAllBytes(File_(file), certificate.Export(X509ContentType.Pkcs12, "secret"));

    private static X509Certificate2 Authority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Leaf(X509Certificate2 authority, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=iridium.test", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("iridium.test");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate =
            request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), until, [1, 2, 3, 4]);
        return certificate.CopyWithPrivateKey(key);
    }
}
