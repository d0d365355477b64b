using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    public IActorRef Watch(IActorRef subject)
    {
        ThrowIfNotCurrent();
        return WatchFor(subject, null);
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfNotCurrent();
        return WatchFor(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ThrowIfNotCurrent();
        IInternalActorRef watchee = subject.AsInternal();
        if (watchee.Equals(_self) || _rare is null) return subject;
        if (_rare.Watching is not null && _rare.Watching.Remove(subject))
        {
            watchee.SendSystemMessage(new Unwatch(watchee, _self));
            ForgetsFar(watchee);
        }
        _rare.TerminatedQueued?.Remove(subject);
        return subject;
    }

    internal bool IsWatching(IActorRef subject) => _rare?.Watching?.ContainsKey(subject) ?? false;

    private IActorRef WatchFor(IActorRef subject, object? message)
    {
        IInternalActorRef watchee = subject.AsInternal();
        if (watchee.Equals(_self)) return subject;
        OrderedMap<IActorRef, object?> watching = Rare.Watching ??= new();
        if (watching.TryGetValue(subject, out object? before))
        {
            if (Equals(before, message)) return subject;
            throw new InvalidOperationException(
                $"{_self} watches {subject} already, with {before ?? "Terminated"} as the message; unwatch it before"
                + $" asking for {message ?? "Terminated"}.");
        }
        watching.TryAdd(subject, message);
        KnowsFar(watchee);
        watchee.SendSystemMessage(new Watch(watchee, _self));
        return subject;
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_rare?.TerminatedQueued is not { } queued) return;
        if (!queued.Remove(terminated.ActorRef, out object? message)) return;
        if (message is null)
        {
            ReceiveMessage(terminated);
            return;
        }
        _currentMessage = message;
        ReceiveMessage(message);
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (TryEndWatch(actor, out object? message))
        {
            ForgetsFar(actor.AsInternal());
            if (_children is not { Reason: Waiting.Termination })
            {
                // A second death of the same reference cannot be: it would need a new watch of what is already dead.
                (_rare!.TerminatedQueued ??= [])[actor] = message;
                _self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
            }
        }
        HandleChildTerminated(actor);
    }

    // A reference that was resolved by name alone is watched by name alone; who dies there says its number too.
    private bool TryEndWatch(IActorRef actor, out object? message)
    {
        message = null;
        if (_rare?.Watching is not { } watching) return false;
        if (watching.Remove(actor, out message)) return true;
        if (actor.Path.Uid == UndefinedUid) return false;
        EmptyLocalActorRef place = new(SystemImpl.Provider, actor.Path.WithUid(UndefinedUid), SystemImpl.EventStream);
        return watching.Remove(place, out message);
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        bool watcheeIsSelf = watchee.Equals(_self);
        bool watcherIsSelf = watcher.Equals(_self);
        if (watcheeIsSelf && !watcherIsSelf)
        {
            // The parent hears of the end anyway, and knows itself whether it wants to tell its actor.
            if (watcher.Equals(_parent)) return;
            if ((Rare.WatchedBy ??= new()).TryAdd(watcher, true)) KnowsFar(watcher);
        }
        else if (!watcheeIsSelf && watcherIsSelf)
        {
            WatchFor(watchee, null);
        }
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watchee.Equals(_self) && !watcher.Equals(_self))
        {
            if (_rare?.WatchedBy is not null && _rare.WatchedBy.Remove(watcher)) ForgetsFar(watcher);
        }
        else if (!watchee.Equals(_self) && watcher.Equals(_self))
        {
            Unwatch(watchee);
        }
    }

    private void TellWatchersWeDied()
    {
        if (_rare?.WatchedBy is not { Count: > 0 } watchedBy) return;
        KeyValuePair<IActorRef, bool>[] watchers = watchedBy.ToArray();
        _rare.WatchedBy = null;
        var died = new DeathWatchNotification(_self, ExistenceConfirmed: true, AddressTerminated: false);
        // Those far away first: a local watcher may react to the end of the system by closing the connections.
        foreach ((IActorRef watcher, _) in watchers)
            if (!watcher.AsInternal().IsLocal) watcher.AsInternal().SendSystemMessage(died);
        foreach ((IActorRef watcher, _) in watchers)
            if (watcher.AsInternal().IsLocal) watcher.AsInternal().SendSystemMessage(died);
    }

    private void UnwatchWatchedActors()
    {
        if (_rare?.Watching is not { Count: > 0 } watching) return;
        foreach ((IActorRef subject, _) in watching.ToArray())
        {
            IInternalActorRef watchee = subject.AsInternal();
            watchee.SendSystemMessage(new Unwatch(watchee, _self));
        }
        _rare.Watching = null;
        _rare.TerminatedQueued = null;
    }

    /// <summary>The whole node is gone: nobody there can say so, or hear.</summary>
    private void AddressTerminated(Address address)
    {
        if (_rare?.WatchedBy is not null)
        {
            foreach ((IActorRef watcher, _) in _rare.WatchedBy.ToArray())
            {
                bool gone = watcher.Path.Address == address && _rare.WatchedBy.Remove(watcher);
                if (gone) ForgetsFar(watcher.AsInternal());
            }
        }
        if (_rare?.Watching is null) return;
        foreach ((IActorRef subject, _) in _rare.Watching.ToArray())
        {
            if (subject.Path.Address != address) continue;
            // Whether it ever existed nobody can say any more; Akka.NET says yes.
            _self.SendSystemMessage(new DeathWatchNotification(subject, ExistenceConfirmed: true,
                AddressTerminated: true));
        }
    }

    // The first reference to another node makes the actor hear of nodes that are gone; the last one ends it.
    private void KnowsFar(IInternalActorRef other)
    {
        if (!other.IsLocal && Rare.FarRefs++ == 0) AddressTerminatedTopic.Get(_system).Subscribe(_self);
    }

    private void ForgetsFar(IInternalActorRef other)
    {
        if (!other.IsLocal && --Rare.FarRefs == 0) AddressTerminatedTopic.Get(_system).Unsubscribe(_self);
    }
}
