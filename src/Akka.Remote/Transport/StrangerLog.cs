using System.Net;
using Akka.Event;
using Akka.Remote.Association;

namespace Akka.Remote.Transport;

/// <summary>Reports connections that never became associations, one line a minute at most with a count of those left
/// out: a port that is scanned must not fill the log.</summary>
internal sealed class StrangerLog(ILoggingAdapter log)
{
    private const long QuietMilliseconds = 60_000;

    private long? _reportedAt;
    private int _leftOut;

    public void Report(EndPoint? from, AssociationEffect.Ended ended, long now)
    {
        if (_reportedAt is { } before && now - before < QuietMilliseconds)
        {
            _leftOut++;
            return;
        }
        string others = _leftOut == 0 ? "" : $" ({_leftOut} more since the last report)";
        log.Warning("A connection from {0} was no peer: {1}.{2}", from, ended.Detail, others);
        _reportedAt = now;
        _leftOut = 0;
    }
}
