using System.Globalization;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// The phi accrual detector of Hayashibara, Defago, Yared and Katayama (2004): suspicion is a number that grows the
/// longer a heartbeat is overdue, on the scale that the peer's own rhythm suggests: phi = -log10(probability that a
/// heartbeat comes even later than now). The peer counts as unavailable from <c>threshold</c> on.
/// </summary>
/// <remarks>It may be told and asked from different threads.</remarks>
public sealed class PhiAccrualFailureDetector : FailureDetector
{
    private readonly double _threshold;
    private readonly double _minStdDeviation;
    private readonly double _acceptablePause;
    private readonly Clock _clock;
    private readonly Lock _gate = new();
    private readonly HeartbeatHistory _history;
    private long? _latest;

    /// <param name="threshold">Phi from which on the peer counts as unavailable. 8 means one wrong verdict in 10^8
    /// heartbeats of a steady rhythm; lower is quicker and more often wrong.</param>
    /// <param name="maxSampleSize">How many intervals are remembered.</param>
    /// <param name="minStdDeviation">The least deviation assumed; below it, every small delay of a very steady peer
    /// would look like death.</param>
    /// <param name="acceptableHeartbeatPause">A pause beyond the usual interval that raises no suspicion: a garbage
    /// collection, a lost packet.</param>
    /// <param name="firstHeartbeatEstimate">The interval assumed until real ones are known.</param>
    /// <param name="clock">Null for <see cref="FailureDetector.DefaultClock"/>.</param>
    /// <exception cref="ArgumentException">A value outside of its range.</exception>
    public PhiAccrualFailureDetector(
        double threshold,
        int maxSampleSize,
        TimeSpan minStdDeviation,
        TimeSpan acceptableHeartbeatPause,
        TimeSpan firstHeartbeatEstimate,
        Clock? clock = null)
    {
        if (threshold <= 0) throw Invalid("threshold", "greater than 0", threshold);
        if (maxSampleSize <= 0) throw Invalid("max-sample-size", "greater than 0", maxSampleSize);
        if (minStdDeviation <= TimeSpan.Zero) throw Invalid("min-std-deviation", "greater than 0", minStdDeviation);
        if (acceptableHeartbeatPause < TimeSpan.Zero)
        {
            throw Invalid("acceptable-heartbeat-pause", "0 or greater", acceptableHeartbeatPause);
        }
        if (firstHeartbeatEstimate <= TimeSpan.Zero)
        {
            throw Invalid("heartbeat-interval", "greater than 0", firstHeartbeatEstimate);
        }
        _threshold = threshold;
        _minStdDeviation = minStdDeviation.TotalMilliseconds;
        _acceptablePause = acceptableHeartbeatPause.TotalMilliseconds;
        _clock = clock ?? DefaultClock;
        _history = Seeded(maxSampleSize, firstHeartbeatEstimate);
    }

    /// <summary>With the settings of a section of configuration.</summary>
    /// <param name="config">Has <c>threshold</c>, <c>max-sample-size</c>, <c>min-std-deviation</c>,
    /// <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.</param>
    /// <param name="eventStream">Not used; detectors that are named in configuration get it.</param>
    public PhiAccrualFailureDetector(Config config, EventStream eventStream)
        : this(
            config.GetDouble("threshold"),
            config.GetInt("max-sample-size"),
            config.GetTimeSpan("min-std-deviation"),
            config.GetTimeSpan("acceptable-heartbeat-pause"),
            config.GetTimeSpan("heartbeat-interval"))
    {
        _ = eventStream;
    }

    internal static PhiAccrualFailureDetector Read(Config config, Clock clock) => new(
        config.GetDouble("threshold"),
        config.GetInt("max-sample-size"),
        config.GetTimeSpan("min-std-deviation"),
        config.GetTimeSpan("acceptable-heartbeat-pause"),
        config.GetTimeSpan("heartbeat-interval"),
        clock);

    /// <inheritdoc />
    public override bool IsAvailable
    {
        get
        {
            lock (_gate) return PhiLocked(_clock()) < _threshold;
        }
    }

    /// <inheritdoc />
    public override bool IsMonitoring
    {
        get
        {
            lock (_gate) return _latest is not null;
        }
    }

    /// <summary>Today's suspicion; 0 for a peer that was never heard of.</summary>
    internal double CurrentPhi
    {
        get
        {
            lock (_gate) return PhiLocked(_clock());
        }
    }

    /// <inheritdoc />
    public override void HeartBeat()
    {
        lock (_gate)
        {
            long now = _clock();
            // The interval that ends an outage says nothing about the rhythm; learning it would make the next outage
            // take as long to notice.
            if (_latest is { } before && PhiLocked(now) < _threshold) _history.Add(now - before);
            _latest = now;
        }
    }

    /// <summary>Suspicion after <paramref name="elapsed"/> milliseconds of silence, by a logistic approximation of the
    /// normal distribution whose error is below 0.00014.</summary>
    internal static double Phi(double elapsed, double mean, double deviation)
    {
        double y = (elapsed - mean) / deviation;
        double e = Math.Exp(-y * (1.5976 + 0.070566 * y * y));
        return elapsed > mean ? -Math.Log10(e / (1 + e)) : -Math.Log10(1 - 1 / (1 + e));
    }

    private double PhiLocked(long now)
    {
        if (_latest is not { } latest) return 0;
        double deviation = Math.Max(_history.StandardDeviation, _minStdDeviation);
        return Phi(now - latest, _history.Mean + _acceptablePause, deviation);
    }

    // Two intervals whose mean is the estimate, a quarter of it apart on either side: a rhythm that gives new peers
    // some benefit of the doubt and is soon outweighed by real intervals.
    private static HeartbeatHistory Seeded(int maxSampleSize, TimeSpan estimate)
    {
        long mean = (long)estimate.TotalMilliseconds;
        long spread = mean / 4;
        HeartbeatHistory history = new(maxSampleSize);
        history.Add(mean - spread);
        history.Add(mean + spread);
        return history;
    }

    private static ArgumentException Invalid(string name, string range, object value) => new(
        string.Create(CultureInfo.InvariantCulture, $"A failure detector's {name} must be {range}, but is {value}."));
}
