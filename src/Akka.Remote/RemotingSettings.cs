using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Association;
using Akka.Remote.Endpoints;
using Akka.Remote.Probing;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>Everything remoting is told by configuration, read once and checked.</summary>
internal sealed record RemotingSettings
{
    /// <summary>A frame must hold at least this, so that the engine's own messages always fit.</summary>
    public const int SmallestMaximumFrame = 32_000;

    private const int DefaultFragment = 2048;

    // Less than a tenth of a part is what it says of itself.
    private const int SmallestFragment = 256;

    // Nobody should be reachable from elsewhere without having asked for it.
    private const string Loopback = "127.0.0.1";

    private const string Transport = "akka.remote.dot-netty.tcp";

    private RemotingSettings(Config remote, Config tcp)
    {
        CheckTransports(remote);
        BindHost = Text(tcp, "hostname", "") is { Length: > 0 } host ? host : Loopback;
        BindPort = tcp.GetInt("port", 2552);
        PublicHost = Text(tcp, "public-hostname", "");
        PublicPort = tcp.GetInt("public-port", 0);
        Frames = new FrameFormat(ByteOrder(tcp), FrameBytes(tcp));
        Tls = tcp.GetBoolean("enable-ssl", false) ? TlsSettings.Read(Section(tcp, "ssl")) : null;
        Adapters = AdapterNames(tcp);
        Config transportDetector = Section(remote, "transport-failure-detector");
        DetectorLimits.Check(transportDetector, "akka.remote.transport-failure-detector");
        DetectorLimits.AboveZero(remote, "akka.remote", "resend-interval");
        TimeSpan heartbeat = transportDetector.GetTimeSpan("heartbeat-interval", TimeSpan.FromSeconds(4));
        TimeSpan pause = transportDetector.GetTimeSpan("acceptable-heartbeat-pause", TimeSpan.FromSeconds(120));
        Association = new AssociationSettings(
            tcp.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15)), heartbeat, heartbeat + pause)
        {
            Secret = ClusterSecret.Read(remote),
            SecretRequired = remote.GetBoolean("secret-required", true),
        };
        Insecure = remote.GetBoolean("insecure", false);
        Endpoints = new EndpointSettings(
            FirstGate(remote),
            remote.GetTimeSpan("retry-gate-closed-for", TimeSpan.FromSeconds(5)),
            remote.GetTimeSpan("prune-quarantine-marker-after", TimeSpan.FromDays(5)))
        {
            Dials = Limit(remote, "limits.dials", 1024),
        };
        SystemMessageBuffer = remote.GetInt("system-message-buffer-size", 20_000);
        ResendLimit = remote.GetInt("resend-limit", 200);
        ResendInterval = remote.GetTimeSpan("resend-interval", TimeSpan.FromSeconds(2));
        InitialDeliveryTimeout = remote.GetTimeSpan("initial-system-message-delivery-timeout", TimeSpan.FromMinutes(3));
        SilenceBeforeQuarantine = remote.GetTimeSpan("quarantine-after-silence", TimeSpan.FromDays(2));
        ShutdownTimeout = remote.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(10));
        FlushWait = remote.GetTimeSpan("flush-wait-on-shutdown", TimeSpan.FromSeconds(2));
        OutboundMessages = remote.GetInt("outbound-queue-messages", 20_000);
        OutboundBytes = remote.GetByteSize("outbound-queue-bytes", 128 << 20) ?? 128 << 20;
        // Adapters judge frames by the peer they are of, and who only asks does not say who it is.
        Probes = Adapters.Count > 0 ? null : ReadProbes(Section(remote, "probe-connections"));
        // They lose and delay whole messages; of one in parts a part would be missing.
        FragmentBytes = Adapters.Count > 0 ? 0 : ReadFragmentBytes(remote);
        Limits = new ConnectionLimits(
            Limit(remote, "limits.connections", 4096), Limit(remote, "limits.handshakes", 1024),
            Limit(remote, "limits.handshakes-per-address", 256));
        UntrustedMode = remote.GetBoolean("untrusted-mode", false);
        TrustedSelectionPaths = new HashSet<string>(
            remote.GetStringList("trusted-selection-paths", []), StringComparer.Ordinal);
        LookBeforeSleep = remote.GetTimeSpan("look-before-sleep", TimeSpan.FromMicroseconds(100));
        WireLogFile = Text(remote, "wire-log", "");
        LifecycleLevel = LevelOfLifecycle(Text(remote, "log-remote-lifecycle-events", "on"));
        LogsReceived = remote.GetBoolean("log-received-messages", false);
        LogsSent = remote.GetBoolean("log-sent-messages", false);
        double shortest = Math.Min(heartbeat.TotalMilliseconds, ResendInterval.TotalMilliseconds);
        shortest = Math.Min(shortest, Association.HandshakeTimeout.TotalMilliseconds);
        Tick = TimeSpan.FromMilliseconds(Math.Clamp(shortest / 4, 20, 500));
    }

    /// <summary>Where to listen.</summary>
    public string BindHost { get; }

    public int BindPort { get; }

    public string PublicHost { get; }

    public int PublicPort { get; }

    public FrameFormat Frames { get; }

    /// <summary>Null for plain TCP.</summary>
    public TlsSettings? Tls { get; }

    /// <summary>The bare protocol of handshakes; addresses have <c>akka.</c> before it.</summary>
    public string Protocol => string.Concat(Adapters.Select(name => name + ".")) + (Tls is null ? "tcp" : "ssl.tcp");

    /// <summary>Names of the adapters around the network, the outermost first.</summary>
    public IReadOnlyList<string> Adapters { get; }

    /// <summary>What this side can do beyond Akka.NET's protocol, by configuration. Nothing: then the greeting is
    /// Akka.NET's byte for byte.</summary>
    public Offers Offers => (Association.Secret is null ? Offers.None : Offers.ClusterSecret)
        | (Probes is null ? Offers.None : Offers.ProbeConnection)
        | (FragmentBytes == 0 ? Offers.None : Offers.Fragments);

    /// <summary>How silent peers are asked over connections of their own; null: they are not, nor is any
    /// answered.</summary>
    public ProbeSettings? Probes { get; }

    /// <summary>A message longer than two of these goes in parts of so many bytes to who takes them; 0: none does, nor are
    /// any taken.</summary>
    public int FragmentBytes { get; }

    /// <summary>Listens to others even though nothing keeps strangers out.</summary>
    public bool Insecure { get; }

    /// <summary>Strangers are kept out: everybody must prove the secret, or show a certificate that is
    /// checked.</summary>
    public bool IsClosed =>
        Association is { Secret: not null, SecretRequired: true } || Tls is { Mutual: true, SuppressValidation: false };

    public AssociationSettings Association { get; }

    public EndpointSettings Endpoints { get; }

    public int SystemMessageBuffer { get; }

    public int ResendLimit { get; }

    public TimeSpan ResendInterval { get; }

    public TimeSpan InitialDeliveryTimeout { get; }

    public TimeSpan SilenceBeforeQuarantine { get; }

    /// <summary>How long the end of remoting takes at most, come what may.</summary>
    public TimeSpan ShutdownTimeout { get; }

    public TimeSpan FlushWait { get; }

    public int OutboundMessages { get; }

    public long OutboundBytes { get; }

    public ConnectionLimits Limits { get; }

    public bool UntrustedMode { get; }

    public IReadOnlySet<string> TrustedSelectionPaths { get; }

    /// <summary>For how long whoever waits for news looks for it before it sleeps.</summary>
    public TimeSpan LookBeforeSleep { get; }

    public string WireLogFile { get; }

    /// <summary>What is published of connections is logged, too, from this level on.</summary>
    public LogLevel LifecycleLevel { get; }

    /// <summary>Each message that comes is logged at debug level.</summary>
    public bool LogsReceived { get; }

    /// <summary>Each message that goes out is logged at debug level.</summary>
    public bool LogsSent { get; }

    /// <summary>How often conversations are looked at: a quarter of the shortest of their times.</summary>
    public TimeSpan Tick { get; }

    /// <exception cref="ConfigurationException">A value out of its range; the message names the key.</exception>
    public static RemotingSettings Read(Config config)
    {
        Config remote = Section(config, "akka.remote");
        return new RemotingSettings(remote, Section(remote, "dot-netty.tcp"));
    }

    /// <summary>As others call the system of this name, if no other port than the configured one is bound.</summary>
    public Address AddressOf(string systemName) => new(
        "akka." + Protocol, systemName, PublicHost.Length > 0 ? PublicHost : BindHost, PublicPort > 0 ? PublicPort : BindPort);

    private static LogLevel LevelOfLifecycle(string word) => word.ToUpperInvariant() switch
    {
        "ON" or "TRUE" or "YES" or "DEBUG" => LogLevel.DebugLevel,
        "OFF" or "FALSE" or "NO" => Logging.OffLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" or "WARN" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        _ => throw new ConfigurationException(
            $"akka.remote.log-remote-lifecycle-events is '{word}', but must be on, off, DEBUG, INFO, WARNING or ERROR."),
    };

    private static Config Section(Config config, string path) => config.GetConfig(path) ?? Config.Empty;

    private static void CheckTransports(Config remote)
    {
        IList<string> named = remote.GetStringList("enabled-transports", [Transport]);
        if (named.Count == 1 && named[0] == Transport) return;
        throw new ConfigurationException(
            $"akka.remote.enabled-transports is [{string.Join(", ", named)}], but this engine has one transport, {Transport}; "
            + "TLS is its enable-ssl.");
    }

    private static ProbeSettings? ReadProbes(Config probes)
    {
        if (!probes.GetBoolean("enabled", true)) return null;
        ProbeSettings usual = ProbeSettings.Default;
        long interval = Milliseconds("interval", usual.Interval);
        long stall = Milliseconds("stall", usual.Stall);
        long deadline = Milliseconds("deadline", usual.Deadline);
        int unanswered = probes.GetInt("unanswered", usual.Unanswered);
        if (interval < 1 || stall <= interval)
        {
            throw new ConfigurationException(
                $"akka.remote.probe-connections.stall must be longer than interval, but is {stall} ms to {interval} ms.");
        }
        if (unanswered < 1)
            throw new ConfigurationException($"akka.remote.probe-connections.unanswered is {unanswered}, not 1 or more.");
        return new ProbeSettings(interval, stall, deadline, unanswered);

        long Milliseconds(string key, long fallback) =>
            (long)probes.GetTimeSpan(key, TimeSpan.FromMilliseconds(fallback)).TotalMilliseconds;
    }

    private static int ReadFragmentBytes(Config remote)
    {
        long bytes = remote.GetByteSize("fragment-size", DefaultFragment) ?? DefaultFragment;
        if (bytes is 0 or >= SmallestFragment and <= SmallestMaximumFrame / 2) return (int)bytes;
        throw new ConfigurationException(
            $"akka.remote.fragment-size must be from {SmallestFragment} to {SmallestMaximumFrame / 2} bytes, or 0 for none, "
            + $"but is {bytes}.");
    }

    private static int FrameBytes(Config tcp)
    {
        long bytes = tcp.GetByteSize("maximum-frame-size", FrameFormat.DefaultMaximumBytes)
            ?? FrameFormat.DefaultMaximumBytes;
        if (bytes is >= SmallestMaximumFrame and <= int.MaxValue) return (int)bytes;
        throw new ConfigurationException(
            $"akka.remote.dot-netty.tcp.maximum-frame-size must be from {SmallestMaximumFrame} to "
            + $"{int.MaxValue} bytes, but is {bytes}.");
    }

    private static string[] AdapterNames(Config tcp)
    {
        const string throttler = ThrottleTransportAdapter.Scheme;
        const string gremlin = FailureInjectorTransportAdapter.FailureInjectorSchemeIdentifier;
        string[] names = [.. tcp.GetStringList("applied-adapters", [])];
        string? unknown = names.FirstOrDefault(name => name is not (throttler or gremlin));
        if (unknown is null) return names;
        throw new ConfigurationException(
            $"akka.remote.dot-netty.tcp.applied-adapters names '{unknown}', which is neither {throttler} nor {gremlin}.");
    }

    private static TimeSpan FirstGate(Config remote)
    {
        TimeSpan first = remote.GetTimeSpan("retry-gate-first-closed-for", TimeSpan.FromMilliseconds(100));
        if (first >= TimeSpan.FromMilliseconds(1)) return first;
        throw new ConfigurationException(
            $"akka.remote.retry-gate-first-closed-for must be at least 1 ms, but is {first.TotalMilliseconds} ms: "
            + "without a gate an absent peer is dialled without a pause.");
    }

    private static int Limit(Config remote, string key, int fallback)
    {
        int limit = remote.GetInt(key, fallback);
        if (limit > 0) return limit;
        throw new ConfigurationException($"akka.remote.{key} must be at least 1, but is {limit}.");
    }

    private static bool ByteOrder(Config tcp)
    {
        string order = Text(tcp, "byte-order", "little-endian");
        return order switch
        {
            "little-endian" => false,
            "big-endian" => true,
            _ => throw new ConfigurationException(
                $"akka.remote.dot-netty.tcp.byte-order must be little-endian or big-endian, but is '{order}'."),
        };
    }

    private static string Text(Config config, string path, string fallback) =>
        config.GetString(path, fallback) ?? fallback;
}
