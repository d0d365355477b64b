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

    /// <summary>It answered a heartbeat.</summary>
    /// <param name="gap">A silence longer than this, now over, is remembered.</param>
    public void Heard(UniqueAddress node, TimeSpan now, TimeSpan gap)
    {
        // The answer itself is among what was received: the next look must not take it for news.
        _of[node] = Of(node, now).Heard(now, gap) with { Received = receivedFrom?.Invoke(node) ?? 0 };
    }

    /// <summary>Its silence begins anew: it was this node that could not hear.</summary>
    public void Forgive(UniqueAddress node, TimeSpan now) =>
        _of[node] = Of(node, now) with { HeardAt = now, AnsweredAt = now };

    /// <summary>Whether anything came of it since the last look. A count that begins anew is nothing that came.</summary>
    /// <param name="gap">As in <see cref="Heard"/>.</param>
    /// <param name="probesFor">So long after the last other sign its answers to probes still count.</param>
    public bool Look(UniqueAddress node, TimeSpan now, TimeSpan gap, TimeSpan probesFor)
    {
        Signs before = Of(node, now);
        long received = receivedFrom?.Invoke(node) ?? 0;
        long answered = probeAnswersFrom?.Invoke(node) ?? 0;
        bool came = received > before.Received;
        Signs after = came ? before.Heard(now, gap) : before;
        bool lives = answered > before.Answered && now - after.HeardAt < probesFor;
        _of[node] = after with
        {
            Received = received, Answered = answered, AnsweredAt = lives ? now : after.AnsweredAt,
        };
        return came || lives;
    }

    /// <summary>How long nothing but answers to probes was heard of it.</summary>
    public TimeSpan SilenceOf(UniqueAddress node, TimeSpan now) => now - Of(node, now).HeardAt;

    /// <summary>When it last gave any sign.</summary>
    public TimeSpan LastSignOf(UniqueAddress node, TimeSpan now)
    {
        Signs signs = Of(node, now);
        return signs.HeardAt > signs.AnsweredAt ? signs.HeardAt : signs.AnsweredAt;
    }

    /// <summary>Whether it had no remembered silence in this time.</summary>
    public bool WasSteady(UniqueAddress node, TimeSpan now, TimeSpan time) =>
        Of(node, now).GapAt is not { } gapAt || now - gapAt > time;

    public void Forget(UniqueAddress node) => _of.Remove(node);

    // The silence of a node begins when it is first looked for.
    private Signs Of(UniqueAddress node, TimeSpan now) =>
        _of.TryGetValue(node, out Signs? known) ? known : _of[node] = new Signs(now, 0, 0, now, null);

    /// <param name="HeardAt">When it last said anything but an answer to a probe.</param>
    /// <param name="Received">How often anything came of it.</param>
    /// <param name="Answered">How many probes it answered.</param>
    /// <param name="AnsweredAt">When it last answered one.</param>
    /// <param name="GapAt">When a long silence of it last ended.</param>
    private sealed record Signs(TimeSpan HeardAt, long Received, long Answered, TimeSpan AnsweredAt, TimeSpan? GapAt)
    {
        public Signs Heard(TimeSpan now, TimeSpan gap) =>
            this with { HeardAt = now, GapAt = now - HeardAt > gap ? now : GapAt };
    }
}
