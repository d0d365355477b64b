using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>One waiting message. A node belongs to one list at a time.</summary>
/// <remarks>
/// Each thread keeps the nodes that it emptied last, so that actors that answer one another allocate nothing: the node of
/// the message that is being handled is the node of the answer. A node is in no shared list when it is given back, and
/// pushes are not confused by one that returns: they compare the head with what they link to, and takes are whole.
/// </remarks>
internal sealed class MessageNode
{
    /// <summary>Kept per thread: two turns of the default throughput; beyond that the collector is as good.</summary>
    internal const int KeptPerThread = 64;

    [ThreadStatic]
    private static Kept? t_kept;

    public object Message = null!;
    public IActorRef? Sender;
    public MessageNode? Next;

    public static MessageNode Rent(object message, IActorRef? sender)
    {
        Kept? kept = t_kept;
        MessageNode? node = kept?.Top;
        if (node is null) return new MessageNode { Message = message, Sender = sender };
        kept!.Top = node.Next;
        kept.Count--;
        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>For whoever took the node out of its list; it must not be touched any more.</summary>
    public static void Return(MessageNode node)
    {
        node.Message = null!;
        node.Sender = null;
        Kept kept = t_kept ??= new Kept();
        if (kept.Count == KeptPerThread) return;
        node.Next = kept.Top;
        kept.Top = node;
        kept.Count++;
    }

    private sealed class Kept
    {
        public MessageNode? Top;
        public int Count;
    }
}

/// <summary>
/// Many producers, one consumer, one compare-and-swap a message. Producers push on a linked stack; the consumer takes
/// the whole stack at once, reverses it, and goes on from that private list without touching shared memory.
/// </summary>
/// <remarks>
/// The head word also tells whether anybody works on the queue, so that a push and the decision to schedule are one
/// step: <code>
/// (new)  null               a stack is born awake: whoever makes it schedules the first turn
/// Idle   --push--> node      the pusher must schedule the consumer
/// node   --push--> node      the consumer is on its way
/// null   --push--> node      the consumer is running and has taken what was there
/// node   --take--> null      consumer only
/// null   --TryGoIdle--> Idle consumer only; fails when something was pushed meanwhile
/// Idle   --TryWake--> null   whoever has other work for the consumer (system messages, a queue of its own kind)
/// any    --Close--> Closed   consumer only, for ever
/// </code>
/// Every change of the head is an interlocked operation, hence a full fence: what a producer wrote before its push is
/// seen by the consumer after its take, and a consumer that went idle looks at its other sources after the fence.
/// </remarks>
internal struct MessageStack
{
    private static readonly MessageNode Idle = new();
    private static readonly MessageNode Closed = new();

    private MessageNode? _head;

    // Oldest first; consumer's own. The last node is kept so that a suspended consumer can add what it takes.
    private MessageNode? _first;
    private MessageNode? _last;

    public bool IsClosed => ReferenceEquals(Volatile.Read(ref _head), Closed);

    /// <summary>Something is waiting, as far as the consumer can tell without taking.</summary>
    public readonly bool HasWaiting
    {
        get
        {
            if (_first is not null) return true;
            MessageNode? head = Volatile.Read(in _head);
            return head is not null && !ReferenceEquals(head, Idle) && !ReferenceEquals(head, Closed);
        }
    }

    public PushResult Push(MessageNode node)
    {
        while (true)
        {
            MessageNode? head = Volatile.Read(ref _head);
            if (ReferenceEquals(head, Closed)) return PushResult.Closed;
            bool idle = ReferenceEquals(head, Idle);
            node.Next = idle ? null : head;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, node, head), head))
                return idle ? PushResult.MustSchedule : PushResult.Pushed;
        }
    }

    /// <returns>True if the consumer slept and the caller must schedule it now.</returns>
    public bool TryWake() =>
        ReferenceEquals(Volatile.Read(ref _head), Idle)
        && ReferenceEquals(Interlocked.CompareExchange(ref _head, null, Idle), Idle);

    /// <returns>False if something was pushed since the last take.</returns>
    public bool TryGoIdle() => Interlocked.CompareExchange(ref _head, Idle, null) is null;

    /// <summary>Consumer only: the oldest node, or null if there is nothing.</summary>
    public MessageNode? Take()
    {
        MessageNode? node = _first;
        if (node is null)
        {
            TakeAll();
            node = _first;
            if (node is null) return null;
        }
        _first = node.Next;
        if (_first is null) _last = null;
        node.Next = null;
        return node;
    }

    /// <summary>Consumer only: moves everything pushed so far to the private list.</summary>
    public void TakeAll()
    {
        // A plain look first: an empty head needs no exchange.
        if (Volatile.Read(ref _head) is null) return;
        MessageNode? newest = Interlocked.Exchange(ref _head, null);
        if (newest is null) return;
        MessageNode? oldest = null;
        for (MessageNode? node = newest; node is not null;)
        {
            MessageNode? next = node.Next;
            node.Next = oldest;
            oldest = node;
            node = next;
        }
        if (_last is null) _first = oldest;
        else _last.Next = oldest;
        _last = newest;
    }

    /// <summary>Consumer only: puts a node before everything else.</summary>
    public void Prepend(MessageNode node)
    {
        node.Next = _first;
        _first = node;
        _last ??= node;
    }

    /// <summary>Consumer only: refuses all further pushes and returns what was left, oldest first.</summary>
    public MessageNode? Close()
    {
        TakeAll();
        MessageNode? late = Interlocked.Exchange(ref _head, Closed);
        MessageNode? oldest = null;
        while (late is not null && !ReferenceEquals(late, Idle) && !ReferenceEquals(late, Closed))
        {
            MessageNode? next = late.Next;
            late.Next = oldest;
            oldest = late;
            late = next;
        }
        if (_last is null) _first = oldest;
        else _last.Next = oldest;
        MessageNode? left = _first;
        _first = _last = null;
        return left;
    }

    /// <summary>Consumer only, for display: how many wait.</summary>
    public readonly int Count()
    {
        int count = 0;
        for (MessageNode? node = _first; node is not null; node = node.Next) count++;
        MessageNode? head = Volatile.Read(in _head);
        if (ReferenceEquals(head, Idle) || ReferenceEquals(head, Closed)) return count;
        for (MessageNode? node = head; node is not null; node = node.Next) count++;
        return count;
    }
}

/// <summary>What a push to a <see cref="MessageStack"/> asks of the pusher.</summary>
internal enum PushResult
{
    /// <summary>The consumer is awake and will see it.</summary>
    Pushed,

    /// <summary>The consumer slept; the pusher has to schedule it.</summary>
    MustSchedule,

    /// <summary>Nobody will ever read it; the node was not taken.</summary>
    Closed,
}
