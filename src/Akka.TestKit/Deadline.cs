namespace Akka.TestKit;

/// <summary>A moment until which something may last, on the monotonic clock.</summary>
internal readonly struct Deadline(TimeSpan limit)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public TimeSpan Passed => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>Never negative; infinite if the limit was.</summary>
    public TimeSpan Left => limit == Timeout.InfiniteTimeSpan
        ? limit
        : TimeSpan.FromTicks(Math.Max(0, (limit - Passed).Ticks));

    public bool IsOver => limit != Timeout.InfiniteTimeSpan && Passed >= limit;

    /// <summary>The shorter of what is left and another limit.</summary>
    public TimeSpan LeftOr(TimeSpan other)
    {
        TimeSpan left = Left;
        if (other == Timeout.InfiniteTimeSpan) return left;
        return left == Timeout.InfiniteTimeSpan || other < left ? other : left;
    }
}
