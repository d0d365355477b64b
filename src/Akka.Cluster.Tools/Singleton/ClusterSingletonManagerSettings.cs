using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The settings under <c>akka.cluster.singleton</c>.</summary>
/// <param name="singletonName">Name of the singleton below its manager.</param>
/// <param name="role">Only members with this role; null for all.</param>
/// <param name="removalMargin">How long to wait after a member was removed before taking over what it did; zero for
/// the downing provider's own.</param>
/// <param name="handOverRetryInterval">How often a hand-over is asked for again.</param>
public sealed class ClusterSingletonManagerSettings(
    string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval)
{
    public string SingletonName { get; } = singletonName;

    public string? Role { get; } = role;

    public TimeSpan RemovalMargin { get; } = removalMargin;

    public TimeSpan HandOverRetryInterval { get; } = handOverRetryInterval;

    internal int MinNumberOfHandOverRetries { get; private init; } = 15;

    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Create(SingletonDefaults.AddTo(system, "akka.cluster.singleton"));

    public static ClusterSingletonManagerSettings Create(Config config) => new(
        config.GetString("singleton-name") ?? "singleton",
        SingletonDefaults.Role(config),
        TimeSpan.Zero,
        config.GetTimeSpan("hand-over-retry-interval"))
    {
        MinNumberOfHandOverRetries = config.GetInt("min-number-of-hand-over-retries"),
    };

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) =>
        Copy(singletonName, Role, RemovalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithRole(string? role) =>
        Copy(SingletonName, role, RemovalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) =>
        Copy(SingletonName, Role, removalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        Copy(SingletonName, Role, RemovalMargin, handOverRetryInterval);

    private ClusterSingletonManagerSettings Copy(string name, string? role, TimeSpan margin, TimeSpan interval) =>
        new(name, role, margin, interval) { MinNumberOfHandOverRetries = MinNumberOfHandOverRetries };
}
