using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    /// <summary>The first turn is scheduled: it makes the actor. Called once, by whoever made the cell.</summary>
    public void Start()
    {
        _mailbox.Dispatcher.Attach(this);
        _mailbox.ScheduleFirstTurn();
    }

    /// <summary>The first thing the mailbox's first turn does.</summary>
    internal void Create()
    {
        _flags |= CellFlags.Created;
        try
        {
            CreateActor();
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure);
        }
    }

    internal IActorRef ActorOf(Props props, string? name, bool isSystemService)
    {
        if ((_flags & CellFlags.Terminated) != 0)
            throw new InvalidOperationException($"{_self} has stopped, so it cannot have a new child.");
        ChildRegistry children = _children ?? MakeChildren();
        if (name is null)
        {
            name = children.NextName();
        }
        else
        {
            ThrowIfInvalidName(name);
        }
        return MakeChild(children, props, name, isSystemService);
    }

    internal IInternalActorRef? FindChild(string name) => _children?.Find(name);

    internal IInternalActorRef[] ChildSnapshot() => _children?.Snapshot() ?? [];

    internal IInternalActorRef? FindFunctionRef(string name) =>
        _rare?.FunctionRefs is { } refs && refs.TryGetValue(name, out FunctionRef? function) ? function : null;

    /// <summary>A child that somebody else made.</summary>
    internal void Adopt(IInternalActorRef child) => (_children ?? MakeChildren()).Add(child.Path.Name, child);

    /// <summary>The event stream knows this actor.</summary>
    internal void EndsSubscriptions() => Interlocked.Or(ref _subscribed, 1);

    internal void CancelTimers() => _rare?.Timers?.CancelAll();

    private ChildRegistry MakeChildren()
    {
        // The guardians get children from any thread.
        Interlocked.CompareExchange(ref _children, new ChildRegistry(Time), null);
        return _children!;
    }

    private IInternalActorRef MakeChild(ChildRegistry children, Props props, string name, bool isSystemService)
    {
        children.Reserve(name, _self);
        try
        {
            if (_system.SerializesCreators) VerifySerializable(props);
            var path = new ChildActorPath(_self.Path, name, _system.NextUid());
            IInternalActorRef child = _system.Provider.ActorOf(_system, props, _self, path, isSystemService,
                deploy: null, lookupDeploy: true, async: false);
            children.Add(name, child);
            child.Start();
            return child;
        }
        catch
        {
            children.Unreserve(name);
            throw;
        }
    }

    private static void ThrowIfInvalidName(string name)
    {
        if (name.Length == 0) throw new InvalidActorNameException("An actor's name must not be empty.");
        if (ActorPath.IsValidPathElement(name)) return;
        throw new InvalidActorNameException(
            $"'{name}' is not a name for an actor. Use ASCII letters, digits, {ActorPath.ValidSymbols} or %XX; a"
            + " name must not start with $, which marks generated names.");
    }

    private void VerifySerializable(Props props)
    {
        if (props.Arguments is null || props.Deploy.Scope is LocalScope) return;
        foreach (object? argument in props.Arguments)
        {
            if (argument is null or INoSerializationVerificationNeeded) continue;
            _ = _system.Serialization.FindSerializerFor(argument).ToBinary(argument);
        }
    }

    private void CreateActor()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
        }
        catch (Exception failure)
        {
            ClearActor();
            throw failure is ActorInitializationException { Actor: not null }
                ? failure
                : new ActorInitializationException(_self,
                    $"Exception during creation of {_self.Path}: {failure.Message}", failure);
        }
        _system.DebugLifecycle(_self, _actor, "Started ({0})");
    }

    private ActorBase NewActor()
    {
        ActorBase actor = _props.NewActor();
        ActorShape shape = ActorShape.Of(actor.GetType());
        if (shape.Intercepts || shape.LogsReceive && _system.Settings.AddLoggingReceive) _flags |= CellFlags.Intercepts;
        if (shape.HasStash) ActorStash.Give(actor, Rare.Stash ??= new ActorStash(this, StashCapacity(actor)));
        if (shape.HasTimers) ((IWithTimers)actor).Timers = Rare.Timers ??= new ActorTimers(this);
        return actor;
    }

    private int StashCapacity(ActorBase actor)
    {
        if (actor is IWithUnboundedStash) return -1;
        string mailbox = _props.Deploy.Mailbox == Deploy.NoMailboxGiven ? Mailboxes.DefaultMailboxId
            : _props.Deploy.Mailbox;
        Configuration.Config all = _system.Settings.Config;
        return all.GetInt($"{mailbox}.stash-capacity", all.GetInt($"{Mailboxes.DefaultMailboxId}.stash-capacity", -1));
    }

    /// <summary>The actor object is about to be replaced or dropped.</summary>
    private void ClearActor()
    {
        _actor = null;
        _behavior = null;
        _flags &= ~CellFlags.Intercepts;
        if (_rare is null) return;
        AbandonTask();
        _rare.Behaviors = null;
        _rare.Strategy = null;
        _rare.OwnReceive = null;
    }

    private void Terminate()
    {
        SetReceiveTimeout(null);
        StopAllChildren();
        bool wasTerminating = _children is { Reason: Waiting.Termination };
        if (_children is not null && _children.WaitFor(Waiting.Termination))
        {
            if (wasTerminating) return;
            _mailbox.Suspend();
            // Failures from now on are nobody's business: the actor is ending anyway.
            SetFailed(_self);
            _system.DebugLifecycle(_self, _actor, "Stopping");
            return;
        }
        if ((_flags & CellFlags.Terminated) == 0) FinishTerminate();
    }

    private void StopAllChildren()
    {
        foreach (IInternalActorRef child in ChildSnapshot()) Stop(child);
    }

    private void FinishTerminate()
    {
        ActorBase? actor = _actor;
        _flags |= CellFlags.Terminated;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception failure)
        {
            Publish(new Error(failure, _self.Path.ToString(), actor!.GetType(),
                $"PostStop of {_self.Path} failed: {failure.Message}"));
        }
        _rare?.Stash?.UnstashAll();
        CancelTimers();
        if (Volatile.Read(ref _subscribed) != 0) _system.EventStream.Unsubscribe(_self);
        _mailbox.Close();
        _mailbox.Dispatcher.Detach(this);
        _parent.SendSystemMessage(new DeathWatchNotification(_self, ExistenceConfirmed: true,
            AddressTerminated: false));
        StopFunctionRefs();
        TellWatchersWeDied();
        UnwatchWatchedActors();
        if (_rare is { FarRefs: > 0 }) AddressTerminatedTopic.Get(_system).Unsubscribe(_self);
        _system.DebugLifecycle(_self, actor, "Stopped");
        ClearActor();
        _currentMessage = null;
        _currentSender = null;
        _rare = null;
    }

    private void StopFunctionRefs()
    {
        if (_rare?.FunctionRefs is not { } refs) return;
        foreach ((_, FunctionRef function) in refs.ToArray()) function.Stop();
    }

    private void Publish(LogEvent @event)
    {
        try
        {
            _system.EventStream.Publish(@event);
        }
        catch (Exception)
        {
            // A logger that fails must not take the actor down that had something to say.
        }
    }
}
