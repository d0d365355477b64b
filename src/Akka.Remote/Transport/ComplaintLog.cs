using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>Logs each kind of complaint once in ten seconds at most, with a count of what was left out. Any
/// thread.</summary>
internal sealed class ComplaintLog(ILoggingAdapter log, Func<long> now)
{
    private const long QuietMilliseconds = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long ReportedAt, int LeftOut)> _kinds = [];

    /// <param name="format">The kind; there are as many as there are lines of code that complain.</param>
    /// <param name="arguments">What differs from case to case.</param>
    public void Report(string format, object?[] arguments)
    {
        int leftOut;
        lock (_gate)
        {
            long time = now();
            bool known = _kinds.TryGetValue(format, out var kind);
            if (known && time - kind.ReportedAt < QuietMilliseconds)
            {
                _kinds[format] = (kind.ReportedAt, kind.LeftOut + 1);
                return;
            }
            leftOut = kind.LeftOut;
            _kinds[format] = (time, 0);
        }
        string others = leftOut == 0 ? "" : $" ({leftOut} more like it since the last report)";
        log.Warning(format + others, Array.ConvertAll(arguments, Cut));
    }

    // Strangers write names and cause exceptions, and may be lengthy.
    private static object? Cut(object? argument) => argument is string or Exception
        ? MessageText.Cut(argument.ToString()!, MessageText.LongestCause)
        : argument;
}
