using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    private bool IsFailed => _rare?.Perpetrator is not null;

    public IActorRef Child(string name) => FindChild(name) ?? (IActorRef)ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildSnapshot();

    /// <summary>
    /// Something threw while this actor had its turn: nothing more is handled until the parent has decided.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="running">Children that are not suspended, or null if all are to be.</param>
    internal void HandleInvokeFailure(Exception failure, IActorRef? running = null)
    {
        // One failure is with the parent already, and its answer will settle this one too.
        if (IsFailed || (_flags & CellFlags.Terminated) != 0) return;
        _mailbox.Suspend();
        SetFailed(running ?? _self);
        SuspendChildren(except: running);
        _parent.SendSystemMessage(new Failed(_self, failure, _self.Path.Uid));
    }

    private void SetFailed(IActorRef perpetrator) => Rare.Perpetrator = perpetrator;

    private void ClearFailed()
    {
        if (_rare is not null) _rare.Perpetrator = null;
        if ((_flags & CellFlags.AwaitingTask) != 0) return;
        _currentMessage = null;
        _currentSender = null;
    }

    private void SuspendChildren(IActorRef? except)
    {
        foreach (IInternalActorRef child in ChildSnapshot())
            if (!child.Equals(except)) child.Suspend();
    }

    private void ResumeChildren(Exception? cause, IActorRef? perpetrator)
    {
        foreach (IInternalActorRef child in ChildSnapshot())
            child.Resume(child.Equals(perpetrator) ? cause : null);
    }

    private void FaultSuspend()
    {
        _mailbox.Suspend();
        SuspendChildren(except: null);
    }

    private void FaultResume(Exception? cause)
    {
        if (_actor is null)
        {
            // It was never made: to go on means to be made now.
            FaultCreate();
            return;
        }
        IActorRef? perpetrator = _rare?.Perpetrator;
        _mailbox.Resume();
        if (cause is not null) ClearFailed();
        ResumeChildren(cause, perpetrator);
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        if (_children is { Reason: not Waiting.Nothing })
        {
            // Stopping already; only the suspension that came with the failure is taken back.
            FaultResume(null);
            return;
        }
        ActorBase failed = _actor;
        try
        {
            _rare?.Stash?.UnstashAll();
            CancelTimers();
            failed.AroundPreRestart(cause, _currentMessage!);
        }
        catch (Exception failure)
        {
            Publish(new Error(new PreRestartException(_self, failure, cause, _currentMessage), _self.Path.ToString(),
                failed.GetType(), failure.Message));
        }
        finally
        {
            SetReceiveTimeout(null);
            ClearActor();
        }
        if (_children is null || !_children.WaitFor(Waiting.Recreation, cause)) FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        IInternalActorRef[] survivors = ChildSnapshot();
        _mailbox.Resume();
        ClearFailed();
        try
        {
            _actor = NewActor();
            _actor.AroundPostRestart(cause);
        }
        catch (Exception failure)
        {
            ClearActor();
            HandleInvokeFailure(new PostRestartException(_self, failure, cause));
            return;
        }
        _system.DebugLifecycle(_self, _actor, "Restarted ({0})");
        foreach (IInternalActorRef survivor in survivors) survivor.Restart(cause);
    }

    private void FaultCreate()
    {
        SetReceiveTimeout(null);
        StopAllChildren();
        if (_children is null || !_children.WaitFor(Waiting.Creation)) FinishCreate();
    }

    private void FinishCreate()
    {
        _mailbox.Resume();
        ClearFailed();
        CreateActor();
    }

    private void HandleFailed(Failed failed)
    {
        ChildRestartStats? stats = _children?.StatsOf(failed.Child);
        if (stats is null || stats.Uid != failed.Uid)
        {
            Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? GetType(),
                $"Dropping failure of {failed.Child}, which is no child any more: {failed.Cause.Message}"));
            return;
        }
        bool handled;
        try
        {
            SupervisorStrategy strategy = Strategy();
            // Only a strategy that acts on all children needs the records of all.
            IReadOnlyCollection<ChildRestartStats> all = strategy is OneForOneStrategy ? [stats]
                : _children!.AllStats();
            handled = strategy.HandleFailure(this, failed.Child, failed.Cause, stats, all);
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure, running: failed.Child);
            return;
        }
        if (!handled) HandleInvokeFailure(failed.Cause, running: failed.Child);
    }

    private void HandleChildTerminated(IActorRef child)
    {
        if (_children is null || !_children.TryRemove(child, out Waiting reason, out Exception? cause)) return;
        _rare?.FunctionRefs?.Remove(child.Path.Name);
        if (_actor is not null)
        {
            try
            {
                Strategy().HandleChildTerminated(this, child, _children.Lazily());
            }
            catch (Exception failure)
            {
                Publish(new Error(failure, _self.Path.ToString(), _actor.GetType(),
                    $"The strategy failed after the end of {child}: {failure.Message}"));
                HandleInvokeFailure(failure);
            }
        }
        switch (reason)
        {
            case Waiting.Recreation: FinishRecreate(cause!); break;
            case Waiting.Creation: FinishCreate(); break;
            case Waiting.Termination: FinishTerminate(); break;
        }
    }

    private SupervisorStrategy Strategy() =>
        Rare.Strategy ??= _props.SupervisorStrategy ?? _actor?.OwnSupervisorStrategy()
            ?? throw new InvalidOperationException($"{_self} has no actor to decide for it.");

    private void Supervise(IActorRef child)
    {
        if (_children is { Reason: Waiting.Termination } || FindChild(child.Path.Name) is not null) return;
        MakeChildren().Add(child.Path.Name, child.AsInternal());
    }
}
