namespace Akka.Engine;

/// <summary>
/// A few threads of their own that share one queue, first come, first served. They start when there is work for them and
/// end when there has been none for a while, so a dispatcher that is not used any more costs nothing.
/// </summary>
/// <remarks>
/// Shared memory, home three. A thread is working, or idle (counted in <c>_idle</c>, waiting for a wake-up), or gone. Who
/// queues work takes one thread out of the idle and leaves it a wake-up, or starts one; a thread whose patience ends
/// before it finds a wake-up counts itself out. So no work is left lying while a thread sleeps.
/// </remarks>
internal sealed class ThreadsExecutor(string name, int threads, TimeSpan patience) : IExecutor
{
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly object _lock = new();
    private int _started;
    private int _idle;
    private int _wakeUps;

    public void Execute(IThreadPoolWorkItem work, bool preferLocal = false)
    {
        lock (_lock)
        {
            _queue.Enqueue(work);
            if (_idle > 0)
            {
                _idle--;
                _wakeUps++;
                Monitor.Pulse(_lock);
                return;
            }
            if (_started == threads) return;
            _started++;
        }
        Thread thread = new(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    private void Run()
    {
        while (Take() is { } work) work.Execute();
    }

    /// <returns>Null when there was nothing to do for so long that this thread is to end.</returns>
    private IThreadPoolWorkItem? Take()
    {
        lock (_lock)
        {
            while (true)
            {
                if (_queue.TryDequeue(out IThreadPoolWorkItem? work)) return work;
                _idle++;
                Monitor.Wait(_lock, patience);
                if (_wakeUps > 0)
                {
                    _wakeUps--;
                    continue;
                }
                _idle--;
                if (_queue.Count > 0) continue;
                _started--;
                return null;
            }
        }
    }
}
