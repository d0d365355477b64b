using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Holds the peer for dead when nothing was heard for a fixed time: the heartbeat interval and an acceptable
/// pause together.</summary>
/// <remarks>It may be told and asked from different threads.</remarks>
public sealed class DeadlineFailureDetector : FailureDetector
{
    private const long NeverHeard = long.MinValue;

    private readonly long _deadline;
    private readonly Clock _clock;
    private long _latest = NeverHeard;

    /// <exception cref="ArgumentException">A time that is not positive.</exception>
    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (acceptableHeartbeatPause <= TimeSpan.Zero)
        {
            throw new ArgumentException(
                "A failure detector's acceptable-heartbeat-pause must be greater than 0, but is "
                + $"{acceptableHeartbeatPause}.");
        }
        if (heartbeatInterval <= TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"A failure detector's heartbeat-interval must be greater than 0, but is {heartbeatInterval}.");
        }
        _deadline = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
        _clock = clock ?? DefaultClock;
    }

    /// <summary>With the settings of a section of configuration.</summary>
    /// <param name="config">Has <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.</param>
    /// <param name="eventStream">Not used; detectors that are named in configuration get it.</param>
    public DeadlineFailureDetector(Config config, EventStream eventStream)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"))
    {
        _ = eventStream;
    }

    internal static DeadlineFailureDetector Read(Config config, Clock clock) =>
        new(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"), clock);

    /// <inheritdoc />
    public override bool IsAvailable
    {
        get
        {
            long latest = Volatile.Read(ref _latest);
            return latest == NeverHeard || _clock() - latest < _deadline;
        }
    }

    /// <inheritdoc />
    public override bool IsMonitoring => Volatile.Read(ref _latest) != NeverHeard;

    /// <inheritdoc />
    public override void HeartBeat() => Volatile.Write(ref _latest, _clock());
}
