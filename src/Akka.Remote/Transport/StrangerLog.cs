using System.Net;
using Akka.Event;
using Akka.Remote.Association;

namespace Akka.Remote.Transport;

/// <summary>Reports connections that never became associations: of each kind one line a minute at most, with a count of
/// those left out. A port that is scanned must not fill the log, nor hide a node with the wrong secret.</summary>
internal sealed class StrangerLog(ILoggingAdapter log)
{
    private const long QuietMilliseconds = 60_000;

    private readonly Dictionary<AssociationEnd, (long ReportedAt, int LeftOut)> _kinds = [];

    public void Report(EndPoint? from, AssociationEffect.Ended ended, long now)
    {
        bool known = _kinds.TryGetValue(ended.Why, out var kind);
        if (known && now - kind.ReportedAt < QuietMilliseconds)
        {
            _kinds[ended.Why] = (kind.ReportedAt, kind.LeftOut + 1);
            return;
        }
        string others = kind.LeftOut == 0 ? "" : $" ({kind.LeftOut} more since the last report)";
        log.Warning("A connection from {0} was no peer: {1}.{2}", from, ended.Detail, others);
        _kinds[ended.Why] = (now, 0);
    }
}
