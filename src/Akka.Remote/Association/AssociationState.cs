using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote.Endpoints;
using Akka.Remote.Wire;

namespace Akka.Remote.Association;

/// <summary>Where one connection stands between its first byte and its last.</summary>
internal enum AssociationPhase
{
    /// <summary>Dialled; TCP is not up yet.</summary>
    Connecting,

    /// <summary>TCP is up; the peer's ASSOCIATE has not come.</summary>
    Greeting,

    /// <summary>Both sides have said who they are, and one has yet to prove that it knows the cluster's
    /// secret.</summary>
    Proving,

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

    /// <summary>One side has a cluster secret and the other has none.</summary>
    NoSecret,

    /// <summary>The two sides have different cluster secrets.</summary>
    WrongSecret,

    /// <summary>Who answered has another name than who was dialled.</summary>
    OtherName,

    /// <summary>It was not let in: too many are.</summary>
    TooMany,

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
    /// <summary>What peers must prove to know; null for none.</summary>
    public ClusterSecret? Secret { get; init; }

    /// <summary>Whether peers that do not offer to prove it are refused.</summary>
    public bool SecretRequired { get; init; } = true;

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

    /// <summary>The next control PDU may come; messages may not.</summary>
    public sealed record ReadOn : AssociationEffect;

    /// <summary>The peer has introduced itself, and proved the cluster's secret if it had to.</summary>
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
///
///   both sides have a secret:
///   dialler    Greeting --ASSOCIATE--> Proving --CHALLENGE: send PROOF--> Proving --PROOF--> Open
///   acceptor   Greeting --ASSOCIATE: send ASSOCIATE, CHALLENGE--> Proving --PROOF: send PROOF--> Open
/// </code>
/// The acceptor answers before anybody has judged the caller; a caller that is not wanted is told so right after.
/// Before it is open nothing is taken but the control PDU that is due.
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

    /// <summary>This side's own, never used before; empty when there is no secret.</summary>
    private byte[] Nonce { get; init; } = [];

    private byte[]? PeerNonce { get; init; }

    private Handshake? Peer { get; init; }

    /// <summary>Who is dialled; null if any name will do.</summary>
    private Address? Wanted { get; init; }

    /// <param name="nonce">Fresh secret bytes, if the settings have a secret.</param>
    /// <param name="wanted">Who is dialled; null if any name will do.</param>
    public static AssociationState Dialling(
        Handshake self, AssociationSettings settings, long now, byte[]? nonce = null, Address? wanted = null) =>
        new(true, AssociationPhase.Connecting, self, settings, now, now, now) { Nonce = nonce ?? [], Wanted = wanted };

    /// <param name="nonce">Fresh secret bytes, if the settings have a secret.</param>
    public static AssociationState Accepted(
        Handshake self, AssociationSettings settings, long now, byte[]? nonce = null) =>
        new(false, AssociationPhase.Greeting, self, settings, now, now, now) { Nonce = nonce ?? [] };

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
        if (control.IsDisassociate) return OnFarewell(control.Command);
        return Phase switch
        {
            AssociationPhase.Open => (this with { HeardAt = now }, []),
            AssociationPhase.Proving => OnProving(control, now),
            _ when control is { Command: ControlCommand.Associate, Handshake: { } peer } => OnGreeted(peer, now),
            _ => OnViolation($"{control.Command} where ASSOCIATE was due"),
        };
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnFarewell(ControlCommand farewell)
    {
        if (farewell == ControlCommand.DisassociateShuttingDown)
            return End(AssociationEnd.PeerShutDown, "the peer is shutting down", Close());
        if (farewell == ControlCommand.DisassociateQuarantined)
            return End(AssociationEnd.QuarantinedByPeer, "the peer has quarantined this system", Close());
        if (Phase == AssociationPhase.Proving)
            return End(AssociationEnd.WrongSecret,
                "the peer does not accept this node's proof: the two have different secrets (akka.remote.secret)",
                    Close());
        if (Settings.Secret is null && Offered(Peer))
            return End(AssociationEnd.NoSecret,
                "the peer disassociated; it has a cluster secret, and this node has none (akka.remote.secret)",
                    Close());
        return End(AssociationEnd.Unknown, "the peer disassociated", Close());
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnGreeted(Handshake peer, long now)
    {
        if (!NameLimits.Allow(peer))
            return OnViolation($"an ASSOCIATE with a name of more than {NameLimits.Name} characters");
        AssociationState greeted = this with { Peer = peer };
        if (Wanted is not null && !Wanted.Equals(peer.Address)) return greeted.OnOtherName(Wanted);
        AssociationEffect[] answer = IsDialler ? [] : [Greet()];
        if (Settings.Secret is null) return greeted.Open(now, answer);
        if (!Offered(peer))
        {
            if (!Settings.SecretRequired) return greeted.Open(now, answer);
            return greeted.End(AssociationEnd.NoSecret,
                $"{WireReport.Name(peer)} has no cluster secret (akka.remote.secret); "
                + "akka.remote.secret-required = off would let it in", [.. answer, Farewell(), Close()]);
        }
        // Proofs are bound to addresses and uids; a peer that has this side's own is a mirror.
        if (peer with { Offers = Self.Offers } == Self)
            return greeted.OnViolation("a peer that claims to be this system");
        AssociationEffect readOn = new AssociationEffect.ReadOn();
        Control challenge = new(ControlCommand.Challenge, Nonce: Nonce);
        return (greeted with { Phase = AssociationPhase.Proving, HeardAt = now },
            IsDialler ? [readOn] : [.. answer, new AssociationEffect.Send(challenge), readOn]);
    }

    // It would drop what is written to it under a name that it does not bear.
    private (AssociationState, ImmutableArray<AssociationEffect>) OnOtherName(Address wanted) => End(
        AssociationEnd.OtherName,
        $"what answers at {wanted.Host}:{wanted.Port} is {WireReport.Name(Peer!)}, and takes no messages under another name; "
        + "write to it by this one, or let it advertise the other (akka.remote.dot-netty.tcp.public-hostname)",
        Farewell(), Close());

    private (AssociationState, ImmutableArray<AssociationEffect>) OnProving(Control control, long now) => control switch
    {
        { Command: ControlCommand.Challenge, Nonce: { Length: ClusterSecret.NonceBytes } nonce }
            when IsDialler && PeerNonce is null && !nonce.AsSpan().SequenceEqual(Nonce) => OnChallenge(nonce),
        { Command: ControlCommand.Proof, Mac: { } mac } when IsDialler && PeerNonce is not null => OnProof(mac, now),
        { Command: ControlCommand.Proof, Mac: { } mac, Nonce: { Length: ClusterSecret.NonceBytes } nonce }
            when !IsDialler && !nonce.AsSpan().SequenceEqual(Nonce) =>
                (this with { PeerNonce = nonce }).OnProof(mac, now),
        _ => OnViolation($"{control.Command} where a proof of the cluster secret was due"),
    };

    private (AssociationState, ImmutableArray<AssociationEffect>) OnChallenge(byte[] nonce)
    {
        AssociationState challenged = this with { PeerNonce = nonce };
        return (challenged, [challenged.Prove(Nonce), new AssociationEffect.ReadOn()]);
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) OnProof(byte[] mac, long now)
    {
        ClusterSecret.Role theirs = IsDialler ? ClusterSecret.Role.Acceptor : ClusterSecret.Role.Dialler;
        if (!Settings.Secret!.Accepts(theirs, Transcript(), mac))
        {
            return End(AssociationEnd.WrongSecret,
                $"{WireReport.Name(Peer!)} has another cluster secret (akka.remote.secret)", Farewell(), Close());
        }
        return IsDialler ? Open(now) : Open(now, Prove(nonce: null));
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) Open(
        long now, params ReadOnlySpan<AssociationEffect> before)
    {
        AssociationState open = this with { Phase = AssociationPhase.Open, HeardAt = now };
        if (!IsDialler) open = open with { HeartbeatAt = now };
        return (open, [.. before, new AssociationEffect.Established(Peer!)]);
    }

    private AssociationEffect Prove(byte[]? nonce)
    {
        ClusterSecret.Role own = IsDialler ? ClusterSecret.Role.Dialler : ClusterSecret.Role.Acceptor;
        byte[] mac = Settings.Secret!.Prove(own, Transcript());
        return new AssociationEffect.Send(new Control(ControlCommand.Proof, Nonce: nonce, Mac: mac));
    }

    private SecretTranscript Transcript() => IsDialler
        ? new SecretTranscript(Self, Peer!, Nonce, PeerNonce!)
        : new SecretTranscript(Peer!, Self, PeerNonce!, Nonce);

    private (AssociationState, ImmutableArray<AssociationEffect>) OnViolation(string detail) =>
        Phase == AssociationPhase.Connecting
            ? End(AssociationEnd.ProtocolError, detail, new AssociationEffect.Abort())
            : End(AssociationEnd.ProtocolError, detail, Farewell(), Close());

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
            return End(AssociationEnd.Silent, detail, Farewell(), Close());
        }
        // Who asks for proof takes nothing else before it.
        bool greeting = IsDialler && Phase == AssociationPhase.Greeting && Settings.Secret is null;
        bool speaking = Phase == AssociationPhase.Open || greeting;
        if (!speaking || now - HeartbeatAt < Settings.HeartbeatInterval.TotalMilliseconds) return (state, []);
        Control heartbeat = new(ControlCommand.Heartbeat);
        return (state with { HeartbeatAt = now }, [new AssociationEffect.Send(heartbeat)]);
    }

    private (AssociationState, ImmutableArray<AssociationEffect>) End(
        AssociationEnd why, string detail, params ReadOnlySpan<AssociationEffect> before) =>
        (this with { Phase = AssociationPhase.Ended }, [.. before, new AssociationEffect.Ended(why, detail)]);

    private AssociationEffect Greet() => new AssociationEffect.Send(new Control(ControlCommand.Associate, Self));

    private static AssociationEffect Close() => new AssociationEffect.Close();

    private static AssociationEffect Farewell() => new AssociationEffect.Send(_disassociate);

    private static bool Offered(Handshake? peer) => peer is not null && peer.Offers.HasFlag(Offers.ClusterSecret);
}
