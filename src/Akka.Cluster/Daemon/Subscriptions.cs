using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Daemon;

/// <summary>
/// Who wants to hear of what. Events go out in the order in which actors subscribed, and then to those who listen at the
/// system's event stream; who does both hears of each once.
/// </summary>
internal sealed class Subscriptions(EventStream stream)
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

        foreach (IActorRef listener in stream.SubscribersOf(news.GetType()))
        {
            if (!IsTold(listener, news)) listener.Tell(news, ActorRefs.NoSender);
        }
    }

    /// <summary>Everybody who may have been told of anything.</summary>
    public IEnumerable<IActorRef> Audience() => _subscriptions.Select(each => each.Subscriber)
        .Union(stream.SubscribersAround(typeof(ClusterEvent.IClusterDomainEvent)));

    private bool IsTold(IActorRef listener, ClusterEvent.IClusterDomainEvent news)
    {
        int at = _subscriptions.FindIndex(each => each.Subscriber.Equals(listener));
        return at >= 0 && Wants(_subscriptions[at].To, news);
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
