using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>
/// What nodes say to each other about membership: the serializer with id 5 writes these and nothing else.
/// </summary>
internal interface IClusterMessage;

/// <summary>Is there a cluster at your place?</summary>
internal sealed record InitJoin : IClusterMessage
{
    public static readonly InitJoin Instance = new();
}

/// <summary>Yes; join me.</summary>
internal sealed record InitJoinAck(Address Address) : IClusterMessage;

/// <summary>Not yet, or I am going.</summary>
internal sealed record InitJoinNack(Address Address) : IClusterMessage;

/// <summary>Let me in.</summary>
internal sealed record Join(Joiner Joiner) : IClusterMessage;

/// <summary>You are in; this is the state of things.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage;

/// <summary>The member at this address wants to go in good order.</summary>
internal sealed record Leave(Address Address) : IClusterMessage;

/// <summary>The member at this address is to be regarded as dead.</summary>
internal sealed record Down(Address Address) : IClusterMessage;

/// <summary>I have finished my own shutdown and will not be heard again.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : IClusterMessage;

/// <summary>A state for exactly one life of one node.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : IClusterMessage;

/// <summary>Only the version of a state, to find out who has news.</summary>
internal sealed record GossipStatus(UniqueAddress From, VectorClock Version) : IClusterMessage;

/// <summary>Are you there?</summary>
/// <param name="SequenceNr">Counts the heartbeats of the sender; -1 in the form that nodes before 1.4.19
/// understand.</param>
/// <param name="CreationTimeNanos">Nanoseconds of the sender's monotonic clock; meaningful to the sender only.</param>
internal sealed record Heartbeat(Address From, long SequenceNr, long CreationTimeNanos) : IClusterMessage;

/// <summary>Yes. Number and time are echoed.</summary>
internal sealed record HeartbeatResponse(UniqueAddress From, long SequenceNr, long CreationTimeNanos)
    : IClusterMessage;
