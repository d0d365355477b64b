using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Brings the continuations of an actor's async code back to the actor: each becomes a system message of its own
/// mailbox, so that it runs in a turn, on the actor's dispatcher, with the actor's context.
/// </summary>
public sealed class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Async handlers that have not ended.</summary>
    internal int Pending { get; set; }

    /// <summary>Runs async code in the running actor's order: messages wait until it is done.</summary>
    /// <exception cref="InvalidOperationException">No actor runs on this thread.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        ArgumentNullException.ThrowIfNull(asyncAction);
        ActorCell cell = ActorCell.Current ?? throw new InvalidOperationException(
            "RunTask works only inside an actor, while it handles a message.");
        cell.RunTask(asyncAction);
    }

    public static void RunTask(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        RunTask(() =>
        {
            action();
            return Task.CompletedTask;
        });
    }

    /// <summary>Starts the handler on this thread, with this scheduler as the one that its awaits return to.</summary>
    internal Task RunNow(Func<Task> handler)
    {
        var start = new Task<Task>(handler);
        start.RunSynchronously(this);
        return start.IsCompletedSuccessfully ? start.Result : start;
    }

    protected override void QueueTask(Task task) => _cell.SendSystemMessage(new RunInActor(() => TryExecuteTask(task)));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Current, _cell) && TryExecuteTask(task);

    protected override IEnumerable<Task>? GetScheduledTasks() => null;
}
