namespace Akka.Engine;

/// <summary>
/// How much of a stream is handed to the kernel ahead of the line, which is what urgent bytes stand behind: of the 4 MB
/// that Linux would take, for 125 s on a line of 256 kbit/s; of what a fast line gets, for 4 s; of what a slow one gets,
/// for 0.3 s.
/// </summary>
/// <param name="IsSlow">The line takes so long for what it has that it gets little at a time.</param>
internal readonly record struct SendPace(bool IsSlow)
{
    // Two of the largest writes keep a fast line busy.
    private const int FastUnsentBytes = 128 * 1024;

    private const int SlowUnsentBytes = 8 * 1024;

    // The kernel says that it takes more when half of what it may hold is gone. So a line is slow below 640 KB/s, and
    // fast again above 2 MB/s.
    private static readonly TimeSpan _slowFrom = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _fastUntil = TimeSpan.FromMilliseconds(2);

    /// <summary>What the kernel may hold that is not sent.</summary>
    public int UnsentBytes => IsSlow ? SlowUnsentBytes : FastUnsentBytes;

    /// <summary>To hand over in one call. On a slow line each call waits for the line first.</summary>
    public int MostBytes => IsSlow ? SlowUnsentBytes / 2 : int.MaxValue;

    /// <summary>The kernel took more after so long.</summary>
    public SendPace After(TimeSpan wait) => new(IsSlow ? wait > _fastUntil : wait > _slowFrom);
}
