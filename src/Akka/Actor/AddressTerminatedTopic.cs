using Akka.Event;

namespace Akka.Actor;

/// <summary>Tells those who watch somebody on another node that the whole node is gone.</summary>
internal sealed class AddressTerminatedTopic : IExtension
{
    private readonly Lock _lock = new();
    private readonly OrderedMap<IActorRef, bool> _subscribers = new();

    public static AddressTerminatedTopic Get(ActorSystem system) =>
        (AddressTerminatedTopic)system.RegisterExtension(Id.Instance);

    public void Subscribe(IActorRef subscriber)
    {
        lock (_lock) _subscribers.TryAdd(subscriber, true);
    }

    public void Unsubscribe(IActorRef subscriber)
    {
        lock (_lock) _subscribers.Remove(subscriber);
    }

    public void Publish(AddressTerminated message)
    {
        KeyValuePair<IActorRef, bool>[] all;
        lock (_lock) all = _subscribers.ToArray();
        foreach ((IActorRef subscriber, _) in all) subscriber.Tell(message, ActorRefs.NoSender);
    }

    private sealed class Id : ExtensionIdProvider<AddressTerminatedTopic>
    {
        public static readonly Id Instance = new();

        public override AddressTerminatedTopic CreateExtension(ExtendedActorSystem system) => new();
    }
}
