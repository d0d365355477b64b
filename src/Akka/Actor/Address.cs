using System.Globalization;
using System.Net;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// Where an actor system can be reached: <c>akka.tcp://system@host:port</c>, or <c>akka://system</c> for a system as
/// it sees itself. Host names compare without regard to case and are stored in lower case; IPv6 addresses in brackets and
/// their shortest form, as they stand in text and on the wire.
/// </summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ISurrogated
{
    /// <summary>Stands for every system; a subscription to it hears about all of them.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private readonly int _hash;
    private string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(system);
        Protocol = protocol;
        System = system;
        Host = host is null ? null : HostOf(host);
        Port = port;
        _hash = StableHash.Of(protocol, system, Host, port ?? -1);
    }

    public string Protocol { get; }

    public string System { get; }

    public string? Host { get; }

    public int? Port { get; }

    /// <summary>True for an address without a host: it means nothing on another machine.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    public string HostPort()
    {
        string text = ToString();
        return text[(Protocol.Length + 3)..];
    }

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public override string ToString() => _text ??= Format();

    public bool Equals(Address? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && _hash == other._hash && Port == other.Port
            && string.Equals(Host, other.Host, StringComparison.Ordinal)
            && string.Equals(System, other.System, StringComparison.Ordinal)
            && string.Equals(Protocol, other.Protocol, StringComparison.Ordinal);
    }

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => _hash;

    public int CompareTo(Address? other)
    {
        if (ReferenceEquals(this, other)) return 0;
        if (other is null) return 1;
        int order = string.CompareOrdinal(Protocol, other.Protocol);
        if (order == 0) order = string.CompareOrdinal(System, other.System);
        if (order == 0) order = string.CompareOrdinal(Host ?? "", other.Host ?? "");
        return order != 0 ? order : (Port ?? 0).CompareTo(other.Port ?? 0);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Address);

    public static bool operator ==(Address? left, Address? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(Address? left, Address? right) => !(left == right);

    /// <exception cref="UriFormatException">The text is not <c>protocol://system</c> or
    /// <c>protocol://system@host:port</c>.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out Address? parsed)
            ? parsed!
            : throw new UriFormatException(
                $"'{address}' is not an address; write protocol://system or protocol://system@host:port.");

    public static bool TryParse(string text, out Address? address) =>
        TryParse(text.AsSpan(), out address, out _);

    /// <summary>Reads the address at the head of a path; <paramref name="path"/> gets the part from the first
    /// slash.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out Address? address, out ReadOnlySpan<char> path)
    {
        address = null;
        path = default;
        int scheme = text.IndexOf("://");
        if (scheme <= 0 || !char.IsAsciiLetter(text[0])) return false;
        string protocol = text[..scheme].ToString();
        ReadOnlySpan<char> rest = text[(scheme + 3)..];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        path = slash < 0 ? default : rest[slash..];
        if (authority.IsEmpty) return false;
        int at = authority.IndexOf('@');
        if (at < 0)
        {
            if (authority.Contains(':')) return false;
            address = new Address(protocol, authority.ToString());
            return true;
        }
        if (at == 0) return false;
        ReadOnlySpan<char> hostPort = authority[(at + 1)..];
        int colon = hostPort.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(hostPort[(colon + 1)..], NumberStyles.None, null, out int port)) return false;
        if (port > ushort.MaxValue) return false;
        address = new Address(protocol, authority[..at].ToString(), hostPort[..colon].ToString(), port);
        return true;
    }

    private string Format()
    {
        if (Host is null) return $"{Protocol}://{System}";
        return Port is int port
            ? string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{port}")
            : $"{Protocol}://{System}@{Host}";
    }

    // Whoever dials or binds takes the brackets, too: .NET reads an address with them.
    private static string HostOf(string host)
    {
        if (!host.Contains(':')) return host.ToLowerInvariant();
        string bare = host is ['[', .., ']'] ? host[1..^1] : host;
        bool isPlain = IPAddress.TryParse(bare, out IPAddress? address) && !bare.Contains('%');
        return isPlain ? $"[{address}]" : $"[{bare.ToLowerInvariant()}]";
    }

    public ISurrogate ToSurrogate(ActorSystem system) => new AddressSurrogate
    {
        Protocol = Protocol, System = System, Host = Host, Port = Port,
    };

    /// <summary>The form in which an address travels inside serialized objects.</summary>
    public sealed class AddressSurrogate : ISurrogate
    {
        public string Protocol { get; set; } = "";

        public string System { get; set; } = "";

        public string? Host { get; set; }

        public int? Port { get; set; }

        public ISurrogated FromSurrogate(ActorSystem system) => new Address(Protocol, System, Host, Port);
    }
}
