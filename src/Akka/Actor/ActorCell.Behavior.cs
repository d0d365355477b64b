using Akka.Dispatch;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    public TimeSpan? ReceiveTimeout => _rare?.ReceiveTimeout;

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _behavior = receive;
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (Rare.Behaviors ??= new()).Push(_behavior);
        _behavior = receive;
    }

    public void UnbecomeStacked() =>
        _behavior = _rare?.Behaviors is { Count: > 0 } below ? below.Pop() : null;

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Untyped(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Untyped(receive));

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null && (_rare is null || _rare.ReceiveTimeout is null)) return;
        if (timeout is { } delay && delay <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout,
                "A receive timeout must be longer than nothing.");
        Rare.ReceiveTimeout = timeout;
        if (timeout is null)
        {
            _flags &= ~CellFlags.HasReceiveTimeout;
            CancelReceiveTimeout();
        }
        else
        {
            _flags |= CellFlags.HasReceiveTimeout;
            RestartReceiveTimeout();
        }
    }

    private void RestartReceiveTimeout()
    {
        CancelReceiveTimeout();
        if (_rare?.ReceiveTimeout is not { } timeout) return;
        _rare.ReceiveTimeoutTask =
            _system.Scheduler.ScheduleTellOnceCancelable(timeout, _self, Akka.Actor.ReceiveTimeout.Instance, _self);
    }

    private void CancelReceiveTimeout()
    {
        _rare?.ReceiveTimeoutTask?.Cancel();
        if (_rare is not null) _rare.ReceiveTimeoutTask = null;
    }

    private Receive OwnReceive(ActorBase actor) => Rare.OwnReceive ??= actor.ReceiveOwn;

    private static Receive Untyped(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }

    /// <summary>
    /// Runs an async handler in the actor's own order: if it is not done at once, user messages wait until it is. Its
    /// continuations come back through the mailbox, as turns of this actor.
    /// </summary>
    internal void RunTask(Func<Task> handler)
    {
        ActorTaskScheduler scheduler = Rare.TaskScheduler ??= new ActorTaskScheduler(this);
        Task task = scheduler.RunNow(handler);
        if (task.IsCompleted)
        {
            // Rethrows what the handler threw, as if it had not been async.
            task.GetAwaiter().GetResult();
            return;
        }
        if ((_flags & CellFlags.AwaitingTask) == 0)
        {
            _flags |= CellFlags.AwaitingTask;
            _mailbox.Suspend();
        }
        scheduler.Pending++;
        task.ContinueWith(done => TaskEnded(done, scheduler), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, scheduler);
    }

    private void TaskEnded(Task task, ActorTaskScheduler scheduler)
    {
        // The actor was restarted or stopped since: the present one does not answer for the former one's task.
        if (!ReferenceEquals(_rare?.TaskScheduler, scheduler)) return;
        if (--scheduler.Pending > 0 && !task.IsFaulted) return;
        bool failed = !task.IsCompletedSuccessfully;
        EndAwaiting();
        if (failed)
        {
            Exception failure = task.Exception?.InnerException ?? new TaskCanceledException(task);
            HandleInvokeFailure(failure);
            return;
        }
        if ((_flags & CellFlags.HasReceiveTimeout) != 0) RestartReceiveTimeout();
        _currentMessage = null;
        _currentSender = null;
    }

    private void EndAwaiting()
    {
        if ((_flags & CellFlags.AwaitingTask) == 0) return;
        _flags &= ~CellFlags.AwaitingTask;
        _mailbox.Resume();
    }

    private void AbandonTask()
    {
        EndAwaiting();
        _rare!.TaskScheduler = null;
    }
}
