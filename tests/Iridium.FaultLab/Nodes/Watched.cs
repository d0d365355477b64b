using System.Diagnostics;

namespace Iridium.FaultLab.Nodes;

/// <summary>What many threads change and look at, and a row waits for.</summary>
internal sealed class Watched
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Changes what conditions look at.</summary>
    public void Change(Action change)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            change();
            waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.TrySetResult();
    }

    /// <summary>Looks while nothing changes.</summary>
    public T Look<T>(Func<T> look)
    {
        lock (_gate) return look();
    }

    /// <summary>Waits until the condition holds; it is asked after each change, with nothing changing meanwhile.</summary>
    /// <returns>How long it took; null when patience ended first.</returns>
    public async Task<TimeSpan?> Until(Func<bool> condition, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (condition()) return Stopwatch.GetElapsedTime(start);
                more = _more.Task;
            }
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) return null;
            await Task.WhenAny(more, Task.Delay(left));
        }
    }
}
