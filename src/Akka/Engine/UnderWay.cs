namespace Akka.Engine;

/// <summary>
/// How many bytes of a stream may be on a slow line at once, sent and not acknowledged. TCP sends until a queue on the way
/// is full and loses packets: what is urgent then stands behind that queue, and what other connections say gets lost
/// there, a lone heartbeat for seconds. So the line gets what it delivers in half a second, or in a round trip and a
/// quarter if that is longer: it is never idle, and its queue is short. A line with room delivers the more the more it
/// gets, and so finds its rate.
/// </summary>
internal struct UnderWay
{
    /// <summary>The least limit: a few packets, for losses to be noticed without a timeout.</summary>
    public const int LeastBytes = 12 * 1024;

    // A fast line counts as slow below 640 KB/s: half of what it has unsent then took 100 ms. Twice that is fast for sure.
    private const double FastBytesPerSecond = 1.3e6;

    private const long EnoughToJudge = 256 * 1024;

    private static readonly TimeSpan _least = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(0.25);

    private long _acknowledged;
    private TimeSpan _since;
    private bool _isLooking;
    private bool _wasLimited;

    /// <summary>The stream was idle: what the line delivered meanwhile is not all it can.</summary>
    public void Pause() => _isLooking = false;

    /// <summary>Looks at what the line delivered.</summary>
    /// <returns>The limit from now on: at the first look the least; <see cref="int.MaxValue"/>: none, the line is fast;
    /// null: as before.</returns>
    public int? Look(in TcpFigures figures, TimeSpan now)
    {
        TimeSpan took = now - _since;
        long delivered = figures.BytesAcknowledged - _acknowledged;
        if (_isLooking)
        {
            TimeSpan whole = figures.RoundTrip > _look ? figures.RoundTrip : _look;
            if (took < whole && delivered < EnoughToJudge) return null;
        }
        (_acknowledged, _since) = (figures.BytesAcknowledged, now);
        if (!_isLooking)
        {
            bool isFirst = !_wasLimited;
            (_isLooking, _wasLimited) = (true, true);
            return isFirst ? LeastBytes : null;
        }
        double rate = delivered / took.TotalSeconds;
        if (rate > FastBytesPerSecond)
        {
            (_isLooking, _wasLimited) = (false, false);
            return int.MaxValue;
        }
        TimeSpan ahead = 1.25 * figures.ShortestRoundTrip;
        return (int)Math.Max(LeastBytes, rate * (ahead > _least ? ahead : _least).TotalSeconds);
    }
}
