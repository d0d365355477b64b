using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Tests.Inside;

/// <summary>A folder with an authority that systems trust, a good certificate of it and several that are not.</summary>
internal sealed class Certificates : IDisposable
{
    /// <summary>The one that all good certificates bear.</summary>
    public const string Name = "iridium.test";

    private const string Password = "secret";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-tls-");

    public Certificates()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow, yesterday = now.AddDays(-1), tomorrow = now.AddDays(1);
        using X509Certificate2 good = Authority("good"), bad = Authority("bad");
        File.WriteAllText(PathOf("ca.pem"), good.ExportCertificatePem());
        Add("good", Name, good, yesterday, tomorrow);
        Add("stranger", Name, bad, yesterday, tomorrow);
        Add("expired", Name, good, yesterday, now.AddMinutes(-1));
        Add("early", Name, good, now.AddHours(1), tomorrow);
        Add("self-signed", Name, null, yesterday, tomorrow);
        Add("other-name", "other.test", good, yesterday, tomorrow);
        Add("server-only", Name, good, yesterday, tomorrow, ForServers);
        Add("client-only", Name, good, yesterday, tomorrow, ForClients);
        AddNamed("blank-name", "CN=My Node 1", null, good);
        AddNamed("no-name", "O=Nobody", null, good);
        // A sequence that says it is longer than it is.
        AddNamed("malformed-names", $"CN={Name}", new X509Extension("2.5.29.17", [0x30, 0x7F, 0x82, 1], false), good);
    }

    public X509Certificate2 Load(
        string certificate, X509KeyStorageFlags flags = X509KeyStorageFlags.DefaultKeySet) =>
        X509CertificateLoader.LoadPkcs12FromFile(PathOf(certificate + ".p12"), Password, flags);

    /// <summary>As <see cref="Hocon"/>, but the certificate is looked for in a store of the machine.</summary>
    public string HoconOfStore(string thumbprint, string store) => $$"""
        enable-ssl = true
        ssl {
          trusted-certificates = "{{PathOf("ca.pem")}}"
          certificate { use-thumbprint-over-file = true, thumbprint = "{{thumbprint}}", store-name = "{{store}}" }
        }
        """;

    /// <summary>What a system is told that shows <paramref name="certificate"/> and trusts the authority: keys of
    /// <c>akka.remote.dot-netty.tcp</c>.</summary>
    public string Hocon(string certificate) => $$"""
        enable-ssl = true
        ssl {
          trusted-certificates = "{{PathOf("ca.pem")}}"
          certificate { path = "{{PathOf(certificate + ".p12")}}", password = "{{Password}}" }
        }
        """;

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private static X509Certificate2 Authority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    private void AddNamed(string file, string subject, X509Extension? names, X509Certificate2 authority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        if (names is not null) request.CertificateExtensions.Add(names);
        Save(file, request, key, authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void Add(
        string file, string name, X509Certificate2? authority, DateTimeOffset from, DateTimeOffset until,
        string? usage = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        Save(file, request, key, authority, from, until);
    }

    private void Save(
        string file, CertificateRequest request, ECDsa key, X509Certificate2? authority, DateTimeOffset from,
        DateTimeOffset until)
    {
        using X509Certificate2 certificate = authority is null
            ? request.CreateSelfSigned(from, until)
            : request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        File.WriteAllBytes(PathOf(file + ".p12"), certificate.Export(X509ContentType.Pkcs12, Password));
    }
}
