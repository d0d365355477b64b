namespace Akka.Cluster.Membership;

/// <summary>
/// What was heard of each watched node: its answers to heartbeats, anything else that comes of it, and what it answers on
/// a connection that only asks; and since when a heartbeat waits that nothing has followed.
/// </summary>
/// <param name="receivedFrom">Counts whatever comes from a node; null if that counts for nothing.</param>
/// <param name="probeAnswersFrom">Counts its answers on such a connection; null if there is none.</param>
internal sealed class SignsOfLife(
    Func<UniqueAddress, long>? receivedFrom, Func<UniqueAddress, long>? probeAnswersFrom)
{
    private readonly Dictionary<UniqueAddress, Signs> _of = [];

    /// <summary>Nodes of which something is known.</summary>
    public int Count => _of.Count;

    /// <summary>It was sent a heartbeat. It is silent from the first that nothing follows: before that it had no reason
    /// to speak.</summary>
    public void Asked(UniqueAddress node, TimeSpan now) => _of[node] = Of(node) with { AskedAt = Of(node).AskedAt ?? now };

    /// <summary>It is not watched any more: no heartbeat to it waits for anything.</summary>
    public void WaitNoLonger(UniqueAddress node) => _of[node] = Of(node) with { AskedAt = null };

    /// <summary>It will never again talk to this node. Its process answers probes, and its remoting says so each time it
    /// is dialled; neither tells that a member is there.</summary>
    public void Refuses(UniqueAddress node) => _of[node] = Of(node) with { Refuses = true };

    /// <summary>It answered a heartbeat after all.</summary>
    public void Answered(UniqueAddress node, TimeSpan now) =>
        _of[node] = Of(node) with { AskedAt = null, SignAt = now, Refuses = false };

    public bool IsRefusedBy(UniqueAddress node) => Of(node).Refuses;

    public void Heard(UniqueAddress node, TimeSpan now) => _of[node] = Of(node) with { AskedAt = null, SignAt = now };

    /// <summary>Whether anything came of it since the last look. A count that begins anew is nothing that came.</summary>
    /// <param name="probesFor">So long after the heartbeat that nothing else followed its answers to probes still
    /// count.</param>
    public bool Look(UniqueAddress node, TimeSpan now, TimeSpan probesFor)
    {
        Signs before = Of(node);
        long received = receivedFrom?.Invoke(node) ?? 0;
        long answered = probeAnswersFrom?.Invoke(node) ?? 0;
        bool came = received > before.Received && !before.Refuses;
        bool lives = came || (answered > before.Answered && !before.Refuses && SilenceOf(node, now) < probesFor);
        _of[node] = before with
        {
            AskedAt = came ? null : before.AskedAt,
            Received = received,
            Answered = answered,
            SignAt = lives ? now : before.SignAt,
        };
        return lives;
    }

    /// <summary>Whether a look, or an answer, in this time found that it lives.</summary>
    public bool LivedWithin(UniqueAddress node, TimeSpan now, TimeSpan time) => Of(node).SignAt is { } at && now - at < time;

    /// <summary>How long a heartbeat has waited that nothing but answers to probes has followed; zero if none
    /// does.</summary>
    public TimeSpan SilenceOf(UniqueAddress node, TimeSpan now) =>
        WaitsSince(node) is { } askedAt ? now - askedAt : TimeSpan.Zero;

    /// <summary>When it was sent the heartbeat that nothing but answers to probes has followed; null if there is
    /// none.</summary>
    public TimeSpan? WaitsSince(UniqueAddress node) => Of(node).AskedAt;

    public void Forget(UniqueAddress node) => _of.Remove(node);

    private Signs Of(UniqueAddress node) => _of.GetValueOrDefault(node, Signs.None);

    private sealed record Signs(TimeSpan? AskedAt, long Received, long Answered, TimeSpan? SignAt, bool Refuses)
    {
        public static Signs None { get; } = new(null, 0, 0, null, false);
    }
}
