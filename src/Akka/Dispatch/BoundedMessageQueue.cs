using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// A queue with a limit. A sender who finds it full waits for room as long as the mailbox's push timeout says, and
/// then its message is a dead letter; with a timeout of zero it is one at once. Messages that the actor itself puts
/// in front (unstashing) are never refused, because they were counted once already.
/// </summary>
/// <remarks>
/// Shared memory, home two: one monitor, in which senders wait for room. Waiting holds up the sender's thread, so
/// where a whole node runs on one thread, or where the owner sends to itself, nobody waits.
/// </remarks>
public sealed class BoundedMessageQueue : IMessageQueue, IBoundedDequeBasedMessageQueueSemantics
{
    private readonly object _lock = new();
    private readonly LinkedList<Envelope> _messages = new();
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly bool _mayWait;
    private int _count;

    internal BoundedMessageQueue(int capacity, TimeSpan pushTimeOut, TimeProvider time, bool mayWait)
    {
        if (capacity < 1)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity,
                "A mailbox must hold at least one message.");
        _capacity = capacity;
        PushTimeOut = pushTimeOut;
        _time = time;
        _mayWait = mayWait;
    }

    public TimeSpan PushTimeOut { get; }

    public bool HasMessages => Volatile.Read(ref _count) > 0;

    public int Count => Volatile.Read(ref _count);

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        bool taken;
        lock (_lock)
        {
            taken = WaitForRoomLocked(receiver);
            if (taken)
            {
                _messages.AddLast(envelope);
                Volatile.Write(ref _count, _messages.Count);
            }
        }
        if (taken || receiver is not IInternalActorRef owner) return;
        IActorRef deadLetters = owner.Provider.DeadLetters;
        deadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender ?? deadLetters, receiver), envelope.Sender);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_lock)
        {
            if (_messages.First is not { } first)
            {
                envelope = default;
                return false;
            }
            envelope = first.Value;
            _messages.RemoveFirst();
            Volatile.Write(ref _count, _messages.Count);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    public void EnqueueFirst(Envelope envelope)
    {
        lock (_lock)
        {
            _messages.AddFirst(envelope);
            Volatile.Write(ref _count, _messages.Count);
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out Envelope envelope)) deadletters.Enqueue(owner, envelope);
    }

    private bool WaitForRoomLocked(IActorRef receiver)
    {
        if (_messages.Count < _capacity) return true;
        if (!_mayWait || PushTimeOut <= TimeSpan.Zero
            || receiver.Equals(ActorCell.GetCurrentSelfOrNoSender())) return false;
        long start = _time.GetTimestamp();
        while (_messages.Count >= _capacity)
        {
            TimeSpan left = PushTimeOut - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) return false;
            Monitor.Wait(_lock, left);
        }
        return true;
    }
}
