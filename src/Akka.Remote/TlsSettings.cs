using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary>What TLS needs: this side's certificate, and how strictly to look at the other's.</summary>
/// <param name="SuppressValidation">The other's may be any.</param>
/// <param name="Mutual">The acceptor asks for one, too.</param>
/// <param name="ChecksName">The other's must bear the name of this side's.</param>
internal sealed record TlsSettings(
    CertificateSource Certificate, string TrustedCertificatesFile, bool SuppressValidation, bool Mutual, bool ChecksName)
{
    /// <param name="ssl">The section <c>akka.remote.dot-netty.tcp.ssl</c>.</param>
    /// <exception cref="ConfigurationException">No certificate is named; the message says how.</exception>
    public static TlsSettings Read(Config ssl) => new(
        ReadCertificate(ssl.GetConfig("certificate") ?? Config.Empty),
        ssl.GetString("trusted-certificates", "") ?? "",
        ssl.GetBoolean("suppress-validation", false),
        ssl.GetBoolean("require-mutual-authentication", true),
        ssl.GetBoolean("validate-certificate-hostname", true));

    private static CertificateSource ReadCertificate(Config certificate)
    {
        const string section = "akka.remote.dot-netty.tcp.ssl.certificate";
        // The second of each pair is how older Akka.NET configurations spell it.
        bool isInStore = certificate.GetBoolean("use-thumbprint-over-file", false)
            || certificate.GetBoolean("use-thumprint-over-file", false);
        if (!isInStore)
        {
            if (certificate.GetString("path") is { Length: > 0 } path)
            {
                return new CertificateSource.InFile(
                    path, certificate.GetString("password") ?? "", Flags(certificate.GetStringList("flags", [])));
            }
            throw new ConfigurationException(
                $"akka.remote.dot-netty.tcp.enable-ssl is on, but {section}.path names no certificate, and "
                + "use-thumbprint-over-file is off.");
        }
        string? thumbprint = certificate.GetString("thumbprint") is { Length: > 0 } text
            ? text
            : certificate.GetString("thumpbrint");
        if (string.IsNullOrWhiteSpace(thumbprint))
            throw new ConfigurationException($"{section}.use-thumbprint-over-file is on, but thumbprint names no certificate.");
        string location = certificate.GetString("store-location") ?? "";
        return new CertificateSource.InStore(
            thumbprint,
            certificate.GetString("store-name") is { Length: > 0 } store ? store : "My",
            location switch
            {
                "" or "current-user" => StoreLocation.CurrentUser,
                "local-machine" => StoreLocation.LocalMachine,
                _ => throw new ConfigurationException(
                    $"{section}.store-location is '{location}', which is neither current-user nor local-machine."),
            });
    }

    private static X509KeyStorageFlags Flags(IEnumerable<string> names) => names.Aggregate(
        X509KeyStorageFlags.DefaultKeySet, (flags, name) => flags | name switch
        {
            "default-key-set" => X509KeyStorageFlags.DefaultKeySet,
            "exportable" => X509KeyStorageFlags.Exportable,
            "machine-key-set" => X509KeyStorageFlags.MachineKeySet,
            "persist-key-set" => X509KeyStorageFlags.PersistKeySet,
            "user-key-set" => X509KeyStorageFlags.UserKeySet,
            "user-protected" => X509KeyStorageFlags.UserProtected,
            _ => throw new ConfigurationException(
                $"akka.remote.dot-netty.tcp.ssl.certificate.flags names '{name}', which is none of default-key-set, exportable, "
                + "machine-key-set, persist-key-set, user-key-set and user-protected."),
        });
}

/// <summary>Where a certificate and its key are.</summary>
internal abstract record CertificateSource
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be read.</exception>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public abstract X509Certificate2 Load();

    /// <summary>A PKCS #12 file.</summary>
    public sealed record InFile(string Path, string Password, X509KeyStorageFlags Flags) : CertificateSource
    {
        public override X509Certificate2 Load() => X509CertificateLoader.LoadPkcs12FromFile(Path, Password, Flags);

        public override string ToString() => Path;
    }

    /// <summary>In a store of the operating system.</summary>
    /// <param name="Thumbprint">SHA-1 of it, in hexadecimal; spaces and colons do not count.</param>
    public sealed record InStore(string Thumbprint, string Store, StoreLocation Location) : CertificateSource
    {
        public override X509Certificate2 Load()
        {
            string wanted = string.Concat(Thumbprint.Where(char.IsAsciiHexDigit));
            using X509Store store = new(Store, Location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            X509Certificate2 found = store.Certificates.Find(X509FindType.FindByThumbprint, wanted, validOnly: false)
                .FirstOrDefault() ?? throw new ConfigurationException($"There is no certificate {this}.");
            return found.HasPrivateKey
                ? found
                : throw new ConfigurationException($"The certificate {this} comes without its private key.");
        }

        public override string ToString() => $"{Thumbprint} in the store {Store} of {Location}";
    }
}
