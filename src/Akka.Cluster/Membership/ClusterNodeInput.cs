using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Membership;

/// <summary>What a node is told, other than by its peers (see <see cref="IClusterMessage"/>).</summary>
internal interface IClusterCommand;

/// <summary>Join the node at this address; the own address founds a cluster.</summary>
internal sealed record JoinTo(Address Address) : IClusterCommand;

/// <summary>Find a cluster by asking these nodes.</summary>
internal sealed record JoinSeedNodes(ImmutableArray<Address> Seeds) : IClusterCommand;

/// <summary>
/// Time has passed. Due at <see cref="ClusterNodeState.WakeAt"/>; too early or too often is harmless.
/// </summary>
internal sealed record Wake : IClusterCommand
{
    public static readonly Wake Instance = new();
}

/// <summary>The failure detectors' verdicts: the members that this node cannot hear, all others it can.</summary>
internal sealed record Reap(ImmutableArray<UniqueAddress> Unavailable) : IClusterCommand;

/// <summary>Remoting will never again talk to this life of a node.</summary>
internal sealed record Quarantined(UniqueAddress Node) : IClusterCommand;

/// <summary>The life that lives at this address now is one that remoting will never again talk to.</summary>
internal sealed record QuarantinedLife(Address Peer) : IClusterCommand;

/// <summary>A peer at this address will never again talk to this life.</summary>
internal sealed record QuarantinedBy(Address Peer) : IClusterCommand;

/// <summary>The answer to <see cref="ClusterEffect.AcquireLease"/> of that number.</summary>
/// <param name="Cause">Why it could not be found out whose it is; null if that is known.</param>
internal sealed record LeaseAnswered(long Question, bool Granted, Exception? Cause = null)
    : IClusterCommand, IDeadLetterSuppression;

/// <summary>The node's own shutdown is so far that the others may forget it.</summary>
internal sealed record ExitingCompleted : IClusterCommand
{
    public static readonly ExitingCompleted Instance = new();
}

/// <summary>All that had arrived when a reply became due has been heard.</summary>
internal sealed record Settle : IClusterCommand, IDeadLetterSuppression
{
    public static readonly Settle Instance = new();
}

/// <summary>What a node wants done.</summary>
internal abstract record ClusterEffect
{
    private ClusterEffect()
    {
    }

    /// <summary>To the membership actor of a node, by its name.</summary>
    public sealed record Send(Address To, IClusterMessage Message) : ClusterEffect;

    /// <summary>To whoever sent the message that is just being handled.</summary>
    public sealed record Reply(IClusterMessage Message) : ClusterEffect;

    /// <summary>Tell <see cref="Settle"/>, behind what has arrived by now. The sender of the message that is just being
    /// handled may then be given an <see cref="Answer"/>.</summary>
    public sealed record SettleSoon(UniqueAddress Asker) : ClusterEffect;

    /// <summary>To the sender of that node's message that was handled last.</summary>
    public sealed record Answer(UniqueAddress To, IClusterMessage Message) : ClusterEffect;

    /// <summary>Tell the subscribers. <paramref name="Gossip"/> is the state after these events.</summary>
    public sealed record Publish(Gossip Gossip, ImmutableArray<ClusterEvent.IClusterDomainEvent> Events)
        : ClusterEffect;

    /// <summary>Try to take the lease of the downing strategy, and tell <see cref="LeaseAnswered"/> in any case.</summary>
    public sealed record AcquireLease(long Question) : ClusterEffect;

    /// <summary>Give that lease back.</summary>
    public sealed record ReleaseLease : ClusterEffect;

    /// <summary>Start the node's own orderly shutdown.</summary>
    public sealed record RunCoordinatedShutdown(ShutdownCause Cause) : ClusterEffect;

    /// <summary>The node is out: stop the cluster's actors.</summary>
    public sealed record Stop(bool WasDown) : ClusterEffect;

    /// <param name="Text">With <c>{0}</c> placeholders for <paramref name="Arguments"/>.</param>
    public sealed record Log(NoteLevel Level, string Text, ImmutableArray<object> Arguments) : ClusterEffect;
}

internal enum ShutdownCause
{
    /// <summary>The leader moved this node to Exiting.</summary>
    Leaving,

    /// <summary>No seed node let it in in time.</summary>
    JoinUnsuccessful,
}

internal enum NoteLevel
{
    Debug,
    Info,
    Warning,
    Error,
}
