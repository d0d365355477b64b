using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Remote;

namespace Akka.Cluster.SBR;

/// <summary>
/// The built-in split-brain resolver. Its rules run inside the membership actor itself, with the same state and in the
/// same step as everything else that decides about members; so it names no actor of its own.
/// </summary>
public sealed class SplitBrainResolverProvider : IDowningProvider
{
    private readonly Cluster _cluster;
    private readonly SplitBrainResolverSettings _settings;

    /// <exception cref="ConfigurationException">The settings name a strategy or a lease that there is not.</exception>
    public SplitBrainResolverProvider(ActorSystem system, Cluster cluster)
    {
        _cluster = cluster;
        _settings = new SplitBrainResolverSettings(system.Settings.Config);
        if (_settings.Rules?.Strategy is not LeaseMajority) return;
        LeaseMajoritySettings lease = _settings.LeaseMajoritySettings;
        Lease = LeaseProvider.Get(system).GetLease(
            lease.SafeLeaseName(system.Name), lease.LeaseImplementation, cluster.SelfAddress.HostPort());
    }

    /// <summary>The other side of a split may need as long as this side to find out that it is out.</summary>
    public TimeSpan DownRemovalMargin =>
        _cluster.Settings.DownRemovalMargin is { Ticks: > 0 } margin ? margin : _settings.DowningStableAfter;

    public Props? DowningActorProps => null;

    internal SplitBrainRules? Rules => _settings.Rules;

    /// <summary>Of lease-majority; null with any other strategy.</summary>
    internal Lease? Lease { get; }
}

/// <summary>The settings under <c>akka.cluster.split-brain-resolver</c>.</summary>
public sealed class SplitBrainResolverSettings
{
    public const string KeepMajorityName = "keep-majority";
    public const string LeaseMajorityName = "lease-majority";
    public const string StaticQuorumName = "static-quorum";
    public const string KeepOldestName = "keep-oldest";
    public const string DownAllName = "down-all";

    public static readonly ImmutableHashSet<string> AllStrategyNames =
        [KeepMajorityName, LeaseMajorityName, StaticQuorumName, KeepOldestName, DownAllName];

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(4);

    private readonly Config _config;

    public SplitBrainResolverSettings(Config config)
    {
        _config = ClusterSettings.Section(config, "akka.cluster.split-brain-resolver");
        DetectorLimits.AboveZero(_config, "akka.cluster.split-brain-resolver", "stable-after");
        DowningStableAfter = _config.GetTimeSpan("stable-after");
        DowningStrategy = ClusterSettings.Text(_config, "active-strategy").ToLowerInvariant();
        DownAllWhenUnstable = ReadPatience();
        TimeSpan? patience = DownAllWhenUnstable > TimeSpan.Zero ? DownAllWhenUnstable : null;
        Rules = ReadStrategy() is { } strategy ? new SplitBrainRules(strategy, DowningStableAfter, patience) : null;
    }

    public TimeSpan DowningStableAfter { get; }

    public string DowningStrategy { get; }

    /// <summary>Zero: never.</summary>
    public TimeSpan DownAllWhenUnstable { get; }

    /// <summary>Null: all members count.</summary>
    public string? KeepMajorityRole => Role(KeepMajorityName);

    public StaticQuorumSettings StaticQuorumSettings => new(QuorumSize(), Role(StaticQuorumName));

    public KeepOldestSettings KeepOldestSettings =>
        new(_config.GetBoolean("keep-oldest.down-if-alone"), Role(KeepOldestName));

    public LeaseMajoritySettings LeaseMajoritySettings => new(
        LeaseImplementation(), _config.GetTimeSpan("lease-majority.acquire-lease-delay-for-minority"),
        _config.GetTimeSpan("lease-majority.release-after"), Role(LeaseMajorityName),
        ClusterSettings.Text(_config, "lease-majority.lease-name") is { Length: > 0 } name ? name : null);

    internal SplitBrainRules? Rules { get; }

    private TimeSpan ReadPatience() =>
        ClusterSettings.Text(_config, "down-all-when-unstable").ToLowerInvariant() switch
    {
        "off" or "false" or "no" => TimeSpan.Zero,
        "on" or "true" or "yes" => TimeSpan.FromTicks(Math.Max(DowningStableAfter.Ticks * 3 / 4, LeastPatience.Ticks)),
        _ => PatienceInTime(),
    };

    private TimeSpan PatienceInTime()
    {
        DetectorLimits.Finite(_config, "akka.cluster.split-brain-resolver", "down-all-when-unstable");
        return _config.GetTimeSpan("down-all-when-unstable");
    }

    private DowningStrategy? ReadStrategy() => DowningStrategy switch
    {
        "off" or "" => null,
        KeepMajorityName => new KeepMajority(KeepMajorityRole),
        StaticQuorumName => new StaticQuorum(StaticQuorumSettings.Size, StaticQuorumSettings.Role),
        KeepOldestName => new KeepOldest(KeepOldestSettings.DownIfAlone, KeepOldestSettings.Role),
        DownAllName => new DownAllNodes(),
        LeaseMajorityName => new LeaseMajority(
            LeaseMajoritySettings.AcquireLeaseDelayForMinority, LeaseMajoritySettings.ReleaseAfter,
            LeaseMajoritySettings.Role),
        _ => throw new ConfigurationException(
            $"akka.cluster.split-brain-resolver.active-strategy = {DowningStrategy} is not known. " +
            "Choose keep-majority, static-quorum, keep-oldest, down-all, lease-majority or off."),
    };

    private string? Role(string strategy) =>
        ClusterSettings.Text(_config, $"{strategy}.role") is { Length: > 0 } role ? role : null;

    private string LeaseImplementation() =>
        ClusterSettings.Text(_config, "lease-majority.lease-implementation") is { Length: > 0 } path
            ? path
            : throw new ConfigurationException(
                "akka.cluster.split-brain-resolver.lease-majority.lease-implementation is empty, but must name the " +
                "section of the configuration that says which lease decides: a section with a lease-class.");

    private int QuorumSize()
    {
        string text = ClusterSettings.Text(_config, "static-quorum.quorum-size");
        return int.TryParse(text, out int size) && size > 0
            ? size
            : throw new ConfigurationException(
                $"akka.cluster.split-brain-resolver.static-quorum.quorum-size is '{text}', but must be a number " +
                "above 0: the least number of members that may go on alone.");
    }
}

/// <summary>The settings under <c>akka.cluster.split-brain-resolver.static-quorum</c>.</summary>
public sealed class StaticQuorumSettings(int size, string? role)
{
    public int Size { get; } = size;

    /// <summary>Null: all members count.</summary>
    public string? Role { get; } = role;
}

/// <summary>The settings under <c>akka.cluster.split-brain-resolver.keep-oldest</c>.</summary>
public sealed class KeepOldestSettings(bool downIfAlone, string? role)
{
    public bool DownIfAlone { get; } = downIfAlone;

    /// <summary>Null: all members count.</summary>
    public string? Role { get; } = role;
}

/// <summary>The settings under <c>akka.cluster.split-brain-resolver.lease-majority</c>.</summary>
/// <param name="leaseImplementation">The section of the configuration that says what kind of lease it is.</param>
/// <param name="acquireLeaseDelayForMinority">How long the smaller side lets the larger one try first.</param>
/// <param name="releaseAfter">How long the lease is kept when those are removed who were downed with it.</param>
/// <param name="role">Null: all members count.</param>
/// <param name="leaseName">Null: a name made of the system's.</param>
public sealed class LeaseMajoritySettings(
    string leaseImplementation, TimeSpan acquireLeaseDelayForMinority, TimeSpan releaseAfter, string? role,
    string? leaseName)
{
    public string LeaseImplementation { get; } = leaseImplementation;

    public TimeSpan AcquireLeaseDelayForMinority { get; } = acquireLeaseDelayForMinority;

    public TimeSpan ReleaseAfter { get; } = releaseAfter;

    public string? Role { get; } = role;

    public string? LeaseName { get; } = leaseName;

    /// <summary>What all nodes of the cluster call the lease.</summary>
    public string SafeLeaseName(string systemName) => LeaseName ?? $"{systemName}-akka-sbr";
}
