using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Internal;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// The local subscribers of one topic, or of one group of it. What it gets goes on to all of them with the sender it
/// came from; a <see cref="SendToOneSubscriber"/> to the next in turn.
/// </summary>
internal sealed class Topic : UntypedActor
{
    private readonly List<IActorRef> _subscribers = [];
    private int _turn;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Subscribe subscribe:
                if (!_subscribers.Contains(subscribe.Ref)) _subscribers.Add(Context.Watch(subscribe.Ref));
                Context.Parent.Forward(new Joined(Self, subscribe));
                break;
            case Unsubscribe unsubscribe:
                Context.Unwatch(unsubscribe.Ref);
                Leave(unsubscribe.Ref);
                Sender.Tell(new UnsubscribeAck(unsubscribe), Self);
                break;
            case CountSubscribers:
                Sender.Tell(_subscribers.Count, Self);
                break;
            case Terminated dead:
                Leave(dead.ActorRef);
                break;
            case SendToOneSubscriber send:
                if (_subscribers.Count > 0) _subscribers[_turn++ % _subscribers.Count].Forward(send.Message);
                break;
            default:
                foreach (IActorRef subscriber in _subscribers) subscriber.Forward(message);
                break;
        }
    }

    private void Leave(IActorRef subscriber)
    {
        if (_subscribers.Remove(subscriber) && _subscribers.Count == 0) Context.Parent.Tell(new Empty(Self), Self);
    }

    /// <summary>To the parent: somebody subscribed, so the topic is to be found here.</summary>
    internal sealed record Joined(IActorRef Topic, Subscribe Subscribe) : INoSerializationVerificationNeeded;

    /// <summary>To the parent: nobody is left.</summary>
    internal sealed record Empty(IActorRef Topic) : INoSerializationVerificationNeeded;
}
