using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Akka.Engine;

namespace Akka.Remote.Transport.Tls;

/// <summary>
/// Puts TLS around another network's connections, before the first byte of anybody. The dialler is the TLS client. Both
/// sides show a certificate and check the other's, unless settings say otherwise.
/// </summary>
internal sealed class TlsNetwork : INetwork
{
    // Extended key usages (RFC 5280, 4.2.1.12). A certificate that names none may be used for all.
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly INetwork _inner;
    private readonly IExecutor _executor;
    private readonly TlsSettings _settings;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _trusted = [];

    // All nodes of a cluster share one name on their certificates, so the name that is asked for is this node's own.
    private readonly string _name;

    /// <exception cref="ConfigurationException">A certificate cannot be read, or none can be compared with this side's.
    /// </exception>
    public TlsNetwork(INetwork inner, IExecutor executor, TlsSettings settings)
    {
        _inner = inner;
        _executor = executor;
        _settings = settings;
        try
        {
            _certificate = settings.Certificate.Load();
            string trusted = settings.TrustedCertificatesFile;
            if (trusted.Length > 0) _trusted.ImportFromPemFile(trusted);
        }
        catch (Exception error)
            when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(
                "Cannot read the certificates of akka.remote.dot-netty.tcp.ssl "
                + $"({settings.Certificate}): {error.Message}",
                error);
        }
        _name = _certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
        if (settings is { ChecksName: true, SuppressValidation: false }) RequireComparableName();
    }

    public bool ReachesOthers(string host) => _inner.ReachesOthers(host);

    public IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept) =>
        _inner.Listen(host, port, raw =>
        {
            TlsConnection connection = new(_executor, AuthenticateAsServer) { Raw = raw };
            IConnectionHandler? handler = accept(connection);
            if (handler is null) return null;
            connection.Handler = handler;
            return connection;
        });

    public IConnection Connect(string host, int port, IConnectionHandler handler)
    {
        TlsConnection connection = new(_executor, AuthenticateAsClient) { Handler = handler };
        connection.Raw = _inner.Connect(host, port, connection);
        return connection;
    }

    private Task AuthenticateAsServer(SslStream stream) =>
        stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = _settings.Mutual,
        RemoteCertificateValidationCallback = (_, theirs, _, _) => !_settings.Mutual || IsTrusted(theirs, ClientUsage),
    });

    private Task AuthenticateAsClient(SslStream stream) =>
        stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
    {
        TargetHost = _name,
        ClientCertificates = [_certificate],
        RemoteCertificateValidationCallback = (_, theirs, _, _) => IsTrusted(theirs, ServerUsage),
    });

    // What no host could be called, such as My Node 1, no certificate is ever found to bear.
    private void RequireComparableName()
    {
        try
        {
            _certificate.MatchesHostname(_name);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(
                $"The name '{_name}' on the certificate of akka.remote.dot-netty.tcp.ssl ({_settings.Certificate}) cannot be "
                + "compared with those of other nodes: it is no name of a host. Give the nodes certificates with one DNS name, "
                + $"or set akka.remote.dot-netty.tcp.ssl.validate-certificate-hostname = off. {error.Message}",
                error);
        }
    }

    // .NET throws at names that it cannot read, too.
    private bool IsTrusted(X509Certificate? theirs, string usage)
    {
        try
        {
            return _settings.SuppressValidation || IsGood(theirs, usage);
        }
        catch (Exception error)
        {
            throw new AuthenticationException($"its certificate cannot be judged: {error.Message}", error);
        }
    }

    private bool IsGood(X509Certificate? theirs, string usage)
    {
        if (theirs is not X509Certificate2 certificate) return false;
        if (_settings.ChecksName && !certificate.MatchesHostname(_name)) return false;
        using X509Chain chain = new();
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (_trusted.Count > 0)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        }
        return chain.Build(certificate);
    }
}
