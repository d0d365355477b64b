using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>How a router spreads its messages, and over whom.</summary>
public abstract class RouterConfig : IEquatable<RouterConfig>
{
    protected RouterConfig(string? routerDispatcher = null) =>
        RouterDispatcher = routerDispatcher ?? Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>What the router itself runs on; the routees run where their Props say.</summary>
    public virtual string RouterDispatcher { get; }

    /// <summary>Whether the router ends when its last routee has.</summary>
    public virtual bool StopRouterWhenAllRouteesRemoved => true;

    public abstract Router CreateRouter(ActorSystem system);

    public virtual RouterConfig WithFallback(RouterConfig routerConfig) => this;

    public virtual bool Equals(RouterConfig? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as RouterConfig);

    public override int GetHashCode() => StableHash.Of(GetType().Name);
}

/// <summary>No router.</summary>
public sealed class NoRouter : RouterConfig
{
    public static readonly NoRouter Instance = new();

    private NoRouter()
    {
    }

    public override Router CreateRouter(ActorSystem system) =>
        throw new NotSupportedException("NoRouter says that there is no router.");

    public override RouterConfig WithFallback(RouterConfig routerConfig) => routerConfig;
}

/// <summary>A router whose kind stands in <c>akka.actor.deployment</c>, under the path of the actor.</summary>
public sealed class FromConfig : RouterConfig
{
    public static readonly FromConfig Instance = new();

    private FromConfig()
    {
    }

    public override Router CreateRouter(ActorSystem system) =>
        throw new NotSupportedException("The kind of this router has to come from akka.actor.deployment.");
}

/// <summary>A router that makes its routees, as its children.</summary>
public abstract class Pool : RouterConfig
{
    /// <summary>A routee's failure is decided on by the parent of the router, as if the router were the failed
    /// one.</summary>
    public static readonly SupervisorStrategy DefaultSupervisorStrategy =
        new OneForOneStrategy(_ => Directive.Escalate);

    protected Pool(int nrOfInstances, SupervisorStrategy? supervisorStrategy = null, string? routerDispatcher = null)
        : base(routerDispatcher)
    {
        if (nrOfInstances < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(nrOfInstances), nrOfInstances,
                "A pool cannot have fewer than no routees.");
        }
        NrOfInstances = nrOfInstances;
        SupervisorStrategy = supervisorStrategy ?? DefaultSupervisorStrategy;
    }

    public int NrOfInstances { get; }

    public SupervisorStrategy SupervisorStrategy { get; }

    /// <summary>The Props of a router with this pool around actors of <paramref name="routeeProps"/>.</summary>
    public Props Props(Props routeeProps) => routeeProps.WithRouter(this);

    public override bool Equals(RouterConfig? other) =>
        other is Pool pool && pool.GetType() == GetType() && pool.NrOfInstances == NrOfInstances;

    public override int GetHashCode() => StableHash.Of(GetType().Name) ^ NrOfInstances;

    private protected static int Instances(Config config) => config.GetInt("nr-of-instances", 1);
}

/// <summary>A router to actors that others made, by their paths.</summary>
public abstract class Group : RouterConfig
{
    private readonly string[] _paths;

    protected Group(IEnumerable<string> paths, string? routerDispatcher = null) : base(routerDispatcher) =>
        _paths = [.. paths];

    public virtual IEnumerable<string> GetPaths(ActorSystem system) => _paths;

    public Props Props() => Actor.Props.Empty.WithRouter(this);

    public override bool Equals(RouterConfig? other) =>
        other is Group group && group.GetType() == GetType() && group._paths.SequenceEqual(_paths);

    public override int GetHashCode() => StableHash.Of(GetType().Name) ^ _paths.Length;

    private protected static IEnumerable<string> Paths(Config config) => config.GetStringList("routees.paths");

    private protected static IEnumerable<string> Paths(IEnumerable<IActorRef> routees) =>
        routees.Select(routee => routee.Path.ToString());
}

/// <summary>Reads the router of a deployment.</summary>
internal static class RouterFromConfig
{
    /// <exception cref="ConfigurationException">There is no router of that name.</exception>
    public static RouterConfig Create(string key, Config deployment)
    {
        string router = deployment.GetString("router", "from-code") ?? "from-code";
        return router switch
        {
            "from-code" => NoRouter.Instance,
            "round-robin-pool" => new RoundRobinPool(deployment),
            "round-robin-group" => new RoundRobinGroup(deployment),
            "broadcast-pool" => new BroadcastPool(deployment),
            "broadcast-group" => new BroadcastGroup(deployment),
            "random-pool" => new RandomPool(deployment),
            "random-group" => new RandomGroup(deployment),
            "consistent-hashing-pool" => new ConsistentHashingPool(deployment),
            "consistent-hashing-group" => new ConsistentHashingGroup(deployment),
            _ => OwnType(key, router, deployment),
        };
    }

    private static RouterConfig OwnType(string key, string router, Config deployment)
    {
        Type? type = Type.GetType(router);
        if (type is not null && typeof(RouterConfig).IsAssignableFrom(type))
            return (RouterConfig)Activator.CreateInstance(type, deployment)!;
        throw new ConfigurationException(
            $"Deployment [{key}] names the router [{router}], which is not there. There are round-robin, broadcast, random"
            + " and consistent-hashing, each as -pool and as -group, and class names of a RouterConfig.");
    }
}
