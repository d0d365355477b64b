using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Association;

/// <summary>Where one connection stands between its first byte and its last.</summary>
internal enum AssociationPhase
{
    /// <summary>Dialled; TCP is not up yet.</summary>
    Connecting,

    /// <summary>TCP is up; the peer's ASSOCIATE has not come.</summary>
    Greeting,

    /// <summary>Both sides know each other; payload flows.</summary>
    Open,

    /// <summary>Over. Nothing that still arrives matters.</summary>
    Ended,
}

/// <summary>Why an association ended, or never came to be.</summary>
internal enum AssociationEnd
{
    /// <summary>The peer disassociated without a reason, or the connection was lost.</summary>
    Unknown,

    /// <summary>The peer is shutting down, or its socket was reset.</summary>
    PeerShutDown,

    /// <summary>The peer has quarantined this system: it will not talk to this process again.</summary>
    QuarantinedByPeer,

    /// <summary>Nobody answered at the address.</summary>
    NotReachable,

    /// <summary>The peer did not say ASSOCIATE in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer said something that has no place there.</summary>
    ProtocolError,

    /// <summary>An open connection over which nothing came for too long.</summary>
    Silent,

    /// <summary>This side ended it.</summary>
    Local,
}

/// <summary>How long an association waits for what.</summary>
/// <param name="HandshakeTimeout">From the dial or the accept to the peer's ASSOCIATE.</param>
/// <param name="HeartbeatInterval">Between the HEARTBEATs that this side sends.</param>
/// <param name="AcceptableSilence">How long a peer may send nothing at all; heartbeats come every few seconds.</param>
internal sealed record AssociationSettings(
    TimeSpan HandshakeTimeout, TimeSpan HeartbeatInterval, TimeSpan AcceptableSilence)
{
    public static AssociationSettings Default { get; } =
        new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(124));
}

/// <summary>What can happen to an association.</summary>
internal abstract record AssociationInput
{
    /// <summary>TCP is up.</summary>
    public sealed record Opened : AssociationInput;

    /// <summary>A control PDU came.</summary>
    public sealed record Received(Control Control) : AssociationInput;

    /// <summary>Something came that is no control PDU, before the association was open, or malformed bytes at any
    /// time.</summary>
    public sealed record Violation(string Detail) : AssociationInput;

    /// <summary>Time has passed. <paramref name="Heard"/>: bytes came since the last tick.</summary>
    public sealed record Tick(bool Heard) : AssociationInput;

    /// <summary>The connection is gone.</summary>
    public sealed record Lost(AssociationEnd Why, string Detail) : AssociationInput;

    /// <summary>This side wants to end it, and tells the peer so.</summary>
    public sealed record Disassociate(ControlCommand Farewell) : AssociationInput;
}

/// <summary>What has to be done about it, in order.</summary>
internal abstract record AssociationEffect
{
    public sealed record Send(Control Control) : AssociationEffect;

    /// <summary>Close the connection after what is queued was written.</summary>
    public sealed record Close : AssociationEffect;

    /// <summary>Close it at once: no peer was ever seen on it.</summary>
    public sealed record Abort : AssociationEffect;

    /// <summary>The peer has introduced itself.</summary>
    public sealed record Established(Handshake Peer) : AssociationEffect;

    /// <summary>Last of all effects of an association.</summary>
    public sealed record Ended(AssociationEnd Why, string Detail) : AssociationEffect;
}

/// <summary>
/// One connection's conversation, without the connection: handshake, heartbeats, farewell.
/// <code>
///   dialler    Connecting --TCP up: send ASSOCIATE--> Greeting --ASSOCIATE--> Open
///   acceptor                                          Greeting --ASSOCIATE: send ASSOCIATE--> Open
///   any        --farewell, loss, timeout, violation--> Ended
/// </code>
/// The acceptor answers before anybody has judged the caller; a caller that is not wanted is told so right after.
/// </summary>
/// <param name="IsDialler">This side dialled.</param>
/// <param name="StartedAt">Monotonic milliseconds, as all times here.</param>
internal sealed record AssociationState(
    bool IsDialler,
    AssociationPhase Phase,
    Handshake Self,
    AssociationSettings Settings,
    long StartedAt,
    long HeardAt,
    long HeartbeatAt)
{
    private static readonly Control _disassociate = new(ControlCommand.Disassociate);

    public static AssociationState Dialling(Handshake self, AssociationSettings settings, long now) =>
        new(true, AssociationPhase.Connecting, self, settings, now, now, now);

    public static AssociationState Accepted(Handshake self, AssociationSettings settings, long now) =>
        new(false, AssociationPhase.Greeting, self, settings, now, now, now);

    public (AssociationState State, ImmutableArray<AssociationEffect> Effects) Next(AssociationInput input, long now)
    {
        if (Phase == AssociationPhase.Ended) return (this, []);
        return input switch
        {
            AssociationInput.Opened => OnOpened(now),
            AssociationInput.Received received => OnControl(received.Control, now),
            AssociationInput.Violation violation => OnViolation(violation.Detail),
            AssociationInput.Tick tick => OnTick(tick.Heard, now),
            AssociationInput.Lost lost => End(lost.Why, lost.Detail),
            AssociationInput.Disassociate end => End(
                AssociationEnd.Local, "ended by this side", new AssociationEffect.Send(new Control(end.Farewell)),
                    Close()),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "an association knows no such input"),
        };
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnOpened(long now)
    {
        if (Phase != AssociationPhase.Connecting) return (this, []);
        return (this with { Phase = AssociationPhase.Greeting, HeardAt = now, HeartbeatAt = now }, [Greet()]);
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnControl(Control control, long now)
    {
        if (control.IsDisassociate)
        {
            AssociationEnd why = control.Command switch
            {
                ControlCommand.DisassociateShuttingDown => AssociationEnd.PeerShutDown,
                ControlCommand.DisassociateQuarantined => AssociationEnd.QuarantinedByPeer,
                _ => AssociationEnd.Unknown,
            };
            return End(why, Text(why), Close());
        }
        if (Phase == AssociationPhase.Open) return (this with { HeardAt = now }, []);
        if (control is not { Command: ControlCommand.Associate, Handshake: { } peer })
        {
            return OnViolation($"{control.Command} where ASSOCIATE was due");
        }
        AssociationState open = this with { Phase = AssociationPhase.Open, HeardAt = now };
        AssociationEffect established = new AssociationEffect.Established(peer);
        return IsDialler ? (open, [established]) : (open with { HeartbeatAt = now }, [Greet(), established]);
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnViolation(string detail) =>
        Phase == AssociationPhase.Connecting
            ? End(AssociationEnd.ProtocolError, detail, new AssociationEffect.Abort())
            : End(AssociationEnd.ProtocolError, detail, new AssociationEffect.Send(_disassociate), Close());

    private (AssociationState, ImmutableArray<AssociationEffect>) OnTick(bool heard, long now)
    {
        AssociationState state = heard ? this with { HeardAt = now } : this;
        if (Phase != AssociationPhase.Open && now - StartedAt >= Settings.HandshakeTimeout.TotalMilliseconds)
        {
            AssociationEnd why = Phase == AssociationPhase.Connecting
                ? AssociationEnd.NotReachable
                : AssociationEnd.HandshakeTimeout;
            return End(why, $"no handshake within {Settings.HandshakeTimeout.TotalSeconds} s",
                new AssociationEffect.Abort());
        }
        if (Phase == AssociationPhase.Open && now - state.HeardAt >= Settings.AcceptableSilence.TotalMilliseconds)
        {
            string detail = $"nothing heard for {Settings.AcceptableSilence.TotalSeconds} s";
            return End(AssociationEnd.Silent, detail, new AssociationEffect.Send(_disassociate), Close());
        }
        bool speaking = Phase == AssociationPhase.Open || (IsDialler && Phase == AssociationPhase.Greeting);
        if (!speaking || now - HeartbeatAt < Settings.HeartbeatInterval.TotalMilliseconds) return (state, []);
        Control heartbeat = new(ControlCommand.Heartbeat);
        return (state with { HeartbeatAt = now }, [new AssociationEffect.Send(heartbeat)]);
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) End(
        AssociationEnd why, string detail, params ReadOnlySpan<AssociationEffect> before) =>
        (this with { Phase = AssociationPhase.Ended }, [.. before, new AssociationEffect.Ended(why, detail)]);

    private AssociationEffect Greet() => new AssociationEffect.Send(new Control(ControlCommand.Associate, Self));

    private static AssociationEffect Close() => new AssociationEffect.Close();

    private static string Text(AssociationEnd why) => why switch
    {
        AssociationEnd.PeerShutDown => "the peer is shutting down",
        AssociationEnd.QuarantinedByPeer => "the peer has quarantined this system",
        _ => "the peer disassociated",
    };
}
