using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>First in, first out, without a limit; the queue that a mailbox has built in, as an object of its
/// own.</summary>
public class UnboundedMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<Envelope> _queue = new();

    public bool HasMessages => !_queue.IsEmpty;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(envelope);

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out Envelope envelope)) deadletters.Enqueue(owner, envelope);
    }
}

/// <summary>A queue behind one lock: shared memory's second home. Subclasses say how the messages are kept.</summary>
/// <remarks>
/// The lock is taken for a few instructions, by senders and by the actor's turn. <see cref="HasMessages"/> and
/// <see cref="Count"/> read a counter that is written under the lock; a turn that ends reads it after the fence of
/// going idle, and a sender wakes the mailbox after leaving the lock, so a message is never left to a sleeping actor.
/// </remarks>
public abstract class LockedMessageQueue : IMessageQueue
{
    private readonly Lock _lock = new();
    private int _count;

    public bool HasMessages => Volatile.Read(ref _count) > 0;

    public int Count => Volatile.Read(ref _count);

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        lock (_lock)
        {
            AddLocked(envelope);
            Volatile.Write(ref _count, _count + 1);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                envelope = default;
                return false;
            }
            envelope = TakeLocked();
            Volatile.Write(ref _count, _count - 1);
        }
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out Envelope envelope)) deadletters.Enqueue(owner, envelope);
    }

    protected void EnqueueFirst(Envelope envelope)
    {
        lock (_lock)
        {
            AddFirstLocked(envelope);
            Volatile.Write(ref _count, _count + 1);
        }
    }

    protected abstract void AddLocked(Envelope envelope);

    /// <summary>Called only while there is something to take.</summary>
    protected abstract Envelope TakeLocked();

    protected virtual void AddFirstLocked(Envelope envelope) =>
        throw new NotSupportedException("This queue has an order of its own; nothing can be put in front of it.");
}

/// <summary>A queue that messages can be put in front of.</summary>
public sealed class UnboundedDequeMessageQueue : LockedMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly LinkedList<Envelope> _list = new();

    void IDequeBasedMessageQueueSemantics.EnqueueFirst(Envelope envelope) => EnqueueFirst(envelope);

    protected override void AddLocked(Envelope envelope) => _list.AddLast(envelope);

    protected override void AddFirstLocked(Envelope envelope) => _list.AddFirst(envelope);

    protected override Envelope TakeLocked()
    {
        Envelope first = _list.First!.Value;
        _list.RemoveFirst();
        return first;
    }
}

/// <summary>Lowest number first; equal numbers in order of arrival.</summary>
public class UnboundedPriorityMessageQueue(Func<object, int> priorityGenerator, int initialCapacity)
    : LockedMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly PriorityQueue<Envelope, (int Priority, long Arrival)> _heap = new(initialCapacity);
    private long _arrivals;

    protected override void AddLocked(Envelope envelope) =>
        _heap.Enqueue(envelope, (priorityGenerator(envelope.Message), _arrivals++));

    protected override Envelope TakeLocked() => _heap.Dequeue();
}

/// <summary>Messages marked <see cref="IControlMessage"/> come before all others.</summary>
public sealed class UnboundedControlAwareMessageQueue
    : LockedMessageQueue, IUnboundedMessageQueueSemantics, IControlAwareMessageQueueSemantics
{
    private readonly Queue<Envelope> _control = new();
    private readonly Queue<Envelope> _ordinary = new();

    protected override void AddLocked(Envelope envelope) =>
        (envelope.Message is IControlMessage ? _control : _ordinary).Enqueue(envelope);

    protected override Envelope TakeLocked() => _control.Count > 0 ? _control.Dequeue() : _ordinary.Dequeue();
}
