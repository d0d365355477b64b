using System.Collections.Concurrent;

namespace Akka.Engine;

/// <summary>The process's thread pool.</summary>
/// <remarks>Shared memory, home three: the pool's own queues, whose queueing and taking are fences, and what follows a
/// turn on the same thread (see <see cref="TurnChain"/>).</remarks>
internal sealed class ThreadPoolExecutor : IExecutor
{
    /// <summary>
    /// A thread of the pool looks at the common queue only when its own is empty, so actors that keep one another
    /// busy would never let a message from outside in. Every so-manyth piece of a thread's work goes to the common
    /// queue.
    /// </summary>
    internal const int LocalTurns = 61;

    [ThreadStatic]
    private static int t_local;

    public void Execute(IThreadPoolWorkItem work, bool preferLocal = false)
    {
        if (preferLocal)
        {
            if (TurnChain.TryFollow(work) || SocketReader.TryFollow(work)) return;
            if (++t_local < LocalTurns)
            {
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);
                return;
            }
            t_local = 0;
        }
        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    public void ExecuteLate(IThreadPoolWorkItem work)
    {
        if (!TurnChain.TryFollowLate(work)) Execute(work, preferLocal: true);
    }

    public void ExecuteAgain(IThreadPoolWorkItem work)
    {
        if (!TurnChain.TryGoOn(work)) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}

/// <summary>One thread of its own, ended by <see cref="Dispose"/> after the work that is queued.</summary>
internal sealed class PinnedExecutor : IExecutor, IDisposable
{
    private readonly BlockingCollection<IThreadPoolWorkItem> _queue = [];

    public PinnedExecutor(string name)
    {
        Thread thread = new(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    public void Execute(IThreadPoolWorkItem work, bool preferLocal = false)
    {
        try
        {
            _queue.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The thread was given up with its actor; what comes late still has to run once.
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Run()
    {
        foreach (IThreadPoolWorkItem work in _queue.GetConsumingEnumerable()) work.Execute();
        _queue.Dispose();
    }
}
