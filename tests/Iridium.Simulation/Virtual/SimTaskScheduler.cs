using Akka.Engine;

namespace Iridium.Simulation.Virtual;

/// <summary>
/// Keeps tasks in the world: inside <see cref="Run"/> it is the current scheduler, so continuations and awaits of the
/// code under simulation become work of the process they belong to instead of leaving for the thread pool.
/// </summary>
internal sealed class SimTaskScheduler(World world) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    public void Run(Action body)
    {
        // An await prefers the thread's context to the scheduler, and a test runner has one that leaves the thread.
        SynchronizationContext? outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = new Task(body);
            task.RunSynchronously(this);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    protected override void QueueTask(Task task)
    {
        var work = new TaskTurn(this, task);
        if (world.Running is { } process) process.Executor.Execute(work);
        else world.Plan(world.Now, null, work);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    private sealed class TaskTurn(SimTaskScheduler scheduler, Task task) : IThreadPoolWorkItem, IHappening
    {
        public char Letter => 'K';

        public void Execute() => scheduler.TryExecuteTask(task);

        public void Happen() => Execute();
    }
}
