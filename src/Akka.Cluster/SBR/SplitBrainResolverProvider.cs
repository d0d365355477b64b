using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>
/// The built-in split-brain resolver. Its rules run inside the membership actor itself, with the same state and in the
/// same step as everything else that decides about members; so it names no actor of its own.
/// </summary>
public sealed class SplitBrainResolverProvider(ActorSystem system, Cluster cluster) : IDowningProvider
{
    private readonly SplitBrainResolverSettings _settings = new(system.Settings.Config);

    /// <summary>The other side of a split may need as long as this side to find out that it is out.</summary>
    public TimeSpan DownRemovalMargin =>
        cluster.Settings.DownRemovalMargin is { Ticks: > 0 } margin ? margin : _settings.DowningStableAfter;

    public Props? DowningActorProps => null;

    internal SplitBrainRules? Rules => _settings.Rules;
}

/// <summary>The settings under <c>akka.cluster.split-brain-resolver</c>.</summary>
public sealed class SplitBrainResolverSettings
{
    public const string KeepMajorityName = "keep-majority";
    public const string LeaseMajorityName = "lease-majority";
    public const string StaticQuorumName = "static-quorum";
    public const string KeepOldestName = "keep-oldest";
    public const string DownAllName = "down-all";

    /// <summary>All that Akka.NET has; lease-majority is refused when it is chosen.</summary>
    public static readonly ImmutableHashSet<string> AllStrategyNames =
        [KeepMajorityName, LeaseMajorityName, StaticQuorumName, KeepOldestName, DownAllName];

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(4);

    private readonly Config _config;

    public SplitBrainResolverSettings(Config config)
    {
        _config = ClusterSettings.Section(config, "akka.cluster.split-brain-resolver");
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

    internal SplitBrainRules? Rules { get; }

    private TimeSpan ReadPatience() =>
        ClusterSettings.Text(_config, "down-all-when-unstable").ToLowerInvariant() switch
    {
        "off" or "false" or "no" => TimeSpan.Zero,
        "on" or "true" or "yes" => TimeSpan.FromTicks(Math.Max(DowningStableAfter.Ticks * 3 / 4, LeastPatience.Ticks)),
        _ => _config.GetTimeSpan("down-all-when-unstable"),
    };

    private DowningStrategy? ReadStrategy() => DowningStrategy switch
    {
        "off" or "" => null,
        KeepMajorityName => new KeepMajority(KeepMajorityRole),
        StaticQuorumName => new StaticQuorum(StaticQuorumSettings.Size, StaticQuorumSettings.Role),
        KeepOldestName => new KeepOldest(KeepOldestSettings.DownIfAlone, KeepOldestSettings.Role),
        DownAllName => new DownAllNodes(),
        LeaseMajorityName => throw new ConfigurationException(
            "akka.cluster.split-brain-resolver.active-strategy = lease-majority needs a lease, which this engine " +
            "does not have. Choose keep-majority, static-quorum, keep-oldest or down-all."),
        _ => throw new ConfigurationException(
            $"akka.cluster.split-brain-resolver.active-strategy = {DowningStrategy} is not known. " +
            "Choose keep-majority, static-quorum, keep-oldest, down-all or off."),
    };

    private string? Role(string strategy) =>
        ClusterSettings.Text(_config, $"{strategy}.role") is { Length: > 0 } role ? role : null;

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
