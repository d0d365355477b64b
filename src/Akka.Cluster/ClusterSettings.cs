using System.Collections.Immutable;
using System.Reflection;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Remote;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>The settings under <c>akka.cluster</c>, read once.</summary>
public sealed class ClusterSettings
{
    private readonly Config _config;

    /// <param name="config">The whole configuration of the system.</param>
    /// <param name="systemName">Name of the actor system.</param>
    /// <exception cref="ConfigurationException">A value has no meaning; the message names it.</exception>
    public ClusterSettings(Config config, string systemName)
    {
        _ = systemName;
        _config = Section(config, "akka.cluster");
        LogInfo = _config.GetBoolean("log-info");
        LogInfoVerbose = _config.GetBoolean("log-info-verbose");
        FailureDetectorConfig = Section(_config, "failure-detector");
        SeedNodes = [.. _config.GetStringList("seed-nodes").Select(ParseSeed)];
        Roles = [.. _config.GetStringList("roles")];
        AppVersion = ReadAppVersion(Text(_config, "app-version"));
        MinNrOfMembers = _config.GetInt("min-nr-of-members");
        if (MinNrOfMembers < 1) throw new ConfigurationException("akka.cluster.min-nr-of-members must be at least 1.");
        MinNrOfMembersOfRole = ReadRoleMinimums();
        ShutdownAfterUnsuccessfulJoinSeedNodes = TimeOrOff("shutdown-after-unsuccessful-join-seed-nodes");
        RetryUnsuccessfulJoinAfter = TimeOrOff("retry-unsuccessful-join-after");
        AllowWeaklyUpMembers = ReadWeaklyUpAfter() is not null;
        WeaklyUpAfter = ReadWeaklyUpAfter() ?? TimeSpan.Zero;
        DowningProviderType = ReadDowningProvider();
        CheckTimes();
    }

    public bool LogInfo { get; }

    public bool LogInfoVerbose { get; }

    public Config FailureDetectorConfig { get; }

    public string FailureDetectorImplementationClass => Text(FailureDetectorConfig, "implementation-class");

    public TimeSpan HeartbeatInterval => FailureDetectorConfig.GetTimeSpan("heartbeat-interval");

    public TimeSpan HeartbeatExpectedResponseAfter => FailureDetectorConfig.GetTimeSpan("expected-response-after");

    public int MonitoredByNrOfMembers => FailureDetectorConfig.GetInt("monitored-by-nr-of-members");

    public ImmutableList<Address> SeedNodes { get; }

    public TimeSpan SeedNodeTimeout => _config.GetTimeSpan("seed-node-timeout");

    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }

    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }

    public TimeSpan PeriodicTasksInitialDelay => _config.GetTimeSpan("periodic-tasks-initial-delay");

    public TimeSpan GossipInterval => _config.GetTimeSpan("gossip-interval");

    public TimeSpan GossipTimeToLive => _config.GetTimeSpan("gossip-time-to-live");

    public TimeSpan LeaderActionsInterval => _config.GetTimeSpan("leader-actions-interval");

    public TimeSpan UnreachableNodesReaperInterval => _config.GetTimeSpan("unreachable-nodes-reaper-interval");

    public TimeSpan? PublishStatsInterval => TimeOrOff("publish-stats-interval");

    public ImmutableHashSet<string> Roles { get; }

    public AppVersion AppVersion { get; }

    public int MinNrOfMembers { get; }

    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }

    public string UseDispatcher => Text(_config, "use-dispatcher");

    public double GossipDifferentViewProbability => _config.GetDouble("gossip-different-view-probability");

    public int ReduceGossipDifferentViewProbability => _config.GetInt("reduce-gossip-different-view-probability");

    /// <summary>Whether newcomers become WeaklyUp at all.</summary>
    public bool AllowWeaklyUpMembers { get; }

    /// <summary>How long the members must disagree before; zero when they never do.</summary>
    public TimeSpan WeaklyUpAfter { get; }

    public Type DowningProviderType { get; }

    /// <summary>Zero: the downing provider's own.</summary>
    public TimeSpan DownRemovalMargin => TimeOrOff("down-removal-margin") ?? TimeSpan.Zero;

    /// <summary>Read, and without effect: all of this engine's delays share the system's own scheduler.</summary>
    public TimeSpan SchedulerTickDuration => _config.GetTimeSpan("scheduler.tick-duration");

    /// <inheritdoc cref="SchedulerTickDuration"/>
    public int SchedulerTicksPerWheel => _config.GetInt("scheduler.ticks-per-wheel");

    public bool RunCoordinatedShutdownWhenDown => _config.GetBoolean("run-coordinated-shutdown-when-down");

    public bool VerboseHeartbeatLogging => _config.GetBoolean("debug.verbose-heartbeat-logging");

    public bool VerboseGossipReceivedLogging => _config.GetBoolean("debug.verbose-receive-gossip-logging");

    public bool UseLegacyHeartbeatMessage => _config.GetBoolean("use-legacy-heartbeat-message");

    /// <summary>Whether any message of a peer counts as its heartbeat.</summary>
    internal bool TrafficCountsAsHeartbeat => _config.GetBoolean("embedded.traffic-counts-as-heartbeat");

    internal ClusterNodeSettings ForNode(SBR.SplitBrainRules? downing) => new()
    {
        Roles = Roles,
        AppVersion = AppVersion,
        MinNrOfMembers = MinNrOfMembers,
        MinNrOfMembersOfRole = MinNrOfMembersOfRole.ToImmutableSortedDictionary(StringComparer.Ordinal),
        PeriodicTasksInitialDelay = PeriodicTasksInitialDelay,
        GossipInterval = GossipInterval,
        LeaderActionsInterval = LeaderActionsInterval,
        SeedNodeTimeout = SeedNodeTimeout,
        RetryUnsuccessfulJoinAfter = RetryUnsuccessfulJoinAfter,
        ShutdownAfterUnsuccessfulJoinSeedNodes = ShutdownAfterUnsuccessfulJoinSeedNodes,
        WeaklyUpAfter = AllowWeaklyUpMembers ? WeaklyUpAfter : null,
        GossipDifferentViewProbability = GossipDifferentViewProbability,
        ReduceGossipDifferentViewProbability = ReduceGossipDifferentViewProbability,
        ActOnConvergence = _config.GetBoolean("embedded.act-on-convergence"),
        GossipOnChangeFanout = _config.GetInt("embedded.gossip-on-change-fanout"),
        GossipOnChangeInterval = _config.GetTimeSpan("embedded.gossip-on-change-interval"),
        SeedNodeRetryInterval = _config.GetTimeSpan("embedded.seed-node-retry-interval"),
        JoinRetryInterval = _config.GetTimeSpan("embedded.join-retry-interval"),
        OwnPauseTolerance = _config.GetTimeSpan("embedded.own-pause-tolerance"),
        Downing = downing,
    };

    internal HeartbeatSettings ForHeartbeats() => new()
    {
        Interval = HeartbeatInterval,
        ExpectedResponseAfter = HeartbeatExpectedResponseAfter,
        MonitoredByNrOfMembers = MonitoredByNrOfMembers,
        ReaperInterval = UnreachableNodesReaperInterval,
        ProbeInterval = _config.GetTimeSpan("embedded.probe-interval"),
        ProbeTimeout = _config.GetTimeSpan("embedded.probe-timeout"),
        OwnPauseTolerance = _config.GetTimeSpan("embedded.own-pause-tolerance"),
        LocalHealthPatience = _config.GetTimeSpan("embedded.local-health-patience"),
        ProbeConnectionAfter = _config.GetTimeSpan("embedded.probe-connection-after"),
        ProbeConnectionFor = _config.GetTimeSpan("embedded.probe-connection-for"),
        ProbedSilence = _config.GetTimeSpan("embedded.probed-silence"),
    };

    /// <summary>What the defaults promise to be there.</summary>
    internal static Config Section(Config config, string path) => config.GetConfig(path) ?? throw Missing(path);

    /// <inheritdoc cref="Section"/>
    internal static string Text(Config config, string path) => config.GetString(path) ?? throw Missing(path);

    private static ConfigurationException Missing(string path) =>
        new($"The configuration has no '{path}'. Are the defaults of Akka.Cluster below it?");

    private static Address ParseSeed(string text)
    {
        try
        {
            return Address.Parse(text);
        }
        catch (UriFormatException error)
        {
            throw new ConfigurationException($"akka.cluster.seed-nodes: {error.Message}", error);
        }
    }

    private static AppVersion ReadAppVersion(string text)
    {
        if (text is not ("assembly-version" or "")) return AppVersion.Create(text);
        Version? version = Assembly.GetEntryAssembly()?.GetName().Version;
        return version is null ? AppVersion.Zero : AppVersion.Create(version.ToString(3));
    }

    private void CheckTimes()
    {
        const string path = "akka.cluster";
        DetectorLimits.Check(FailureDetectorConfig, $"{path}.failure-detector");
        DetectorLimits.AboveZero(_config, path, "seed-node-timeout", "gossip-interval", "gossip-time-to-live",
            "leader-actions-interval", "unreachable-nodes-reaper-interval", "embedded.seed-node-retry-interval",
            "embedded.join-retry-interval", "embedded.probe-interval", "embedded.probe-connection-for");
        DetectorLimits.Finite(_config, path, "periodic-tasks-initial-delay", "embedded.gossip-on-change-interval");
        if (RetryUnsuccessfulJoinAfter <= TimeSpan.Zero)
            DetectorLimits.AboveZero(_config, path, "retry-unsuccessful-join-after");
        if (ShutdownAfterUnsuccessfulJoinSeedNodes <= TimeSpan.Zero)
            DetectorLimits.AboveZero(_config, path, "shutdown-after-unsuccessful-join-seed-nodes");
        if (WeaklyUpAfter < TimeSpan.Zero) DetectorLimits.Finite(_config, path, "allow-weakly-up-members");
    }

    private TimeSpan? TimeOrOff(string path) =>
        Text(_config, path).ToLowerInvariant() is "off" or "false" or "no" ? null : _config.GetTimeSpan(path);

    private TimeSpan? ReadWeaklyUpAfter() => Text(_config, "allow-weakly-up-members").ToLowerInvariant() switch
    {
        "off" or "false" or "no" => null,
        "on" or "true" or "yes" => TimeSpan.FromSeconds(7),
        _ => _config.GetTimeSpan("allow-weakly-up-members"),
    };

    private ImmutableDictionary<string, int> ReadRoleMinimums()
    {
        Config roles = Section(_config, "role");
        return roles.AsEnumerable()
            .Where(role => role.Value.IsObject())
            .ToImmutableDictionary(
                role => role.Key, role => roles.GetInt(HoconPath.Join([role.Key, "min-nr-of-members"]), 1));
    }

    private Type ReadDowningProvider()
    {
        string name = Text(_config, "downing-provider-class");
        if (string.IsNullOrWhiteSpace(name)) return typeof(NoDowning);
        Type? type = Type.GetType(name);
        return type is not null && typeof(IDowningProvider).IsAssignableFrom(type)
            ? type
            : throw new ConfigurationException(
                $"akka.cluster.downing-provider-class names '{name}', which is no IDowningProvider.");
    }
}
