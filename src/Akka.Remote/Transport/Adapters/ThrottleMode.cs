namespace Akka.Remote.Transport;

/// <summary>How fast bytes may go. A mode is a value: taking from it gives the mode that is left.</summary>
public abstract record ThrottleMode
{
    /// <summary>Asks to send so many bytes now.</summary>
    /// <param name="nanoTimeOfSend">Nanoseconds of a monotonic clock.</param>
    /// <param name="tokens">One for each byte.</param>
    /// <returns>What is left, and whether they may go.</returns>
    public abstract (ThrottleMode Left, bool Granted) TryConsumeTokens(long nanoTimeOfSend, int tokens);

    /// <summary>How long from now until so many bytes may go.</summary>
    public abstract TimeSpan TimeToAvailable(long currentNanoTime, int tokens);
}

/// <summary>Everything goes at once.</summary>
public sealed record Unthrottled : ThrottleMode
{
    public static readonly Unthrottled Instance = new();

    private Unthrottled()
    {
    }

    public override (ThrottleMode Left, bool Granted) TryConsumeTokens(long nanoTimeOfSend, int tokens) => (this, true);

    public override TimeSpan TimeToAvailable(long currentNanoTime, int tokens) => TimeSpan.Zero;
}

/// <summary>Nothing goes; what would is swallowed.</summary>
public sealed record Blackhole : ThrottleMode
{
    public static readonly Blackhole Instance = new();

    private Blackhole()
    {
    }

    public override (ThrottleMode Left, bool Granted) TryConsumeTokens(long nanoTimeOfSend, int tokens) =>
        (this, false);

    public override TimeSpan TimeToAvailable(long currentNanoTime, int tokens) => TimeSpan.Zero;
}

/// <summary>
/// A steady rate with short bursts: tokens drip in, up to a capacity, and each byte takes one. A frame larger than the
/// capacity goes as soon as there is any token, and leaves a debt that later frames wait out.
/// </summary>
/// <param name="Capacity">Bytes that may go in a burst.</param>
/// <param name="TokensPerSecond">Bytes per second in the long run.</param>
/// <param name="NanoTimeOfLastSend">When <paramref name="AvailableTokens"/> was true.</param>
/// <param name="AvailableTokens">What was left then; below zero is a debt.</param>
public sealed record TokenBucket(int Capacity, double TokensPerSecond, long NanoTimeOfLastSend, int AvailableTokens)
    : ThrottleMode
{
    private const double NanosPerSecond = 1e9;

    public override (ThrottleMode Left, bool Granted) TryConsumeTokens(long nanoTimeOfSend, int tokens)
    {
        int available = Available(nanoTimeOfSend);
        if (available < Needed(tokens)) return (this, false);
        return (this with { NanoTimeOfLastSend = nanoTimeOfSend, AvailableTokens = available - tokens }, true);
    }

    public override TimeSpan TimeToAvailable(long currentNanoTime, int tokens)
    {
        int missing = Needed(tokens) - Available(currentNanoTime);
        if (missing <= 0) return TimeSpan.Zero;
        double seconds = missing / TokensPerSecond;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private int Needed(int tokens) => tokens > Capacity ? 1 : tokens;

    private int Available(long now)
    {
        double dripped = Math.Max(0, now - NanoTimeOfLastSend) / NanosPerSecond * TokensPerSecond;
        return (int)Math.Min(Capacity, AvailableTokens + dripped);
    }
}
