using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>An actor that is to live once in the cluster, as <see cref="ClusterSingleton.Init"/> wants it described.</summary>
[Obsolete(ClusterSingleton.Advice)]
public sealed class SingletonActor
{
    private SingletonActor(
        Props props, string name, Option<object> stopMessage, Option<ClusterSingletonSettings> settings)
    {
        ArgumentNullException.ThrowIfNull(props);
        Name = name;
        Props = props;
        StopMessage = stopMessage;
        Settings = settings;
    }

    /// <summary>Unlike any other singleton's, and the same on all nodes.</summary>
    public string Name { get; }

    public Props Props { get; }

    /// <summary>What it is told when it has to go elsewhere; without one it is stopped by a <see cref="PoisonPill"/>.</summary>
    public Option<object> StopMessage { get; }

    /// <summary>Without them, those of the configuration.</summary>
    public Option<ClusterSingletonSettings> Settings { get; }

    public static SingletonActor Create(Props props, string name) =>
        new(props, name, Option<object>.None, Option<ClusterSingletonSettings>.None);

    public SingletonActor WithProps(Props props) => new(props, Name, StopMessage, Settings);

    /// <param name="stopMessage">The actor must then stop itself. Null changes nothing, as in Akka.NET.</param>
    public SingletonActor WithStopMessage(object? stopMessage) =>
        new(Props, Name, stopMessage is null ? StopMessage : new(stopMessage), Settings);

    /// <param name="settings">Null changes nothing, as in Akka.NET.</param>
    public SingletonActor WithSettings(ClusterSingletonSettings? settings) =>
        new(Props, Name, StopMessage, settings is null ? Settings : new(settings));
}
