using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Cluster;

/// <summary>Finds or makes the <see cref="Cluster"/> of an actor system.</summary>
public sealed class ClusterExtension : ExtensionIdProvider<Cluster>
{
    public override Cluster CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);

    internal static Config DefaultConfig() =>
        ConfigurationFactory.FromResource("Akka.Cluster.cluster.conf", typeof(ClusterExtension).Assembly);
}

/// <summary>The node did not get into the cluster.</summary>
public sealed class ClusterJoinFailedException(string message) : AkkaException(message);
