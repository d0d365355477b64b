using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A reference with a cell behind it.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    public abstract ICell Underlying { get; }

    /// <summary>The children, for looking into a running system.</summary>
    public abstract IEnumerable<IActorRef> Children { get; }

    public abstract IInternalActorRef GetSingleChild(string name);
}

/// <summary>The reference of an actor of this process.</summary>
public class LocalActorRef : ActorRefWithCell, ILocalRef
{
    private readonly ActorCell _cell;

    internal LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
        IInternalActorRef supervisor, ActorPath path)
    {
        Path = path;
        _cell = new ActorCell(system, this, props, dispatcher, mailboxType, supervisor);
    }

    public override ActorPath Path { get; }

    public override ICell Underlying => _cell;

    public ActorCell Cell => _cell;

    public override IInternalActorRef Parent => _cell.ParentRef;

    public override IActorRefProvider Provider => _cell.SystemImpl.Provider;

    public override bool IsLocal => true;

    public override bool IsTerminated => _cell.IsTerminated;

    public override IEnumerable<IActorRef> Children => _cell.ChildSnapshot();

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef current = this;
        for (int index = 0; index < name.Count; index++)
        {
            string element = name[index];
            if (element.Length == 0) continue;
            IInternalActorRef next = element == ".." ? current.Parent
                : current is ActorRefWithCell withCell ? withCell.GetSingleChild(element)
                : (IInternalActorRef)current.GetChild([element]);
            if (next is Nobody) return next;
            if (next is not ActorRefWithCell && index + 1 < name.Count) return next.GetChild([.. name.Skip(index + 1)]);
            current = next;
        }
        return current;
    }

    public override IInternalActorRef GetSingleChild(string name)
    {
        (string childName, long uid) = ActorCell.GetNameAndUid(name);
        IInternalActorRef? child = _cell.FindChild(childName) ?? _cell.FindFunctionRef(childName);
        return child is null || uid != ActorCell.UndefinedUid && uid != child.Path.Uid ? ActorRefs.Nobody : child;
    }

    public override void Start() => _cell.Start();

    public override void Suspend() => SendSystemMessage(Dispatch.SysMsg.Suspend.Instance);

    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new Resume(causedByFailure));

    public override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    public override void Stop() => SendSystemMessage(Terminate.Instance);

    public override void SendSystemMessage(ISystemMessage message) => _cell.SendSystemMessage(message);

    protected override void TellInternal(object message, IActorRef? sender) => _cell.SendMessage(sender, message);
}

/// <summary>The reference of a place where no actor is: whatever comes is a dead letter, but questions are
/// answered.</summary>
public class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;

    public override bool IsTerminated => true;

    protected EventStream EventStream { get; } = eventStream;

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch watch && watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
        {
            watch.Watcher.SendSystemMessage(
                new DeathWatchNotification(watch.Watchee, ExistenceConfirmed: false, AddressTerminated: false));
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DeadLetter letter) AnswerOrPublish(letter.Message, letter.Sender, letter.Recipient);
        else AnswerOrPublish(message, sender ?? Provider.DeadLetters, this);
    }

    private protected void AnswerOrPublish(object message, IActorRef sender, IActorRef recipient)
    {
        switch (message)
        {
            case Identify identify:
                sender.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case ActorSelectionMessage { Message: Identify identify }:
                sender.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            // One in another is nobody's way of asking, and may lie in itself.
            case ActorSelectionMessage { Message: not ActorSelectionMessage } selection:
                AnswerOrPublish(selection.Message, sender, recipient);
                break;
            case IDeadLetterSuppression suppressed:
                EventStream.Publish(new SuppressedDeadLetter(suppressed, sender, recipient));
                break;
            default:
                EventStream.Publish(new DeadLetter(message, sender, recipient));
                break;
        }
    }
}

/// <summary>Where messages go that reach nobody: from here they are published.</summary>
public class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    public override bool IsTerminated => false;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case DeadLetter letter:
                AnswerOrPublish(letter.Message, letter.Sender, letter.Recipient);
                break;
            case AllDeadLetters letter:
                EventStream.Publish(letter);
                break;
            default:
                AnswerOrPublish(message, sender ?? this, this);
                break;
        }
    }
}

/// <summary>What an actor's mailbox is once the actor is dead.</summary>
internal sealed class DeadLetterMailbox(IActorRef deadLetters)
{
    public IMessageQueue Queue { get; } = new DeadLetterQueue(deadLetters);

    /// <summary>A system message to the dead: who wants to know is told, everything else is done with.</summary>
    public void Handle(ISystemMessage message, IInternalActorRef dead)
    {
        switch (message)
        {
            case Watch watch when watch.Watchee.Equals(dead):
                watch.Watcher.SendSystemMessage(
                    new DeathWatchNotification(dead, ExistenceConfirmed: true, AddressTerminated: false));
                break;
            case RunInActor run:
                // The rest of an async handler whose actor is gone: it may have something to release.
                run.Work();
                break;
        }
    }

    private sealed class DeadLetterQueue(IActorRef deadLetters) : IMessageQueue
    {
        public bool HasMessages => false;

        public int Count => 0;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            object message = envelope.Message is DeadLetter
                ? envelope.Message
                : new DeadLetter(envelope.Message, envelope.Sender ?? deadLetters, receiver);
            deadLetters.Tell(message, envelope.Sender);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            envelope = default;
            return false;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
        }
    }
}

/// <summary>A place in the tree that has children but no actor, such as /temp.</summary>
public sealed class VirtualPathContainer(IActorRefProvider provider, ActorPath path, IInternalActorRef parent)
    : MinimalActorRef
{
    // Shared memory, home four: any thread asks, any thread answers.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IInternalActorRef> _children =
        new(StringComparer.Ordinal);

    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;

    public override IInternalActorRef Parent { get; } = parent;

    public bool HasChildren => !_children.IsEmpty;

    public void AddChild(string name, IInternalActorRef actor) => _children[name] = actor;

    /// <summary>Nobody lives here who could be watched.</summary>
    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is not Watch watch || !watch.Watchee.Equals(this)) return;
        EmptyLocalActorRef empty = Empty();
        empty.SendSystemMessage(new Watch(empty, watch.Watcher));
    }

    // A selection comes this far as a message, because there is no cell whose tree it could walk.
    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is not ActorSelectionMessage { Elements: [SelectChildName next, ..] } selection
            || GetChild([next.Name]) is var found && found is Nobody)
        {
            Empty().Tell(message, sender);
            return;
        }
        if (selection.Elements.Count == 1) found.Tell(selection.Message, sender);
        else found.Tell(selection.From(1), sender);
    }

    // Its path must travel with the address of the provider that others know.
    private EmptyLocalActorRef Empty() => new(Provider.System.Provider, Path, Provider.System.EventStream);

    public void RemoveChild(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        if (name.Count == 0 || name[0].Length == 0) return this;
        string first = ActorCell.GetNameAndUid(name[0]).Name;
        if (first == "..") return Parent.GetChild([.. name.Skip(1)]);
        if (!_children.TryGetValue(first, out IInternalActorRef? child)) return ActorRefs.Nobody;
        return name.Count == 1 ? child : child.GetChild([.. name.Skip(1)]);
    }
}

/// <summary>A reference whose messages go to a function, as a child of the actor that made it. It can be watched, and
/// can watch.</summary>
internal sealed class FunctionRef(ActorPath path, IActorRefProvider provider, IInternalActorRef parent,
    Action<IActorRef, object> tell) : MinimalActorRef
{
    private readonly Lock _lock = new();
    private readonly OrderedMap<IActorRef, bool> _watchedBy = new();
    private bool _stopped;

    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;

    public override IInternalActorRef Parent { get; } = parent;

    public override bool IsTerminated => _stopped;

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when watch.Watchee.Equals(this):
                AddWatcher(watch.Watcher);
                break;
            case Unwatch unwatch when unwatch.Watchee.Equals(this):
                lock (_lock) _watchedBy.Remove(unwatch.Watcher);
                break;
            case DeathWatchNotification death:
                Tell(new Terminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated), death.Actor);
                break;
        }
    }

    public override void Stop()
    {
        KeyValuePair<IActorRef, bool>[] watchers;
        lock (_lock)
        {
            if (_stopped) return;
            _stopped = true;
            watchers = _watchedBy.ToArray();
        }
        foreach ((IActorRef watcher, _) in watchers) Notify(watcher.AsInternal());
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (!_stopped) tell(sender ?? Provider.DeadLetters, message);
    }

    private void AddWatcher(IInternalActorRef watcher)
    {
        lock (_lock)
        {
            if (!_stopped)
            {
                _watchedBy.TryAdd(watcher, true);
                return;
            }
        }
        Notify(watcher);
    }

    private void Notify(IInternalActorRef watcher) => watcher.SendSystemMessage(
        new DeathWatchNotification(this, ExistenceConfirmed: true, AddressTerminated: false));
}
