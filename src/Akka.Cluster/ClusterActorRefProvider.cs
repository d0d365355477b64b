using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Marks the provider that the cluster needs.</summary>
public interface IClusterActorRefProvider : IActorRefProvider;

/// <summary>
/// The provider of a system that is a cluster node (<c>akka.actor.provider = cluster</c>): remoting, and a death watch
/// that leaves the judgement about members to the cluster. The system and its <see cref="Cluster"/> start together.
/// </summary>
public sealed class ClusterActorRefProvider : RemoteActorRefProvider, IClusterActorRefProvider
{
    public ClusterActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : base(systemName, settings, eventStream) =>
        settings.InjectTopLevelFallback(ClusterExtension.DefaultConfig());

    private protected override bool IsClusterNode => true;

    /// <inheritdoc />
    public override void Init(ActorSystemImpl system)
    {
        base.Init(system);
        RemoteWatcher.Tell(new ClusterRemoteWatcher.Follow(Cluster.Get(system)), ActorRefs.NoSender);
    }

    protected override IActorRef CreateRemoteWatcher(ActorSystemImpl system) => system.SystemActorOf(
        ClusterRemoteWatcher.Props(CreateWatchDetectors(system), ReadWatcherSettings(system)), "remote-watcher");
}
