using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemon;

/// <summary>
/// <c>/system/cluster</c>: the root of the cluster's actors. They bear the names under which other nodes address them.
/// <code>
///   /system/cluster                        this; passes requests on
///   /system/cluster/heartbeatReceiver      answers heartbeats
///   /system/cluster/core                   stops the cluster when its only child fails
///   /system/cluster/core/daemon            membership: the one actor that holds state
/// </code>
/// </summary>
internal sealed class ClusterGuardian : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly IActorRef _core;

    public ClusterGuardian(Cluster cluster)
    {
        _cluster = cluster;
        Context.ActorOf(HeartbeatReceiver.Props(cluster), "heartbeatReceiver");
        _core = Context.ActorOf(ClusterCore.Props(cluster), "core");
        Context.Watch(_core);
    }

    public static Props Props(Cluster cluster) =>
        Actor.Props.Create(() => new ClusterGuardian(cluster)).WithDeploy(Deploy.Local);

    protected override void OnReceive(object message)
    {
        if (message is Terminated) Context.Stop(Self);
        else _core.Forward(message);
    }

    protected override void PostStop() => _cluster.Stopped.TrySetResult(Done.Instance);
}

/// <summary>
/// <c>/system/cluster/core</c>. A membership actor that failed has lost its state: starting it again would make a
/// node that is a member for the others and knows nothing. So it is stopped, and the node with it.
/// </summary>
internal sealed class ClusterCore : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly IActorRef _daemon;

    public ClusterCore(Cluster cluster)
    {
        _cluster = cluster;
        _daemon = Context.ActorOf(ClusterDaemon.Props(cluster), "daemon");
        Context.Watch(_daemon);
    }

    public static Props Props(Cluster cluster) =>
        Actor.Props.Create(() => new ClusterCore(cluster)).WithDeploy(Deploy.Local);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        _cluster.Log(Event.LogLevel.ErrorLevel,
            $"Cluster node [{_cluster.SelfAddress}] crashed: {cause}. Shutting down.");
        return Directive.Stop;
    });

    protected override void OnReceive(object message)
    {
        if (message is Terminated) Context.Stop(Self);
        else _daemon.Forward(message);
    }
}

/// <summary><c>/system/cluster/heartbeatReceiver</c>: I am here. It answers everybody, member or not.</summary>
internal sealed class HeartbeatReceiver(Cluster cluster) : UntypedActor
{
    public static Props Props(Cluster cluster) =>
        Actor.Props.Create(() => new HeartbeatReceiver(cluster)).WithDeploy(Deploy.Local);

    protected override void OnReceive(object message)
    {
        if (message is not Heartbeat beat)
        {
            Unhandled(message);
            return;
        }

        Sender.Tell(new HeartbeatResponse(cluster.SelfUniqueAddress, beat.SequenceNr, beat.CreationTimeNanos), Self);
    }
}
