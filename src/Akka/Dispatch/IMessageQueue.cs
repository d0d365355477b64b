using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch
{
    /// <summary>What a queue promises; an actor can require it, and a mailbox type say that it gives it.</summary>
    public interface ISemantics
    {
    }

    /// <summary>A queue that never refuses.</summary>
    public interface IUnboundedMessageQueueSemantics : ISemantics
    {
    }

    /// <summary>A queue with a limit.</summary>
    public interface IBoundedMessageQueueSemantics : ISemantics
    {
        /// <summary>How long a sender waits for room before its message becomes a dead letter.</summary>
        TimeSpan PushTimeOut { get; }
    }

    /// <summary>A queue that several threads may take from at once.</summary>
    public interface IMultipleConsumerSemantics : ISemantics
    {
    }

    /// <summary>A queue that gives out control messages before all others.</summary>
    public interface IControlAwareMessageQueueSemantics : ISemantics
    {
    }

    /// <summary>A queue that messages can be put in front of.</summary>
    public interface IDequeBasedMessageQueueSemantics : ISemantics
    {
        void EnqueueFirst(Envelope envelope);
    }

    /// <summary>A queue that messages can be put in front of, and that never refuses.</summary>
    public interface IUnboundedDequeBasedMessageQueueSemantics
        : IDequeBasedMessageQueueSemantics, IUnboundedMessageQueueSemantics
    {
    }

    /// <summary>A queue that messages can be put in front of, with a limit.</summary>
    public interface IBoundedDequeBasedMessageQueueSemantics
        : IDequeBasedMessageQueueSemantics, IBoundedMessageQueueSemantics
    {
    }

    /// <summary>An actor that needs a certain kind of queue.</summary>
    public interface IRequiresMessageQueue<T> where T : ISemantics
    {
    }

    /// <summary>A mailbox type that makes a certain kind of queue.</summary>
    public interface IProducesMessageQueue<TQueue> where TQueue : IMessageQueue
    {
    }

    /// <summary>A message that overtakes the others in a control-aware mailbox.</summary>
    public interface IControlMessage
    {
    }
}

namespace Akka.Dispatch.MessageQueues
{
    /// <summary>The queue of a mailbox: any thread may enqueue, the actor's turn dequeues.</summary>
    public interface IMessageQueue
    {
        bool HasMessages { get; }

        int Count { get; }

        void Enqueue(IActorRef receiver, Envelope envelope);

        bool TryDequeue(out Envelope envelope);

        /// <summary>The owner is gone: hands what is left to the queue of the dead letters.</summary>
        void CleanUp(IActorRef owner, IMessageQueue deadletters);
    }
}

namespace Akka.Actor
{
    /// <summary>A message with its sender.</summary>
    public readonly struct Envelope(object message, IActorRef? sender)
    {
        public Envelope(object message, IActorRef? sender, ActorSystem system)
            : this(message, sender ?? system.DeadLetters)
        {
        }

        public object Message { get; } = message;

        public IActorRef? Sender { get; } = sender;

        public override string ToString() => $"<{Event.MessageText.Of(Message)}> from {(Sender is null ? "no sender" : Sender.ToString())}";
    }
}
