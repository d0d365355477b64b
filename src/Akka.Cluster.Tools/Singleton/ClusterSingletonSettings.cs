using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>What a singleton's manager and its proxy need to agree in, and what each wants besides, but for the name: the
/// settings under <c>akka.cluster.singleton</c> and <c>akka.cluster.singleton-proxy</c>.</summary>
[Obsolete(ClusterSingleton.Advice)]
public sealed class ClusterSingletonSettings : INoSerializationVerificationNeeded
{
    private readonly ClusterSingletonManagerSettings _manager;
    private readonly ClusterSingletonProxySettings _proxy;

    private ClusterSingletonSettings(ClusterSingletonManagerSettings manager, ClusterSingletonProxySettings proxy)
    {
        _manager = manager;
        _proxy = proxy;
    }

    /// <summary>The role among whose members it lives; null for all.</summary>
    public string? Role => _manager.Role;

    /// <summary>How long at most until its place is asked for again.</summary>
    public TimeSpan SingletonIdentificationInterval => _proxy.SingletonIdentificationInterval;

    /// <summary>How long to wait after a member was removed before taking over what it did; zero for the downing
    /// provider's own.</summary>
    public TimeSpan RemovalMargin => _manager.RemovalMargin;

    /// <summary>How often a hand-over is asked for again.</summary>
    public TimeSpan HandOverRetryInterval => _manager.HandOverRetryInterval;

    /// <summary>Messages kept while its place is not known; 0: none.</summary>
    public int BufferSize => _proxy.BufferSize;

    /// <summary>The lease without which it is not started; null for none.</summary>
    public LeaseUsageSettings? LeaseSettings => _manager.LeaseSettings;

    /// <summary>The oldest of those with the highest app version has it, not the oldest of all.</summary>
    public bool ConsiderAppVersion => _manager.ConsiderAppVersion;

    /// <summary>As the configuration of this system says.</summary>
    public static ClusterSingletonSettings Create(ActorSystem system)
    {
        SingletonDefaults.AddTo(system, "akka.cluster.singleton");
        return Create(system.Settings.Config.GetConfig("akka.cluster"));
    }

    /// <param name="config">A section like <c>akka.cluster</c>, with <c>singleton</c> and <c>singleton-proxy</c> in it. The
    /// proxy's role is that of the singleton.</param>
    public static ClusterSingletonSettings Create(Config config)
    {
        ClusterSingletonManagerSettings manager = ClusterSingletonManagerSettings.Create(config.GetConfig("singleton"));
        Config proxy = config.GetConfig("singleton-proxy");
        return new(
            manager, ClusterSingletonProxySettings.Create(proxy, manager.ConsiderAppVersion).WithRole(manager.Role));
    }

    public ClusterSingletonSettings WithRole(string? role) => new(_manager.WithRole(role), _proxy.WithRole(role));

    public ClusterSingletonSettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        new(_manager, _proxy.WithSingletonIdentificationInterval(singletonIdentificationInterval));

    public ClusterSingletonSettings WithRemovalMargin(TimeSpan removalMargin) =>
        new(_manager.WithRemovalMargin(removalMargin), _proxy);

    public ClusterSingletonSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        new(_manager.WithHandOverRetryInterval(handOverRetryInterval), _proxy);

    public ClusterSingletonSettings WithBufferSize(int bufferSize) => new(_manager, _proxy.WithBufferSize(bufferSize));

    public ClusterSingletonSettings WithLeaseSettings(LeaseUsageSettings? leaseSettings) =>
        new(_manager.WithLeaseSettings(leaseSettings), _proxy);

    internal ClusterSingletonManagerSettings ManagerOf(string singleton) => _manager.WithSingletonName(singleton);

    internal ClusterSingletonProxySettings ProxyOf(string singleton) => _proxy.WithSingletonName(singleton);
}
