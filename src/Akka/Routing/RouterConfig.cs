using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>How a router spreads its messages.</summary>
public abstract class RouterConfig : IEquatable<RouterConfig>
{
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

    public override RouterConfig WithFallback(RouterConfig routerConfig) => routerConfig;
}

internal static class RouterFromConfig
{
    public static RouterConfig Create(string key, Config deployment)
    {
        string router = deployment.GetString("router", "from-code") ?? "from-code";
        return router == "from-code" ? NoRouter.Instance
            : throw new ConfigurationException($"Deployment [{key}] names the router [{router}], which is not there.");
    }
}

/// <summary>The reference of a router.</summary>
internal static class RoutedActorRef
{
    public static IInternalActorRef Create(Actor.Internal.ActorSystemImpl system, Props props, IInternalActorRef supervisor,
        ActorPath path) => throw new NotSupportedException($"{path} has a router, and there are none: {props}, {system}, {supervisor}");
}
