namespace Akka.TestKit;

/// <summary>
/// The messages of one test actor in order of arrival. The actor adds, the test takes; the test may wait with its
/// thread blocked or without one.
/// </summary>
/// <remarks>One lock guards the list; a waiter is completed outside of it, on the adder's thread or, if the adder
/// must not run the test's code, on another.</remarks>
internal sealed class ReceivedMessages
{
    private readonly LinkedList<MessageEnvelope> _messages = new();
    private readonly object _lock = new();
    private TaskCompletionSource? _arrival;

    public int Count
    {
        get { lock (_lock) return _messages.Count; }
    }

    public void Add(MessageEnvelope message)
    {
        TaskCompletionSource? arrival;
        lock (_lock)
        {
            _messages.AddLast(message);
            arrival = _arrival;
            _arrival = null;
            Monitor.PulseAll(_lock);
        }
        arrival?.TrySetResult();
    }

    /// <summary>Puts a message back where it was taken from.</summary>
    public void PutBack(MessageEnvelope message)
    {
        lock (_lock)
        {
            _messages.AddFirst(message);
            Monitor.PulseAll(_lock);
        }
    }

    public MessageEnvelope? Take(TimeSpan timeout, bool remove, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        using CancellationTokenRegistration wake = cancellation.Register(WakeAll);
        lock (_lock)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (FirstLocked(remove) is { } message) return message;
                if (timeout == Timeout.InfiniteTimeSpan) Monitor.Wait(_lock);
                else
                {
                    TimeSpan left = timeout - TimeProvider.System.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero) return null;
                    // A whole millisecond at least, or the last fraction of one would be spent spinning.
                    Monitor.Wait(_lock, left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                }
            }
        }
    }

    public async ValueTask<MessageEnvelope?> TakeAsync(TimeSpan timeout, bool remove, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task arrival;
            lock (_lock)
            {
                if (FirstLocked(remove) is { } message) return message;
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }
            TimeSpan left = timeout == Timeout.InfiniteTimeSpan
                ? timeout
                : timeout - TimeProvider.System.GetElapsedTime(start);
            if (left <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan) return null;
            try
            {
                await arrival.WaitAsync(left, cancellation);
            }
            catch (TimeoutException)
            {
                // The loop looks once more and finds the time is up.
            }
        }
    }

    public IReadOnlyList<MessageEnvelope> Snapshot()
    {
        lock (_lock) return [.. _messages];
    }

    private MessageEnvelope? FirstLocked(bool remove)
    {
        if (_messages.First is not { } first) return null;
        if (remove) _messages.RemoveFirst();
        return first.Value;
    }

    private void WakeAll()
    {
        lock (_lock) Monitor.PulseAll(_lock);
    }
}
