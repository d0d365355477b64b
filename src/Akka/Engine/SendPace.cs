namespace Akka.Engine;

/// <summary>
/// How much of a stream is handed to the kernel ahead of the line, which is what urgent bytes stand behind: of the 4 MB
/// that Linux would take, for 125 s on a line of 256 kbit/s; of what a line gets first for 0.3 s, and on a slow one for the
/// time of a packet.
/// </summary>
/// <param name="IsSlow">The line takes so long for what it has that it gets little at a time.
/// <see cref="UnderWay"/> says when that is over.</param>
/// <param name="Doublings">How often the line had room at once for what a line gets first.</param>
internal readonly record struct SendPace(bool IsSlow, int Doublings = 0)
{
    // Less than anything: each call waits until what the last one brought is sent.
    private const int SlowUnsentBytes = 1;
    private const int FirstUnsentBytes = 8 * 1024;

    // 128 KB: two of the largest writes keep a fast line busy.
    private const int MostDoublings = 4;

    // The kernel says that it takes more when half of what it may hold is gone.
    private static readonly TimeSpan _slowFrom = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _roomUntil = TimeSpan.FromMilliseconds(5);

    /// <summary>What a slow line is given in one call: a packet of Ethernet, for of more the second would be a short
    /// one.</summary>
    public const int SlowMostBytes = 1400;

    public static SendPace Fast => new(IsSlow: false, MostDoublings);

    /// <summary>What the kernel may hold that is not sent.</summary>
    public int UnsentBytes => IsSlow ? SlowUnsentBytes : FirstUnsentBytes << Doublings;

    /// <summary>To hand over in one call: the kernel takes all of one that finds it with less than it may hold. On a slow
    /// line each call waits for the line first.</summary>
    public int MostBytes => IsSlow ? SlowMostBytes : UnsentBytes;

    /// <summary>A round trip takes so long: a line that is far away counts as slow until it has shown what it carries.</summary>
    public SendPace Before(TimeSpan roundTrip) => roundTrip > _slowFrom ? new(IsSlow: true) : this;

    /// <summary>The kernel took more after so long.</summary>
    public SendPace After(TimeSpan wait) =>
        IsSlow || wait > _slowFrom ? new(IsSlow: true)
        : wait <= _roomUntil && Doublings < MostDoublings ? this with { Doublings = Doublings + 1 }
        : this;
}
