using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>
/// Where an actor's messages wait, and the unit of scheduling: a dispatcher runs a mailbox, which handles all system
/// messages and then a batch of user messages, and goes idle or asks for another turn.
/// </summary>
/// <remarks>
/// Shared memory, home one. Two lists are shared with senders: the user stack (see <see cref="MessageStack"/>, whose
/// head word also holds the scheduling state) and the system stack. Everything else is touched by the running turn
/// alone, and turns are ordered by the head word's interlocked operations. A sender of a system message pushes, then
/// wakes; a turn that ends goes idle, then looks at the system stack: one of the two always sees the other.
/// </remarks>
public class Mailbox : IThreadPoolWorkItem
{
    private static readonly MessageNode ClosedToSystem = new();

    private readonly ActorCell _cell;
    private readonly IMessageQueue? _queue;
    private MessageStack _user = new();
    private MessageNode? _system;
    private MessageDispatcher _dispatcher;
    private int _suspensions;

    internal Mailbox(ActorCell cell, MessageDispatcher dispatcher, IMessageQueue? queue)
    {
        _cell = cell;
        _dispatcher = dispatcher;
        _queue = queue;
    }

    public MessageDispatcher Dispatcher => _dispatcher;

    /// <summary>The queue of a mailbox type other than the default one, which is part of the mailbox itself.</summary>
    public IMessageQueue? MessageQueue => _queue;

    public bool HasMessages => _user.HasWaiting || _queue is { HasMessages: true };

    /// <summary>How many user messages wait; for display and routing, exact only inside the actor.</summary>
    public int NumberOfMessages => _user.Count() + (_queue?.Count ?? 0);

    internal bool HasSystemMessages => Volatile.Read(ref _system) is not null;

    internal bool IsClosed => _user.IsClosed;

    internal int Suspensions => _suspensions;

    internal ActorCell Cell => _cell;

    /// <summary>A mailbox is born in the state of one that runs; this gives it that turn, which creates the
    /// actor.</summary>
    internal void ScheduleFirstTurn() => _dispatcher.Begin(this);

    internal void Post(object message, IActorRef? sender)
    {
        if (_queue is not null)
        {
            PostToQueue(message, sender);
            return;
        }
        PushResult result = _user.Push(TurnThread.Mine.Rent(message, sender));
        if (result == PushResult.MustSchedule) _dispatcher.Schedule(this);
        else if (result == PushResult.Closed) ToDeadLetters(message, sender);
    }

    internal void PostSystem(ISystemMessage message)
    {
        MessageNode node = new() { Message = message };
        while (true)
        {
            MessageNode? head = Volatile.Read(ref _system);
            if (ReferenceEquals(head, ClosedToSystem))
            {
                _cell.SystemImpl.DeadLetterMailbox.Handle(message, _cell.SelfRef);
                return;
            }
            node.Next = head;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _system, node, head), head)) break;
        }
        if (_user.TryWake()) _dispatcher.Schedule(this);
    }

    internal void Suspend() => _suspensions++;

    internal void Resume()
    {
        if (_suspensions > 0) _suspensions--;
    }

    /// <summary>From inside the actor only: the message comes before all that wait.</summary>
    internal void Prepend(object message, IActorRef? sender)
    {
        if (_queue is IDequeBasedMessageQueueSemantics deque) deque.EnqueueFirst(new Envelope(message, sender));
        else _user.Prepend(TurnThread.Mine.Rent(message, sender));
    }

    void IThreadPoolWorkItem.Execute() => Engine.TurnChain.Run(this);

    /// <summary>One turn. The dispatcher calls it; at most one turn runs at a time.</summary>
    internal void Run()
    {
        TurnThread thread = TurnThread.Mine;
        ActorCell? outer = thread.Current;
        // A test's or a window's context would carry the continuations of async handlers away from the actor.
        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is not null) SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            HandleMessages(thread);
        }
        finally
        {
            thread.Current = outer;
            if (context is not null) SynchronizationContext.SetSynchronizationContext(context);
        }
        EndTurn(thread);
    }

    /// <summary>One turn among others that follow one another on a thread, whose chain sees to what is around
    /// them.</summary>
    internal void RunInChain(TurnThread thread)
    {
        HandleMessages(thread);
        thread.Current = null;
        EndTurn(thread);
    }

    private void HandleMessages(TurnThread thread)
    {
        thread.Current = _cell;
        try
        {
            if (!_cell.IsCreated) _cell.Create();
            if (HasSystemMessages) HandleSystemMessages();
            if (!_user.IsClosed) HandleUserMessages(thread);
        }
        catch (Exception failure)
        {
            // What actors throw was caught nearer to them. This is a queue or a dispatcher of somebody's own; its actor's
            // parent decides, and the thread, which others use too, goes on.
            _cell.HandleInvokeFailure(failure);
        }
    }

    private void HandleUserMessages(TurnThread thread)
    {
        int left = _dispatcher.Throughput;
        long deadline = _dispatcher.DeadlineFromNow();
        while (_suspensions == 0)
        {
            if (!TakeUser(thread, out object? message, out IActorRef? sender)) return;
            _cell.Invoke(message!, sender);
            if (HasSystemMessages)
            {
                HandleSystemMessages();
                if (_user.IsClosed) return;
            }
            if (--left <= 0 || deadline != 0 && _dispatcher.IsPast(deadline)) return;
        }
    }

    private bool TakeUser(TurnThread thread, out object? message, out IActorRef? sender)
    {
        if (_user.TryTake(thread, out message, out sender)) return true;
        if (_queue is null || !_queue.TryDequeue(out Envelope envelope)) return false;
        message = envelope.Message;
        sender = envelope.Sender;
        return true;
    }

    private void HandleSystemMessages()
    {
        while (TakeSystem() is { } node)
        {
            for (MessageNode? next = node; next is not null;)
            {
                MessageNode current = next;
                next = current.Next;
                if (IsClosed) _cell.SystemImpl.DeadLetterMailbox.Handle((ISystemMessage)current.Message!, _cell.SelfRef);
                else _cell.SystemInvoke((ISystemMessage)current.Message!);
            }
            if (IsClosed) return;
        }
    }

    private MessageNode? TakeSystem()
    {
        MessageNode? newest = Volatile.Read(ref _system);
        if (newest is null || ReferenceEquals(newest, ClosedToSystem)) return null;
        return Reversed(Interlocked.Exchange(ref _system, null));
    }

    private static MessageNode? Reversed(MessageNode? newest)
    {
        MessageNode? oldest = null;
        for (MessageNode? node = newest; node is not null;)
        {
            MessageNode? next = node.Next;
            node.Next = oldest;
            oldest = node;
            node = next;
        }
        return oldest;
    }

    private void EndTurn(TurnThread thread)
    {
        while (!_user.IsClosed)
        {
            if (HasSystemMessages || _suspensions == 0 && HasMessages)
            {
                _dispatcher.Reschedule(this);
                return;
            }
            // A suspended actor keeps its messages to itself, so that the head word is free to say that it sleeps.
            if (_suspensions > 0) _user.TakeAll(thread);
            if (!_user.TryGoIdle(thread)) continue;
            bool woken = HasSystemMessages || _suspensions == 0 && _queue is { HasMessages: true };
            if (!woken || !_user.TryWake()) return;
        }
    }

    /// <summary>From inside the actor only: the last thing that happens to a mailbox. What is left becomes dead
    /// letters.</summary>
    internal void Close()
    {
        for (MessageNode? node = _user.Close(TurnThread.Mine); node is not null; node = node.Next)
            ToDeadLetters(node.Message!, node.Sender);
        DrainQueue();
        MessageNode? system = Reversed(Interlocked.Exchange(ref _system, ClosedToSystem));
        for (; system is not null; system = system.Next)
            _cell.SystemImpl.DeadLetterMailbox.Handle((ISystemMessage)system.Message!, _cell.SelfRef);
    }

    private void PostToQueue(object message, IActorRef? sender)
    {
        if (_user.IsClosed)
        {
            ToDeadLetters(message, sender);
            return;
        }
        _queue!.Enqueue(_cell.Self, new Envelope(message, sender));
        if (_user.TryWake()) _dispatcher.Schedule(this);
        // The actor may have stopped between the look and the enqueue; then nobody else clears the queue.
        else if (_user.IsClosed) DrainQueue();
    }

    private void DrainQueue()
    {
        try
        {
            _queue?.CleanUp(_cell.Self, _cell.SystemImpl.DeadLetterMailbox.Queue);
        }
        catch (Exception failure)
        {
            // A queue of somebody's own that cannot even be emptied must not keep its actor from ending.
            _cell.SystemImpl.Log.Error(failure, "The queue of {0} could not be emptied: {1}", _cell.Self, failure.Message);
        }
    }

    private void ToDeadLetters(object message, IActorRef? sender) =>
        _cell.System.DeadLetters.Tell(new DeadLetter(message, sender ?? _cell.System.DeadLetters, _cell.Self), sender);
}
