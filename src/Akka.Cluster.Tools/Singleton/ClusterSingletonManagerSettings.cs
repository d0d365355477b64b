using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The settings under <c>akka.cluster.singleton</c>.</summary>
/// <param name="singletonName">Name of the singleton below its manager.</param>
/// <param name="role">Only members with this role; null or nothing for all.</param>
/// <param name="removalMargin">How long to wait after a member was removed before taking over what it did; zero for
/// the downing provider's own.</param>
/// <param name="handOverRetryInterval">How often a hand-over is asked for again.</param>
/// <param name="leaseSettings">The lease without which no singleton is started; null for none.</param>
/// <param name="considerAppVersion">The oldest of those with the highest app version has it, not the oldest of
/// all.</param>
/// <exception cref="ArgumentException">The name is empty, the margin negative, or the interval not positive.</exception>
public sealed class ClusterSingletonManagerSettings(
    string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval,
    LeaseUsageSettings? leaseSettings, bool considerAppVersion)
{
    /// <summary>Without a lease.</summary>
    /// <inheritdoc cref="ClusterSingletonManagerSettings(string, string, TimeSpan, TimeSpan, LeaseUsageSettings, bool)"/>
    public ClusterSingletonManagerSettings(
        string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval, bool considerAppVersion)
        : this(singletonName, role, removalMargin, handOverRetryInterval, null, considerAppVersion)
    {
    }

    public string SingletonName { get; } = Sense.Name(singletonName);

    public string? Role { get; } = Sense.Role(role);

    public TimeSpan RemovalMargin { get; } =
        Sense.Check(removalMargin, removalMargin >= TimeSpan.Zero, nameof(removalMargin), "0 or more");

    public TimeSpan HandOverRetryInterval { get; } = Sense.Check(
        handOverRetryInterval, handOverRetryInterval > TimeSpan.Zero, nameof(handOverRetryInterval), "more than 0");

    public LeaseUsageSettings? LeaseSettings { get; } = leaseSettings;

    public bool ConsiderAppVersion { get; } = considerAppVersion;

    internal int MinNumberOfHandOverRetries { get; private init; } = 15;

    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Create(SingletonDefaults.AddTo(system, "akka.cluster.singleton"));

    public static ClusterSingletonManagerSettings Create(Config config) => new(
        config.GetString("singleton-name") ?? "singleton",
        config.GetString("role"),
        TimeSpan.Zero,
        config.GetTimeSpan("hand-over-retry-interval"),
        config.GetString("use-lease") is { Length: > 0 } lease
            ? new LeaseUsageSettings(lease, LeaseRetry(config.GetTimeSpan("lease-retry-interval")))
            : null,
        config.GetBoolean("consider-app-version"))
    {
        MinNumberOfHandOverRetries = MostRetries(config.GetInt("min-number-of-hand-over-retries")),
    };

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) =>
        Copy(singletonName, Role, RemovalMargin, HandOverRetryInterval, LeaseSettings);

    public ClusterSingletonManagerSettings WithRole(string? role) =>
        Copy(SingletonName, role, RemovalMargin, HandOverRetryInterval, LeaseSettings);

    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) =>
        Copy(SingletonName, Role, removalMargin, HandOverRetryInterval, LeaseSettings);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        Copy(SingletonName, Role, RemovalMargin, handOverRetryInterval, LeaseSettings);

    public ClusterSingletonManagerSettings WithLeaseSettings(LeaseUsageSettings? leaseSettings) =>
        Copy(SingletonName, Role, RemovalMargin, HandOverRetryInterval, leaseSettings);

    private ClusterSingletonManagerSettings Copy(
        string name, string? role, TimeSpan margin, TimeSpan interval, LeaseUsageSettings? lease) =>
        new(name, role, margin, interval, lease, ConsiderAppVersion)
        {
            MinNumberOfHandOverRetries = MinNumberOfHandOverRetries,
        };

    private static TimeSpan LeaseRetry(TimeSpan interval) =>
        Sense.Check(interval, interval > TimeSpan.Zero, "lease-retry-interval", "a finite time above 0");

    private static int MostRetries(int retries) =>
        Sense.Check(retries, retries >= 1, "min-number-of-hand-over-retries", "1 or more");
}
