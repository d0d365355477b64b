namespace Iridium.FaultLab.Hosts;

/// <summary>When what enters a line comes out of it: one packet after the other, at the line's rate, and each as much
/// later as the line is long. What finds the queue full is lost.</summary>
/// <param name="kilobits">The line carries so much in a second.</param>
/// <param name="delay">From one end to the other.</param>
/// <param name="queue">How much waits to enter, as time.</param>
internal sealed class LinePace(int kilobits, TimeSpan delay, TimeSpan queue)
{
    private TimeSpan _freeAt;

    /// <returns>When it comes out; null: it is lost.</returns>
    public TimeSpan? Arrival(int bytes, TimeSpan now)
    {
        TimeSpan enters = _freeAt > now ? _freeAt : now;
        if (enters - now > queue) return null;
        _freeAt = enters + TimeSpan.FromSeconds(bytes * 8 / (kilobits * 1000.0));
        return _freeAt + delay;
    }
}
