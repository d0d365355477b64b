using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>What mediators write to one another: the serializer with id 9.</summary>
public interface IDistributedPubSubMessage;

/// <summary>Makes a local actor reachable by <see cref="Send"/> under its path, until it dies.</summary>
public sealed record Put(IActorRef Ref);

/// <summary>Takes a path away from the local registry.</summary>
public sealed record Remove(string Path);

/// <summary>Subscribes a local actor to a topic; the sender gets a <see cref="SubscribeAck"/>.</summary>
/// <param name="Group">Within a group one subscriber gets each message that is published to groups.</param>
public sealed record Subscribe(string Topic, IActorRef Ref, string? Group = null);

/// <summary>Ends a subscription; the sender gets an <see cref="UnsubscribeAck"/>.</summary>
public sealed record Unsubscribe(string Topic, IActorRef Ref, string? Group = null);

public sealed record SubscribeAck(Subscribe Subscribe);

public sealed record UnsubscribeAck(Unsubscribe Unsubscribe);

/// <summary>To all subscribers of the topic in the cluster.</summary>
/// <param name="SendOneMessageToEachGroup">Instead to one subscriber of each group; those without a group get
/// none.</param>
public sealed record Publish(string Topic, object Message, bool SendOneMessageToEachGroup = false)
    : IDistributedPubSubMessage;

/// <summary>To one actor that was put under this path, anywhere.</summary>
/// <param name="LocalAffinity">Rather to one on this node.</param>
public sealed record Send(string Path, object Message, bool LocalAffinity = false) : IDistributedPubSubMessage;

/// <summary>To all actors that were put under this path.</summary>
/// <param name="ExcludeSelf">But not on this node.</param>
public sealed record SendToAll(string Path, object Message, bool ExcludeSelf = false) : IDistributedPubSubMessage;

/// <summary>Asks for the topics that this node knows.</summary>
public sealed record GetTopics
{
    public static readonly GetTopics Instance = new();
}

public sealed record CurrentTopics(IImmutableSet<string> Topics);

/// <summary>Which versions of whose buckets a mediator has.</summary>
internal sealed record Status(ImmutableSortedDictionary<Address, long> Versions, bool IsReplyToStatus)
    : IDistributedPubSubMessage;

/// <summary>What another does not have yet.</summary>
internal sealed record Delta(ImmutableArray<Bucket> Buckets) : IDistributedPubSubMessage;

/// <summary>To a group: one of you.</summary>
internal sealed record SendToOneSubscriber(object Message) : IDistributedPubSubMessage;
