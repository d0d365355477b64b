using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Iridium.Benchmarks;

/// <summary>A certificate for the two processes of <see cref="RemoteBenchmark"/>. It is shown and not judged: what is
/// measured is what TLS costs each message, and that begins after the handshake.</summary>
internal sealed class TlsFolder : IDisposable
{
    private const string Password = "secret";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-tls-");

    public TlsFolder()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=iridium.test", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(PathOfCertificate, certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public string Hocon => $$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = true
          ssl {
            suppress-validation = true
            certificate { path = "{{PathOfCertificate}}", password = "{{Password}}" }
          }
        }
        """;

    private string PathOfCertificate => Path.Combine(_folder.FullName, "node.p12");

    public void Dispose() => _folder.Delete(recursive: true);
}
