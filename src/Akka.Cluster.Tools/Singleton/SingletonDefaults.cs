using Akka.Actor;
using Akka.Cluster.Tools.Singleton.Serialization;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>What every system that uses singletons needs: the defaults, and the serializer of the managers' messages.
/// A system does not know this assembly when it starts, so whoever makes the first settings adds both.</summary>
internal static class SingletonDefaults
{
    public static Config Config => ConfigurationFactory.FromResource(
        "Akka.Cluster.Tools.singleton.conf", typeof(SingletonDefaults).Assembly);

    public static Config AddTo(ActorSystem system, string path)
    {
        system.Settings.InjectTopLevelFallback(Config);
        var serializer = new ClusterSingletonMessageSerializer((ExtendedActorSystem)system);
        system.Serialization.AddSerializer("akka-singleton", serializer);
        system.Serialization.AddSerializationMap(typeof(IClusterSingletonMessage), serializer);
        return system.Settings.Config.GetConfig(path)
            ?? throw new ConfigurationException($"The configuration has no '{path}'.");
    }
}
