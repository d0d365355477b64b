using Akka.Dispatch;

namespace Akka.Actor
{
    /// <summary>An actor that can put messages aside.</summary>
    public interface IActorStash
    {
        /// <summary>Set by the engine right after the actor's construction.</summary>
        IStash Stash { get; set; }
    }

    /// <summary>An actor with a stash whose size the mailbox's configuration limits (<c>stash-capacity</c>).</summary>
    public interface IWithStash : IActorStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>
    {
    }

    /// <summary>An actor with a stash without a limit.</summary>
    public interface IWithUnboundedStash
        : IActorStash, IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>
    {
    }

    /// <summary>An actor with a stash with a limit.</summary>
    public interface IWithBoundedStash : IActorStash, IRequiresMessageQueue<IBoundedDequeBasedMessageQueueSemantics>
    {
    }

    /// <summary>Messages put aside, to be handled before all others once the actor is ready for them.</summary>
    public interface IStash
    {
        int Count { get; }

        bool IsEmpty { get; }

        bool NonEmpty { get; }

        bool IsFull { get; }

        /// <summary>How many it can hold; -1 is without a limit.</summary>
        int Capacity { get; }

        /// <summary>Puts the message that is being handled aside.</summary>
        /// <exception cref="IllegalActorStateException">It has been stashed already.</exception>
        /// <exception cref="StashOverflowException">The stash is full.</exception>
        void Stash();

        /// <summary>Puts the oldest stashed message in front of the mailbox.</summary>
        void Unstash();

        void UnstashAll();

        /// <summary>Puts those stashed messages in front of the mailbox for which this is true; the others
        /// stay.</summary>
        void UnstashAll(Func<Envelope, bool> predicate);

        IEnumerable<Envelope> ClearStash();

        /// <summary>Puts messages in front of those already stashed.</summary>
        void Prepend(IEnumerable<Envelope> envelopes);
    }

    /// <summary>The stash is full.</summary>
    public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);
}

namespace Akka.Actor.Internal
{
    internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
    {
        private readonly LinkedList<Envelope> _messages = new();

        public int Count => _messages.Count;

        public bool IsEmpty => _messages.Count == 0;

        public bool NonEmpty => _messages.Count > 0;

        public bool IsFull => capacity >= 0 && _messages.Count >= capacity;

        public int Capacity => capacity;

        public static void Give(ActorBase actor, ActorStash stash) => ((IActorStash)actor).Stash = stash;

        public void Stash()
        {
            object message = cell.CurrentMessage
                ?? throw new IllegalActorStateException($"{cell.Self} handles no message, so there is none to stash.");
            if (_messages.Last is { } last && ReferenceEquals(last.Value.Message, message)
                && ReferenceEquals(last.Value.Sender, cell.CurrentSender))
            {
                throw new IllegalActorStateException($"{cell.Self} cannot stash the same message twice: {Event.MessageText.Of(message)}.");
            }
            if (IsFull)
            {
                throw new StashOverflowException(
                    $"The stash of {cell.Self} is full with {capacity} messages; its mailbox's stash-capacity sets"
                    + " the limit.");
            }
            _messages.AddLast(new Envelope(message, cell.CurrentSender));
        }

        public void Unstash()
        {
            if (_messages.First is not { } first) return;
            _messages.RemoveFirst();
            cell.Mailbox.Prepend(first.Value.Message, first.Value.Sender);
        }

        public void UnstashAll()
        {
            for (LinkedListNode<Envelope>? node = _messages.Last; node is not null; node = node.Previous)
                cell.Mailbox.Prepend(node.Value.Message, node.Value.Sender);
            _messages.Clear();
        }

        public void UnstashAll(Func<Envelope, bool> predicate)
        {
            for (LinkedListNode<Envelope>? node = _messages.Last; node is not null;)
            {
                LinkedListNode<Envelope>? previous = node.Previous;
                if (predicate(node.Value))
                {
                    cell.Mailbox.Prepend(node.Value.Message, node.Value.Sender);
                    _messages.Remove(node);
                }
                node = previous;
            }
        }

        public IEnumerable<Envelope> ClearStash()
        {
            Envelope[] all = [.. _messages];
            _messages.Clear();
            return all;
        }

        public void Prepend(IEnumerable<Envelope> envelopes)
        {
            foreach (Envelope envelope in envelopes.Reverse()) _messages.AddFirst(envelope);
        }
    }
}
