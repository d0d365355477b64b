using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>What mediators write to one another: the serializer with id 9.</summary>
public interface IDistributedPubSubMessage;

// These are not positional: the names of their parameters are part of the mirrored API, and begin small.

/// <summary>Makes a local actor reachable by <see cref="Send"/> under its path, until it dies.</summary>
public sealed record Put
{
    /// <exception cref="ArgumentNullException">There is no actor.</exception>
    public Put(IActorRef @ref) => Ref = Wanted.Actor(@ref);

    public IActorRef Ref { get; }
}

/// <summary>Takes a path away from the local registry.</summary>
public sealed record Remove
{
    /// <exception cref="ArgumentNullException">There is no path.</exception>
    public Remove(string path) => Path = Wanted.Path(path);

    public string Path { get; }
}

/// <summary>Subscribes a local actor to a topic; the sender gets a <see cref="SubscribeAck"/>.</summary>
public sealed record Subscribe
{
    /// <exception cref="ArgumentException">The topic is empty, or there is no actor.</exception>
    public Subscribe(string topic, IActorRef @ref, string? group = null) =>
        (Topic, Ref, Group) = (Wanted.Topic(topic), Wanted.Actor(@ref), group);

    public string Topic { get; }

    public IActorRef Ref { get; }

    /// <summary>Within a group one subscriber gets each message that is published to groups.</summary>
    public string? Group { get; }
}

/// <summary>Ends a subscription; the sender gets an <see cref="UnsubscribeAck"/>.</summary>
public sealed record Unsubscribe
{
    /// <exception cref="ArgumentException">The topic is empty, or there is no actor.</exception>
    public Unsubscribe(string topic, IActorRef @ref, string? group = null) =>
        (Topic, Ref, Group) = (Wanted.Topic(topic), Wanted.Actor(@ref), group);

    public string Topic { get; }

    public IActorRef Ref { get; }

    public string? Group { get; }
}

public sealed record SubscribeAck : IDeadLetterSuppression
{
    public SubscribeAck(Subscribe subscribe) => Subscribe = subscribe;

    public Subscribe Subscribe { get; }
}

public sealed record UnsubscribeAck
{
    public UnsubscribeAck(Unsubscribe unsubscribe) => Unsubscribe = unsubscribe;

    public Unsubscribe Unsubscribe { get; }
}

/// <summary>To all subscribers of the topic in the cluster that are in no group.</summary>
public sealed record Publish : IDistributedPubSubMessage
{
    /// <exception cref="ArgumentException">The topic is empty, or there is no message.</exception>
    public Publish(string topic, object message, bool sendOneMessageToEachGroup = false) =>
        (Topic, Message, SendOneMessageToEachGroup) =
            (Wanted.Topic(topic), Wanted.Message(message), sendOneMessageToEachGroup);

    public string Topic { get; }

    public object Message { get; }

    /// <summary>Instead to one subscriber of each group; those without a group get none.</summary>
    public bool SendOneMessageToEachGroup { get; }
}

/// <summary>To one actor that was put under this path, anywhere.</summary>
public sealed record Send : IDistributedPubSubMessage
{
    /// <exception cref="ArgumentNullException">There is no path or no message.</exception>
    public Send(string path, object message, bool localAffinity = false) =>
        (Path, Message, LocalAffinity) = (Wanted.Path(path), Wanted.Message(message), localAffinity);

    public string Path { get; }

    public object Message { get; }

    /// <summary>Rather to one on this node.</summary>
    public bool LocalAffinity { get; }
}

/// <summary>To all actors that were put under this path.</summary>
public sealed record SendToAll : IDistributedPubSubMessage
{
    /// <exception cref="ArgumentNullException">There is no path or no message.</exception>
    public SendToAll(string path, object message, bool excludeSelf = false) =>
        (Path, Message, ExcludeSelf) = (Wanted.Path(path), Wanted.Message(message), excludeSelf);

    public string Path { get; }

    public object Message { get; }

    /// <summary>But not on this node.</summary>
    public bool ExcludeSelf { get; }
}

/// <summary>Asks for the topics that this node knows.</summary>
public sealed record GetTopics
{
    public static GetTopics Instance { get; } = new();
}

public sealed record CurrentTopics
{
    public CurrentTopics(IImmutableSet<string> topics) => Topics = topics;

    public IImmutableSet<string> Topics { get; }
}

/// <summary>Which versions of whose buckets a mediator has.</summary>
internal sealed record Status(ImmutableSortedDictionary<Address, long> Versions, bool IsReplyToStatus)
    : IDistributedPubSubMessage
{
    public override string ToString() => $"Status({(IsReplyToStatus ? "reply, " : "")}" +
        $"{string.Join(", ", Versions.Select(each => $"{each.Key} at {each.Value}"))})";
}

/// <summary>What another does not have yet.</summary>
internal sealed record Delta(ImmutableArray<Bucket> Buckets) : IDistributedPubSubMessage
{
    public override string ToString() => $"Delta({string.Join(", ", Buckets.Select(each =>
        $"{each.Owner} at {each.Version}: {string.Join(", ", each.Content.Select(Text))}"))})";

    private static string Text(KeyValuePair<string, Entry> entry) =>
        entry.Value.Ref.Length == 0 ? $"no {entry.Key}" : entry.Key;
}

/// <summary>To a group: one of you.</summary>
internal sealed record SendToOneSubscriber(object Message) : IDistributedPubSubMessage;

/// <summary>What a message to a mediator needs: whoever makes one without it hears so, and not the mediator.</summary>
file static class Wanted
{
    public static string Topic(string topic) => string.IsNullOrEmpty(topic)
        ? throw new ArgumentException("The topic must not be null or empty.", nameof(topic))
        : topic;

    public static string Path(string path) => path ?? throw new ArgumentNullException(nameof(path));

    public static object Message(object message) => message ?? throw new ArgumentNullException(nameof(message));

    public static IActorRef Actor(IActorRef @ref) => @ref ?? throw new ArgumentNullException(nameof(@ref));
}
