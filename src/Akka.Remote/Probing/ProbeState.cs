using System.Collections.Immutable;

namespace Akka.Remote.Probing;

/// <summary>How a silent peer is asked, in milliseconds.</summary>
/// <param name="Interval">Between two questions, and between two dials of a peer that refuses.</param>
/// <param name="Stall">A connection that has answered nothing for so long is given up for a new one: TCP waits twice as
/// long after each loss, and a new connection starts anew.</param>
internal sealed record ProbeSettings(long Interval, long Stall)
{
    public static ProbeSettings Default { get; } = new(Interval: 200, Stall: 1_000);
}

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
}

/// <summary>
/// Asks one silent peer over a connection of its own whether it lives.
/// <code>
///   Dialling --open--> Asking --answer--> Asking
///   Dialling, Asking --no answer for Stall--> Dialling anew
///   Dialling, Asking --lost--> Pausing --Interval--> Dialling
/// </code>
/// There is never more than one connection. Times are monotonic milliseconds.
/// </summary>
/// <param name="Uid">The life that is asked for; the answer of another is none.</param>
/// <param name="Connection">Number of the present connection; they count up.</param>
/// <param name="Number">Of the last question.</param>
/// <param name="HeardAt">When it last made progress: dialled, opened, answered.</param>
/// <param name="NextAt">When to ask, or to dial, next.</param>
internal sealed record ProbeState(
    ProbeSettings Settings, long Uid, ProbePhase Phase, int Connection, long Number, long HeardAt, long NextAt)
{
    public static (ProbeState State, ImmutableArray<ProbeEffect> Effects) Start(
        ProbeSettings settings, long uid, long now) =>
        new ProbeState(settings, uid, ProbePhase.Pausing, 0, 0, now, now).Dial(now);

    /// <summary>When <see cref="ProbeInput.Tick"/> is due next; too early is harmless.</summary>
    public long WakeAt
    {
        get
        {
            long stalledAt = HeardAt + Settings.Stall;
            return Phase == ProbePhase.Pausing ? NextAt
                : Phase == ProbePhase.Dialling ? stalledAt
                : Math.Min(NextAt, stalledAt);
        }
    }

    public (ProbeState State, ImmutableArray<ProbeEffect> Effects) Next(ProbeInput input, long now) => input switch
    {
        ProbeInput.Opened opened when IsPresent(opened.Connection) && Phase == ProbePhase.Dialling =>
            (this with { Phase = ProbePhase.Asking, HeardAt = now }).Ask(now),
        ProbeInput.Answered answered when IsPresent(answered.Connection) && Phase == ProbePhase.Asking =>
            OnAnswer(answered.Answer, now),
        ProbeInput.Lost lost when IsPresent(lost.Connection) =>
            (this with { Phase = ProbePhase.Pausing, NextAt = now + Settings.Interval }, []),
        ProbeInput.Tick => OnTick(now),
        _ => (this, []),
    };

    private bool IsPresent(int connection) => connection == Connection && Phase != ProbePhase.Pausing;

    // Late answers count as much as prompt ones: they are of a question that was asked on this very connection.
    private (ProbeState, ImmutableArray<ProbeEffect>) OnAnswer(ProbeFrame answer, long now)
    {
        if (answer.Number > Number || answer.Uid is not { } uid) return (this, []);
        ProbeState heard = this with { HeardAt = now };
        return uid == Uid ? (heard, [new ProbeEffect.Alive()]) : (heard, []);
    }

    private (ProbeState, ImmutableArray<ProbeEffect>) OnTick(long now)
    {
        if (Phase == ProbePhase.Pausing) return NextAt <= now ? Dial(now) : (this, []);
        if (now - HeardAt >= Settings.Stall)
        {
            (ProbeState next, ImmutableArray<ProbeEffect> dial) = Dial(now);
            return (next, dial.Insert(0, new ProbeEffect.Abort(Connection)));
        }
        return Phase == ProbePhase.Asking && NextAt <= now ? Ask(now) : (this, []);
    }

    private (ProbeState, ImmutableArray<ProbeEffect>) Dial(long now)
    {
        ProbeState dialling = this with { Phase = ProbePhase.Dialling, Connection = Connection + 1, HeardAt = now };
        return (dialling, [new ProbeEffect.Dial(dialling.Connection)]);
    }

    private (ProbeState, ImmutableArray<ProbeEffect>) Ask(long now)
    {
        ProbeState asking = this with { Number = Number + 1, NextAt = now + Settings.Interval };
        return (asking, [new ProbeEffect.Ask(Connection, asking.Number)]);
    }
}

/// <summary>Where the asking of one peer stands.</summary>
internal enum ProbePhase
{
    Dialling,
    Asking,

    /// <summary>The last connection was lost or refused; the next is dialled in a moment.</summary>
    Pausing,
}
