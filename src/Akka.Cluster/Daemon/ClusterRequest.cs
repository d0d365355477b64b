using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Daemon;

/// <summary>
/// What <see cref="Cluster"/> asks of the membership actor, beside the commands of the rules themselves.
/// </summary>
internal abstract record ClusterRequest : INoSerializationVerificationNeeded
{
    public sealed record Subscribe(
        IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableArray<Type> To)
        : ClusterRequest;

    /// <param name="To">Null: everything.</param>
    /// <remarks>Actors unsubscribe when they stop, which at the end of a system is after the cluster has.</remarks>
    public sealed record Unsubscribe(IActorRef Subscriber, Type? To) : ClusterRequest, IDeadLetterSuppression;

    public sealed record SendState(IActorRef Receiver) : ClusterRequest;

    public sealed record OnUp(Action Callback) : ClusterRequest;

    public sealed record OnRemoved(Action Callback) : ClusterRequest;

    /// <summary>Runs the callback if nobody has told this node to join a cluster, and drops it otherwise.</summary>
    public sealed record IfOutside(Action Callback) : ClusterRequest;

    /// <summary>Completes the task as soon as this node's status is one of these, or it is no member.</summary>
    public sealed record WhenSelfIs(ImmutableArray<MemberStatus> Statuses, TaskCompletionSource<Done> Reached)
        : ClusterRequest;

    /// <summary>The node's own shutdown is done but for the actors of the cluster.</summary>
    public sealed record ExitingDone(TaskCompletionSource<Done> Told) : ClusterRequest;
}
