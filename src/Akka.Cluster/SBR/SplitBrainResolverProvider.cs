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
        KeepMajorityName => new KeepMajority(Role(KeepMajorityName)),
        StaticQuorumName => new StaticQuorum(QuorumSize(), Role(StaticQuorumName)),
        KeepOldestName => new KeepOldest(_config.GetBoolean("keep-oldest.down-if-alone"), Role(KeepOldestName)),
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
