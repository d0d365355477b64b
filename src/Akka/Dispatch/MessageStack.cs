using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>One waiting message. A node belongs to one list at a time.</summary>
/// <remarks>
/// Each thread keeps the nodes that it emptied last (<see cref="TurnThread"/>), so that actors that answer one another
/// allocate nothing. A node is the head of no stack when it is given back, and pushes are not confused by one that
/// returns: they compare the head with what they link to, and never read what is in it.
/// </remarks>
internal sealed class MessageNode
{
    public object? Message;
    public IActorRef? Sender;
    public MessageNode? Next;

    /// <summary>The message was read; the node can be used again as soon as nobody links to it.</summary>
    public bool IsRead => Message is null;

    public void Empty()
    {
        Message = null;
        Sender = null;
        Next = null;
    }
}

/// <summary>
/// Where messages of many senders wait for one consumer: a linked stack whose head word also says whether the consumer
/// sleeps. A push is one compare-and-swap, whatever the state; a turn of the consumer, however many messages it reads, is
/// one more, to fall asleep.
/// </summary>
/// <remarks>
/// The head is
/// <code>
///   null      the consumer sleeps; whoever replaces it must schedule the consumer
///   Awake     the consumer is scheduled or runs, and nothing was pushed since it was woken
///   a node    the newest message; below it the older ones, down to null or to the newest that the consumer has seen
///   Closed    nobody will ever read again
/// </code>
/// The consumer reads without taking: it looks at the head, remembers it (<c>_seen</c>), and links what is above the
/// formerly seen one the other way round into a list of its own, where the oldest comes first. Pushers write only into
/// their own new node before it becomes the head, and of the others they use only the identity of the head, so what is
/// below the head is the consumer's alone. The seen head itself stays linked to until another takes its place: it is
/// given back only then, and its being there keeps the same node from coming as a new head unnoticed. The compare-and-swap
/// to null succeeds only if the head is still the seen one, that is, if nothing came. The seen one is forgotten before it,
/// because after it the next turn may run at once on another thread; a swap that fails restores it.
/// All changes of the head are interlocked, so that a turn sees everything that was written before the push and by the
/// turn before.
/// </remarks>
internal struct MessageStack
{
    private static readonly MessageNode Awake = new();
    private static readonly MessageNode Closed = new();

    private MessageNode? _head;
    private MessageNode? _seen;

    // The consumer's own list, oldest first.
    private MessageNode? _first;
    private MessageNode? _last;

    /// <summary>Born awake: whoever makes it schedules the consumer for the first time.</summary>
    public MessageStack() => _head = Awake;

    public bool IsClosed => ReferenceEquals(Volatile.Read(ref _head), Closed);

    /// <summary>Something is waiting. Exact for the consumer; for others, for display.</summary>
    public readonly bool HasWaiting => _first is not null || IsNew(Volatile.Read(in _head));

    public PushResult Push(MessageNode node)
    {
        while (true)
        {
            MessageNode? head = Volatile.Read(ref _head);
            if (head is null)
            {
                node.Next = null;
                if (Interlocked.CompareExchange(ref _head, node, null) is null) return PushResult.MustSchedule;
                continue;
            }
            if (ReferenceEquals(head, Closed)) return PushResult.Closed;
            if (ReferenceEquals(head, Awake)) node.Next = null;
            else node.Next = head;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, node, head), head)) return PushResult.Pushed;
        }
    }

    /// <returns>True if the consumer slept and the caller must schedule it now.</returns>
    public bool TryWake() =>
        Volatile.Read(ref _head) is null && Interlocked.CompareExchange(ref _head, Awake, null) is null;

    /// <summary>Consumer only, the last act of a turn.</summary>
    /// <returns>False if something was pushed since the last look.</returns>
    public bool TryGoIdle(TurnThread thread)
    {
        MessageNode? head = Volatile.Read(ref _head);
        MessageNode? seen = _seen;
        if (!ReferenceEquals(head, seen) && !ReferenceEquals(head, Awake)) return false;
        _seen = null;
        if (!ReferenceEquals(Interlocked.CompareExchange(ref _head, null, head), head))
        {
            _seen = seen;
            return false;
        }
        if (seen is not null && seen.IsRead) thread.Return(seen);
        return true;
    }

    /// <summary>Consumer only: the oldest message.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryTake(TurnThread thread, out object? message, out IActorRef? sender)
    {
        MessageNode? node = _first;
        if (node is not null)
        {
            _first = node.Next;
            if (_first is null) _last = null;
        }
        else
        {
            node = TakeNew(thread, out MessageNode? newest);
            if (node is null)
            {
                message = null;
                sender = null;
                return false;
            }
            if (!ReferenceEquals(node, newest))
            {
                _first = node.Next;
                _last = newest;
            }
        }
        message = node.Message;
        sender = node.Sender;
        node.Empty();
        if (!ReferenceEquals(node, _seen)) thread.Return(node);
        return true;
    }

    /// <summary>Consumer only: moves everything pushed so far to the private list.</summary>
    public void TakeAll(TurnThread thread)
    {
        MessageNode? oldest = TakeNew(thread, out MessageNode? newest);
        if (oldest is null) return;
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
    public MessageNode? Close(TurnThread thread)
    {
        while (true)
        {
            TakeAll(thread);
            MessageNode? head = Volatile.Read(ref _head);
            if (IsNew(head)) continue;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, Closed, head), head)) break;
        }
        MessageNode? left = _first;
        _seen = _first = _last = null;
        return left;
    }

    /// <summary>For display: how many wait. Exact for the consumer.</summary>
    public readonly int Count()
    {
        int count = 0;
        for (MessageNode? node = _first; node is not null; node = node.Next) count++;
        for (MessageNode? node = Volatile.Read(in _head); IsNew(node); node = node.Next) count++;
        return count;
    }

    /// <summary>What was pushed since the last look, oldest first, ended by null; the newest is the head from now
    /// on known as seen.</summary>
    private MessageNode? TakeNew(TurnThread thread, out MessageNode? newest)
    {
        MessageNode? head = Volatile.Read(ref _head);
        newest = head;
        if (!IsNew(head)) return null;
        MessageNode? seen = _seen;
        _seen = head;
        MessageNode? oldest = head;
        MessageNode? node = head.Next;
        if (node is not null)
        {
            head.Next = null;
            while (node is not null && !ReferenceEquals(node, seen))
            {
                MessageNode? next = node.Next;
                node.Next = oldest;
                oldest = node;
                node = next;
            }
        }
        if (seen is not null && seen.IsRead) thread.Return(seen);
        return oldest;
    }

    private readonly bool IsNew([NotNullWhen(true)] MessageNode? head) =>
        head is not null && !ReferenceEquals(head, _seen) && !ReferenceEquals(head, Awake)
        && !ReferenceEquals(head, Closed);
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
