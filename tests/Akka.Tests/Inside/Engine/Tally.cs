namespace Akka.Tests.Inside.Engine;

/// <summary>Counts on many threads, and wakes who waits for as many as are expected.</summary>
internal sealed class Tally(int expected)
{
    private readonly ManualResetEventSlim _reached = new();
    private int _count;

    public void Add()
    {
        if (Interlocked.Increment(ref _count) == expected) _reached.Set();
    }

    public bool IsReached(TimeSpan patience) => _reached.Wait(patience);

    public override string ToString() => $"{Volatile.Read(ref _count)} of {expected}";
}
