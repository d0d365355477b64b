namespace Akka.Cluster.Membership;

/// <summary>
/// What was heard of each watched node, and when: its answers to heartbeats, anything else that comes of it, and what it
/// answers on a connection that only asks.
/// </summary>
/// <param name="receivedFrom">Counts whatever comes from a node; null if that counts for nothing.</param>
/// <param name="probeAnswersFrom">Counts its answers on such a connection; null if there is none.</param>
internal sealed class SignsOfLife(
    Func<UniqueAddress, long>? receivedFrom, Func<UniqueAddress, long>? probeAnswersFrom)
{
    private readonly Dictionary<UniqueAddress, Signs> _of = [];

    public void Heard(UniqueAddress node, TimeSpan now) => _of[node] = Of(node, now) with { HeardAt = now };

    /// <summary>Whether anything came of it since the last look. A count that begins anew is nothing that came.</summary>
    /// <param name="probesFor">So long after the last other sign its answers to probes still count.</param>
    public bool Look(UniqueAddress node, TimeSpan now, TimeSpan probesFor)
    {
        Signs before = Of(node, now);
        long received = receivedFrom?.Invoke(node) ?? 0;
        long answered = probeAnswersFrom?.Invoke(node) ?? 0;
        bool came = received > before.Received;
        TimeSpan heardAt = came ? now : before.HeardAt;
        _of[node] = new Signs(heardAt, received, answered);
        return came || (answered > before.Answered && now - heardAt < probesFor);
    }

    /// <summary>How long nothing but answers to probes was heard of it.</summary>
    public TimeSpan SilenceOf(UniqueAddress node, TimeSpan now) => now - Of(node, now).HeardAt;

    public void Forget(UniqueAddress node) => _of.Remove(node);

    // The silence of a node begins when it is first looked for.
    private Signs Of(UniqueAddress node, TimeSpan now) =>
        _of.TryGetValue(node, out Signs? known) ? known : _of[node] = new Signs(now, 0, 0);

    private sealed record Signs(TimeSpan HeardAt, long Received, long Answered);
}
