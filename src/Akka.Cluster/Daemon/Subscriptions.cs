using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Daemon;

/// <summary>Who wants to hear of what. Events go out in the order in which actors subscribed.</summary>
internal sealed class Subscriptions
{
    private readonly List<(IActorRef Subscriber, ImmutableArray<Type> To)> _subscriptions = [];

    public void Add(IActorRef subscriber, ImmutableArray<Type> to)
    {
        int at = _subscriptions.FindIndex(each => each.Subscriber.Equals(subscriber));
        if (at >= 0) _subscriptions[at] = (subscriber, [.. _subscriptions[at].To.Union(to)]);
        else _subscriptions.Add((subscriber, to));
    }

    /// <returns>Whether the subscriber wants nothing more.</returns>
    public bool Remove(IActorRef subscriber, Type? to)
    {
        int at = _subscriptions.FindIndex(each => each.Subscriber.Equals(subscriber));
        if (at < 0) return true;
        ImmutableArray<Type> left = to is null ? [] : _subscriptions[at].To.RemoveAll(to.IsAssignableFrom);
        if (left.IsEmpty) _subscriptions.RemoveAt(at);
        else _subscriptions[at] = (subscriber, left);
        return left.IsEmpty;
    }

    public void Publish(ClusterEvent.IClusterDomainEvent news, IActorRef from)
    {
        foreach ((IActorRef subscriber, ImmutableArray<Type> to) in _subscriptions)
        {
            if (Wants(to, news)) subscriber.Tell(news, from);
        }
    }

    public static bool Wants(ImmutableArray<Type> to, ClusterEvent.IClusterDomainEvent news)
    {
        foreach (Type type in to)
        {
            if (type.IsInstanceOfType(news)) return true;
        }

        return false;
    }
}
