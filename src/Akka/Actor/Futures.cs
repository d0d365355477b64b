namespace Akka.Actor;

/// <summary>Asking: a message whose answer is a task. For the rim of a system; between actors, send and be
/// sent.</summary>
public static class Futures
{
    /// <summary>Asks without a type or a limit of time but the configured one
    /// (<c>akka.actor.ask-timeout</c>).</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>
    /// The task ends with the answer; with what a <see cref="Status.Failure"/> says; with
    /// <see cref="AskTimeoutException"/> when time is up; cancelled when the token is; and with
    /// <see cref="ArgumentException"/> when the answer is of another type.
    /// </summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        FutureActorRef<T> future = Start<T>(self, timeout, cancellationToken);
        self.Tell(message, future);
        return future.Task;
    }

    /// <param name="self">Who is asked.</param>
    /// <param name="messageFactory">Makes the question from the reference that the answer has to go to.</param>
    /// <param name="timeout">How long to wait; null is as configured.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        FutureActorRef<T> future = Start<T>(self, timeout, cancellationToken);
        self.Tell(messageFactory(future), future);
        return future.Task;
    }

    internal static IActorRefProvider? ResolveProvider(ICanTell self) => self switch
    {
        ActorSelection selection => ResolveProvider(selection.Anchor),
        IInternalActorRef actor and not Nobody => actor.Provider,
        _ => ActorCell.Current?.SystemImpl.Provider,
    };

    private static FutureActorRef<T> Start<T>(ICanTell self, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        IActorRefProvider provider = ResolveProvider(self) ?? throw new ArgumentException(
            $"{self} belongs to no actor system, so there is nowhere for an answer to go.", nameof(self));
        FutureActorRef<T> future = new(provider);
        TimeSpan limit = timeout ?? provider.Settings.AskTimeout;
        if (limit != Timeout.InfiniteTimeSpan && limit > TimeSpan.Zero)
            future.TimeOutAfter(limit, provider.System, self);
        else if (limit == TimeSpan.Zero)
            throw new ArgumentException("To wait for no time at all is not asking; use Tell.", nameof(timeout));
        future.CancelWith(cancellationToken);
        return future;
    }
}

/// <summary>Sending the outcome of a task to an actor: how an actor waits for something without blocking.</summary>
public static class PipeToSupport
{
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, useConfigureAwait: false, sender, success, failure);

    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait,
        IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        After(taskToPipe, task =>
        {
            if (task.IsCompletedSuccessfully)
                recipient.Tell(success is null ? task.Result! : success(task.Result), sender);
            else
                recipient.Tell(Failed(task, failure), sender);
        }, recipient, sender);

    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, useConfigureAwait: false, sender, success, failure);

    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait,
        IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        After(taskToPipe, task =>
        {
            if (!task.IsCompletedSuccessfully) recipient.Tell(Failed(task, failure), sender);
            else if (success is not null) recipient.Tell(success(), sender);
        }, recipient, sender);

    // On the thread that ends the task: sending is short, and a hop of its own would leave the order to the pool.
    private static Task After<TTask>(TTask task, Action<TTask> send, ICanTell recipient,
        IActorRef? sender) where TTask : Task
    {
        return task.ContinueWith(done =>
        {
            try
            {
                send((TTask)done);
            }
            catch (Exception thrown)
            {
                recipient.Tell(new Status.Failure(thrown), sender);
            }
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static object Failed(Task task, Func<Exception, object>? failure)
    {
        // As in await: the first exception, not the aggregate around it.
        Exception cause = task.Exception is { InnerExceptions: [var only] } ? only
            : task.Exception as Exception ?? new TaskCanceledException(task);
        return failure is null ? new Status.Failure(cause) : failure(cause);
    }
}

/// <summary>Stopping an actor and knowing when it has stopped.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        GracefulStop(target, timeout, PoisonPill.Instance);

    /// <returns>True once the target has stopped; false when that takes longer than the timeout.</returns>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        IInternalActorRef actor = target.AsInternal();
        Completion<bool> stopped = new(actor.Provider.System);
        StopWatcher watcher = new(stopped, actor);
        watcher.Begin(timeout, stopMessage);
        return stopped.Task;
    }

    /// <summary>Watches one actor on behalf of a task.</summary>
    private sealed class StopWatcher(Completion<bool> stopped, IInternalActorRef target) : MinimalActorRef
    {
        private IDisposable? _timer;

        public override ActorPath Path { get; } = target.Provider.TempPath();

        public override IActorRefProvider Provider => target.Provider;

        public void Begin(TimeSpan timeout, object stopMessage)
        {
            Provider.RegisterTempActor(this, Path);
            _timer = Internal.RawTimers.Schedule(Provider.System, timeout, () => End(inTime: false));
            target.SendSystemMessage(new Dispatch.SysMsg.Watch(target, this));
            target.Tell(stopMessage, ActorRefs.NoSender);
        }

        public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message)
        {
            if (message is Dispatch.SysMsg.DeathWatchNotification death
                && death.Actor.Equals(target)) End(inTime: true);
        }

        private void End(bool inTime)
        {
            if (!stopped.TryAnswer(inTime)) return;
            _timer?.Dispose();
            if (!inTime) target.SendSystemMessage(new Dispatch.SysMsg.Unwatch(target, this));
            Provider.UnregisterTempActor(Path);
        }
    }
}
