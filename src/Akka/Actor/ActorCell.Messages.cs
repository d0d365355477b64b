using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    public void SendMessage(IActorRef? sender, object message)
    {
        if (_system.SerializesMessages) message = VerifiedBySerialization(message);
        _mailbox.Post(message, sender);
    }

    public void SendSystemMessage(ISystemMessage message) => _mailbox.PostSystem(message);

    /// <summary>Handles one user message. Whatever it throws is reported to the parent.</summary>
    internal void Invoke(object message, IActorRef? sender)
    {
        _currentMessage = message;
        _currentSender = sender;
        // What the actor does is no silence, however long it takes.
        bool ends = (_flags & CellFlags.HasReceiveTimeout) != 0 && Influences(message);
        if (ends) CancelReceiveTimeout();
        try
        {
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else ReceiveMessage(message);
            if ((_flags & CellFlags.HasReceiveTimeout) != 0 && Influences(message)) RestartReceiveTimeout();
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure);
            return;
        }
        if ((_flags & CellFlags.AwaitingTask) == 0)
        {
            _currentMessage = null;
            _currentSender = null;
        }
    }

    /// <summary>Handles one message on the caller's thread, outside of the actor's turns, and lets the caller have
    /// what it throws. Only for tests of actors that nobody else sends to.</summary>
    internal void InvokeInline(object message, IActorRef? sender)
    {
        ActorCell? outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = this;
        (object? earlierMessage, IActorRef? earlierSender) = (_currentMessage, _currentSender);
        (_currentMessage, _currentSender) = (message, sender);
        try
        {
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else ReceiveMessage(message);
        }
        finally
        {
            (_currentMessage, _currentSender) = (earlierMessage, earlierSender);
            InternalCurrentActorCellKeeper.Current = outer;
        }
    }

    /// <summary>Gives a message to the behaviour of the moment.</summary>
    internal void ReceiveMessage(object message)
    {
        ActorBase actor = _actor!;
        if ((_flags & CellFlags.Intercepts) != 0)
        {
            bool taken = actor.ReceiveAround(_behavior ?? OwnReceive(actor), message);
            if (actor is ILogReceive && _system.Settings.AddLoggingReceive)
            {
                Publish(new Debug(_self.Path.ToString(), actor.GetType(),
                    $"received {(taken ? "handled" : "unhandled")} message {MessageText.Of(message)} from {Sender.Path}"));
            }
            return;
        }
        bool handled = _behavior is null ? actor.ReceiveOwn(message) : _behavior(message);
        if (!handled) actor.UnhandledMessage(message);
    }

    internal void SystemInvoke(ISystemMessage message)
    {
        if (MustWait(message))
        {
            (Rare.StashedSystem ??= new()).Enqueue(message);
            return;
        }
        HandleSystem(message);
        while (_rare?.StashedSystem is { Count: > 0 } stashed && !MustWait(stashed.Peek()))
            HandleSystem(stashed.Dequeue());
    }

    /// <summary>An actor that waits for its children cannot be suspended, resumed or restarted meanwhile, and one
    /// that is suspended itself does not decide on its children.</summary>
    private bool MustWait(ISystemMessage message)
    {
        if (_children is { Reason: Waiting.Recreation or Waiting.Creation })
            return message is Recreate or Dispatch.SysMsg.Suspend or Dispatch.SysMsg.Resume or Failed;
        return message is Failed && _mailbox.Suspensions > ((_flags & CellFlags.AwaitingTask) != 0 ? 1 : 0);
    }

    private void HandleSystem(ISystemMessage message)
    {
        try
        {
            switch (message)
            {
                case RunInActor run: run.Work(); break;
                case Watch watch: AddWatcher(watch.Watchee, watch.Watcher); break;
                case Unwatch unwatch: RemoveWatcher(unwatch.Watchee, unwatch.Watcher); break;
                case DeathWatchNotification death:
                    WatchedActorTerminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated);
                    break;
                case Failed failed: HandleFailed(failed); break;
                case Dispatch.SysMsg.Terminate: Terminate(); break;
                case Recreate recreate: FaultRecreate(recreate.Cause); break;
                case Dispatch.SysMsg.Suspend: FaultSuspend(); break;
                case Dispatch.SysMsg.Resume resume: FaultResume(resume.CausedByFailure); break;
                case Supervise supervise: Supervise(supervise.Child); break;
                case Dispatch.SysMsg.Create { Failure: { } failure }: HandleInvokeFailure(failure); break;
            }
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure);
        }
    }

    private void AutoReceive(object message)
    {
        if (_system.DebugAutoReceive)
            Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? GetType(),
                $"received AutoReceiveMessage {MessageText.Of(message)}"));
        switch (message)
        {
            case Terminated terminated: ReceivedTerminated(terminated); break;
            case AddressTerminated terminated: AddressTerminated(terminated.Address); break;
            case Internal.TimerMessage tick: ReceiveTimer(tick); break;
            case Kill: throw new ActorKilledException("Kill");
            case PoisonPill: _self.Stop(); break;
            case ActorSelectionMessage selection: ReceiveSelection(selection); break;
            case Identify identify: Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self); break;
        }
    }

    private static bool Influences(object message) =>
        (message is Internal.TimerMessage tick ? tick.Timer.Message : message) is not INotInfluenceReceiveTimeout;

    private void ReceiveTimer(Internal.TimerMessage tick)
    {
        object? message = _rare?.Timers?.Take(tick.Timer);
        if (message is null) return;
        _currentMessage = message;
        if (message is IAutoReceivedMessage) AutoReceive(message);
        else ReceiveMessage(message);
    }

    private void ReceiveSelection(ActorSelectionMessage selection)
    {
        if (selection is { Elements.Count: 0, Message: not ActorSelectionMessage }) Invoke(selection.Message, _currentSender);
        else Akka.Actor.ActorSelection.Deliver(_self, selection, _currentSender);
    }

    private object VerifiedBySerialization(object message)
    {
        object inner = message is ActorSelectionMessage selection ? selection.Message : message;
        if (inner is INoSerializationVerificationNeeded or DeadLetter) return message;
        Serialization.Serialization serialization = _system.Serialization;
        Serialization.Serializer serializer = serialization.FindSerializerFor(inner);
        byte[] bytes = serializer.ToBinary(inner);
        string manifest = Serialization.Serialization.ManifestFor(serializer, inner);
        object copy = serialization.Deserialize(bytes, serializer.Identifier, manifest)!;
        return message is ActorSelectionMessage outer
            ? new ActorSelectionMessage(copy, outer.Elements, outer.WildCardFanOut)
            : copy;
    }
}
