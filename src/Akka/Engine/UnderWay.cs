namespace Akka.Engine;

/// <summary>
/// How many bytes of a stream may be on a slow line at once, sent and not acknowledged. TCP sends until a queue on the way
/// is full and loses packets: what is urgent then stands behind that queue, and what other connections say gets lost
/// there, a lone heartbeat for seconds. So the line gets what it delivers in half a second, or in a round trip and a
/// quarter if that is longer: it is never idle, and its queue is short. A line with room delivers the more the more it
/// gets, and so finds its rate; one that others use, too, delivers less, and gets less. What is urgent goes past this
/// limit (<see cref="SendRoom"/>).
/// </summary>
internal struct UnderWay
{
    /// <summary>The least limit, and the first: a few packets, for losses to be noticed without a timeout.</summary>
    public const int LeastBytes = 8 * 1024;

    // When acknowledgements that were late come all at once, what they make room for must not fill the queue at once. A
    // line that has room is to show it, so the pace is above its rate, and never that of less than so many bytes in a
    // round trip.
    private const double PaceOfRate = 1.5;
    private const int LeastPacedBytes = 12 * 1024;

    // A round trip this much shorter than it may be says that the queue is short.
    private const double HasRoomUntil = 0.95;
    private const double Growth = 1.25;

    // A fast line counts as slow below 640 KB/s: half of what it has unsent then took 100 ms. Twice that is fast for sure.
    private const double FastBytesPerSecond = 1.3e6;

    private const long EnoughToJudge = 256 * 1024;

    private static readonly TimeSpan _least = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(0.25);

    private long _acknowledged;
    private TimeSpan _since;
    private double? _lastRate;
    private int _bytes;
    private bool _isLooking;
    private bool _fills;

    /// <summary>The stream was idle: what the line delivered meanwhile is not all it can.</summary>
    public void Pause() => (_isLooking, _lastRate) = (false, null);

    /// <summary>Looks at what the line delivered.</summary>
    /// <returns>What the stream may have from now on; null: as before.</returns>
    public LineShare? Look(in TcpFigures figures, TimeSpan now)
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
            (_isLooking, _fills) = (true, true);
            if (_bytes > 0) return null;
            _bytes = LeastBytes;
            return ShareOf(_bytes, figures.RoundTrip, _least);
        }
        double rate = delivered / took.TotalSeconds;
        if (rate > FastBytesPerSecond)
        {
            this = default;
            return LineShare.Whole;
        }
        if (_fills)
        {
            // What was acknowledged in the first round trip was sent before.
            _fills = false;
            return null;
        }
        TimeSpan ahead = 1.25 * figures.ShortestRoundTrip;
        if (ahead < _least) ahead = _least;
        _bytes = Next(rate, figures.RoundTrip, ahead);
        return ShareOf(_bytes, figures.RoundTrip, ahead);
    }

    private int Next(double rate, TimeSpan roundTrip, TimeSpan ahead)
    {
        // What comes late in one look comes early in the next.
        double steady = _lastRate is { } last ? (rate + last) / 2 : rate;
        _lastRate = rate;
        double delivers = steady * ahead.TotalSeconds;
        // It may have delivered little because it had little.
        bool hasRoom = roundTrip < HasRoomUntil * ahead;
        double most = hasRoom ? Math.Max(delivers, Math.Min(Growth * _bytes, 2 * delivers)) : delivers;
        return (int)Math.Max(LeastBytes, most);
    }

    // A line that is near is not paced: it is quick, and only its reader was slow, or all that it has is in its queue.
    private static LineShare ShareOf(int bytes, TimeSpan roundTrip, TimeSpan ahead)
    {
        double seconds = Math.Min(roundTrip.TotalSeconds, ahead.TotalSeconds);
        double pace = PaceOfRate * Math.Max(bytes, LeastPacedBytes) / seconds;
        return new(bytes, pace < int.MaxValue ? (int)pace : int.MaxValue);
    }
}

/// <summary>What a stream may have of a line.</summary>
/// <param name="Bytes">So many may be under way, sent and not acknowledged.</param>
/// <param name="BytesPerSecond">No faster than this.</param>
internal readonly record struct LineShare(int Bytes, int BytesPerSecond)
{
    /// <summary>The line is fast: no limit.</summary>
    public static LineShare Whole => new(int.MaxValue, int.MaxValue);
}
