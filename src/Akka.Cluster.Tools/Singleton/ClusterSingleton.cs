using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Starts what a singleton needs on this node, a manager where it may live and a proxy everywhere, under names that follow
/// from the singleton's: <c>/user/singletonManager</c> and <c>/user/singletonProxy</c>, each with that name behind it.
/// </summary>
public sealed class ClusterSingleton : IExtension
{
    // The compiler says so with Akka.NET too, since 1.5.32.
    internal const string Advice =
        "Akka.NET 1.6 will not have it any more: use ClusterSingletonManager.Props and ClusterSingletonProxy.Props.";

    private readonly ExtendedActorSystem _system;
    private readonly Cluster _cluster;

    // Anybody may call from any thread, and who comes second must not make the actors again.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IActorRef> _proxies = [];

    public ClusterSingleton(ExtendedActorSystem system)
    {
        _system = system;
        _cluster = Cluster.Get(system);
    }

    public static ClusterSingleton Get(ActorSystem system) =>
        system.WithExtension<ClusterSingleton, ClusterSingletonProvider>();

    /// <summary>The defaults of this package.</summary>
    public static Config DefaultConfig() => SingletonDefaults.Config;

    /// <summary>Starts the manager, if this node has the role that the settings ask for, and the proxy. For a name that was
    /// given before on this node nothing is started, whatever else is said now.</summary>
    /// <returns>The proxy: what is told to it reaches the singleton, wherever that is.</returns>
    /// <exception cref="ArgumentException">The singleton has no name.</exception>
    /// <exception cref="InvalidActorNameException">The name cannot be part of an actor's, or an actor that was not started
    /// from here has it.</exception>
    [Obsolete(Advice)]
    public IActorRef Init(SingletonActor singleton)
    {
        ArgumentNullException.ThrowIfNull(singleton);
        string name = Sense.Name(singleton.Name);
        lock (_gate)
        {
            if (_proxies.TryGetValue(name, out IActorRef? known)) return known;
            return _proxies[name] = StartLocked(singleton, name);
        }
    }

    [Obsolete(Advice)]
    private IActorRef StartLocked(SingletonActor singleton, string name)
    {
        ClusterSingletonSettings settings = singleton.Settings.HasValue
            ? singleton.Settings.Value : ClusterSingletonSettings.Create(_system);
        string manager = $"singletonManager{name}";
        if (settings.Role is null || _cluster.SelfRoles.Contains(settings.Role))
        {
            object stop = singleton.StopMessage.GetOrElse(PoisonPill.Instance);
            _system.ActorOf(ClusterSingletonManager.Props(singleton.Props, stop, settings.ManagerOf(name)), manager);
        }

        return _system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{manager}", settings.ProxyOf(name)), $"singletonProxy{name}");
    }
}

/// <summary>Finds or makes the <see cref="ClusterSingleton"/> of an actor system.</summary>
public sealed class ClusterSingletonProvider : ExtensionIdProvider<ClusterSingleton>
{
    public override ClusterSingleton CreateExtension(ExtendedActorSystem system) => new(system);
}
