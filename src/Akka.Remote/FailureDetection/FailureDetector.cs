namespace Akka.Remote;

/// <summary>A monotonic clock in milliseconds from an arbitrary origin.</summary>
public delegate long Clock();

/// <summary>
/// Judges from the rhythm of a peer's signs of life whether it still lives. One detector watches one peer; it is told
/// of every sign by <see cref="HeartBeat"/> and asked for its verdict whenever somebody wants to know.
/// </summary>
public abstract class FailureDetector
{
    /// <summary>The process's monotonic clock. The engine itself passes its host's clock, which a simulation may
    /// own.</summary>
    public static readonly Clock DefaultClock = ClockOf(TimeProvider.System);

    /// <summary>True while the peer is believed alive; a peer never heard of is.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>True once the first sign of life was recorded.</summary>
    public abstract bool IsMonitoring { get; }

    /// <summary>Records a sign of life, now.</summary>
    public abstract void HeartBeat();

    internal static Clock ClockOf(TimeProvider time)
    {
        long origin = time.GetTimestamp();
        return () => (long)time.GetElapsedTime(origin).TotalMilliseconds;
    }
}
