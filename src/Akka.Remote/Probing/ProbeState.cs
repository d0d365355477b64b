using System.Collections.Immutable;

namespace Akka.Remote.Probing;

/// <summary>What can happen to the asking of one peer.</summary>
internal abstract record ProbeInput
{
    private ProbeInput()
    {
    }

    /// <summary>The connection of this number is open.</summary>
    public sealed record Opened(int Connection) : ProbeInput;

    /// <summary>An answer came.</summary>
    public sealed record Answered(int Connection, ProbeFrame Answer) : ProbeInput;

    /// <summary>The connection is gone, or nobody took it.</summary>
    public sealed record Lost(int Connection) : ProbeInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : ProbeInput;
}

/// <summary>What has to be done about it.</summary>
internal abstract record ProbeEffect
{
    private ProbeEffect()
    {
    }

    public sealed record Dial(int Connection) : ProbeEffect;

    /// <summary>Close it at once; nothing that still comes on it matters.</summary>
    public sealed record Abort(int Connection) : ProbeEffect;

    public sealed record Ask(int Connection, long Number) : ProbeEffect;

    /// <summary>The life that is asked for has answered.</summary>
    public sealed record Alive : ProbeEffect;

    /// <summary>It has answered that it will have nothing to do with this one.</summary>
    public sealed record Refused : ProbeEffect;
}

/// <summary>
/// Asks one silent peer over connections of its own whether it lives. One is enough while it answers; for as long as
/// nothing is answered another is dialled at every tick, beside those that wait:
/// <code>
///   tick: ask on every open connection; give up who stalls; nothing answered since the last tick: dial one more
///   answer on one: keep it, abort the others, count anew
/// </code>
/// Times are monotonic milliseconds.
/// </summary>
/// <param name="Uid">The life that is asked for; the answer of another is none.</param>
/// <param name="Attempts">The present connections.</param>
/// <param name="Connection">Number of the last connection; they count up.</param>
/// <param name="Origin">Questions are numbered from the one after this: answers to none of them are none.</param>
/// <param name="Number">Of the last question.</param>
/// <param name="Unanswered">Connections in a row, dialled since the last answer, that had none.</param>
/// <param name="TickAt">When to ask, and perhaps to dial, next.</param>
/// <param name="DialAt">Not to dial before; a peer that is proven silent is dialled less often.</param>
/// <param name="Answers">Whether anything was answered since the last tick.</param>
/// <param name="CompleteAt">When the last connection of a proof was dialled; never: there are not enough.</param>
/// <param name="IsRefused">Whether it has refused; that is said once.</param>
internal sealed record ProbeState(
    ProbeSettings Settings,
    long Uid,
    ImmutableArray<ProbeAttempt> Attempts,
    int Connection,
    long Origin,
    long Number,
    int Unanswered,
    long TickAt,
    long DialAt,
    bool Answers,
    long CompleteAt,
    bool IsRefused)
{
    /// <summary>The shortest time, of connections dialled since the last answer, from the dial until one was open: a round
    /// trip. Losses make some slower, and a full line all. While none of these is open it is that of those before; null if
    /// there were none: a peer that is first asked when a round trip takes longer than all dials cannot be told from none.
    /// </summary>
    public long? RoundTrip { get; init; }

    /// <summary>When, without an answer until then, the peer is proven silent. A connection needs two round trips for an
    /// answer, which on a slow line is longer than the dials.</summary>
    public long ProvenAt =>
        CompleteAt == long.MaxValue ? long.MaxValue : CompleteAt + Settings.Deadline + 2 * (RoundTrip ?? 0);

    public static (ProbeState State, ImmutableArray<ProbeEffect> Effects) Start(
        ProbeSettings settings, long uid, long now, long origin = 0) =>
        new ProbeState(settings, uid, [], 0, origin, origin, 0, now, now, false, long.MaxValue, false).OnTick(now);

    public (ProbeState State, ImmutableArray<ProbeEffect> Effects) Next(ProbeInput input, long now) => input switch
    {
        ProbeInput.Opened opened when Find(opened.Connection) is { IsOpen: false } attempt => OnOpened(attempt, now),
        ProbeInput.Answered answered when Find(answered.Connection) is { IsOpen: true } attempt =>
            OnAnswer(attempt, answered.Answer, now),
        ProbeInput.Lost lost when Find(lost.Connection) is { } attempt => (OnLost(attempt), []),
        ProbeInput.Tick when TickAt <= now => OnTick(now),
        _ => (this, []),
    };

    private ProbeAttempt? Find(int connection) =>
        Attempts.FirstOrDefault(attempt => attempt.Connection == connection);

    private (ProbeState, ImmutableArray<ProbeEffect>) OnOpened(ProbeAttempt attempt, long now)
    {
        long roundTrip = now - attempt.Since;
        ProbeState asking = this with
        {
            Attempts = Attempts.Replace(attempt, attempt with { IsOpen = true, Since = now }), Number = Number + 1,
            RoundTrip = Attempts.Any(each => each is { IsOpen: true, HasAnswered: false })
                ? Math.Min(RoundTrip ?? roundTrip, roundTrip)
                : roundTrip,
        };
        return (asking, [new ProbeEffect.Ask(attempt.Connection, asking.Number)]);
    }

    // Late answers count as much as prompt ones: they are of a question that was asked on this very connection.
    private (ProbeState, ImmutableArray<ProbeEffect>) OnAnswer(ProbeAttempt attempt, ProbeFrame answer, long now)
    {
        bool isAsked = answer.Number > Origin && answer.Number <= Number;
        if (answer.Kind == ProbeFrameKind.Ask || !isAsked || answer.Uid != Uid) return (this, []);
        bool refuses = answer.Kind == ProbeFrameKind.Refusal;
        ProbeState heard = this with
        {
            Attempts = [attempt with { Since = now, HasAnswered = true }],
            Unanswered = 0, DialAt = now, Answers = true, CompleteAt = long.MaxValue,
            IsRefused = refuses,
        };
        ImmutableArray<ProbeEffect> aborts =
            [.. Attempts.Remove(attempt).Select(other => new ProbeEffect.Abort(other.Connection))];
        if (!refuses) return (heard, aborts.Add(new ProbeEffect.Alive()));
        return (heard, IsRefused ? aborts : aborts.Add(new ProbeEffect.Refused()));
    }

    // A peer that opens a connection and closes it before it answers is busy or refuses, and does not count as silent.
    // Nobody listens where a dial is refused: that counts.
    private ProbeState OnLost(ProbeAttempt attempt)
    {
        ProbeState left = this with { Attempts = Attempts.Remove(attempt) };
        if (!attempt.IsOpen || attempt.HasAnswered) return left;
        int unanswered = Math.Max(0, Unanswered - 1);
        return left with
        {
            Unanswered = unanswered, CompleteAt = unanswered < Settings.Unanswered ? long.MaxValue : CompleteAt,
        };
    }

    private (ProbeState, ImmutableArray<ProbeEffect>) OnTick(long now)
    {
        ImmutableArray<ProbeAttempt> stalled = [.. Attempts.Where(attempt => now - attempt.Since >= Settings.Stall)];
        ImmutableArray<ProbeAttempt> left = Attempts.RemoveRange(stalled);
        ImmutableArray<ProbeEffect>.Builder effects = ImmutableArray.CreateBuilder<ProbeEffect>();
        foreach (ProbeAttempt attempt in stalled) effects.Add(new ProbeEffect.Abort(attempt.Connection));
        long number = Number;
        foreach (ProbeAttempt attempt in left.Where(each => each.IsOpen))
            effects.Add(new ProbeEffect.Ask(attempt.Connection, ++number));

        ProbeState next = this with
        {
            Attempts = left, Number = number, Answers = false,
            TickAt = TickAt + Settings.Interval > now ? TickAt + Settings.Interval : now + Settings.Interval,
        };
        if (!Answers && DialAt <= now) next = next.Dial(now, effects);
        return (next, effects.ToImmutable());
    }

    private ProbeState Dial(long now, ImmutableArray<ProbeEffect>.Builder effects)
    {
        int connection = Connection + 1, unanswered = Unanswered + 1;
        effects.Add(new ProbeEffect.Dial(connection));
        bool completes = unanswered >= Settings.Unanswered && CompleteAt == long.MaxValue;
        return this with
        {
            Attempts = Attempts.Add(new ProbeAttempt(connection, now, IsOpen: false, HasAnswered: false)),
            Connection = connection,
            Unanswered = unanswered,
            CompleteAt = completes ? now : CompleteAt,
            DialAt = unanswered < Settings.Unanswered ? now : now + Settings.SlowInterval,
        };
    }
}

/// <summary>One connection that only asks.</summary>
/// <param name="Since">When it was dialled, was open, or answered last.</param>
internal sealed record ProbeAttempt(int Connection, long Since, bool IsOpen, bool HasAnswered);
