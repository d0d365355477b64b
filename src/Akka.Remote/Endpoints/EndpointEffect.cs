using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Endpoints;

/// <summary>What the registry of endpoints wants done, in order. Links are named by number.</summary>
internal abstract record EndpointEffect
{
    /// <summary>Open a connection to the peer, and report on it under this number.</summary>
    public sealed record Dial(Address Peer, int Link) : EndpointEffect;

    /// <summary>From now on everything for the peer goes over this link.</summary>
    public sealed record WriteOn(Address Peer, int Link, long Uid) : EndpointEffect;

    /// <summary>Messages that come over this link are delivered.</summary>
    public sealed record ReadFrom(int Link) : EndpointEffect;

    /// <summary>Ordinary messages that still come over this link are dropped: what was said later has come already. It is
    /// written on as before.</summary>
    public sealed record Ignore(int Link) : EndpointEffect;

    /// <summary>Say farewell and close.</summary>
    public sealed record End(int Link, ControlCommand Farewell) : EndpointEffect;

    /// <summary>Ordinary messages to the peer are dead letters until then (monotonic milliseconds).</summary>
    public sealed record Gate(Address Peer, long Until) : EndpointEffect;

    /// <summary>No gate and no link: the next message dials.</summary>
    public sealed record Idle(Address Peer) : EndpointEffect;

    /// <summary>So many are dialled, and wait to be, that this one is not: what waits for it is dead letters, and the next
    /// message asks again.</summary>
    public sealed record TooMany(Address Peer) : EndpointEffect;

    /// <summary>This life of the peer will never be talked to again.</summary>
    public sealed record Quarantined(Address Peer, long Uid) : EndpointEffect;

    /// <summary>The life that answered at the peer's address, or dialled from there, is one that is quarantined here.</summary>
    public sealed record IsQuarantined(Address Peer, long Uid, bool IsInbound) : EndpointEffect;

    /// <summary>The peer will never talk to this process again.</summary>
    public sealed record QuarantinedByPeer(Address Peer) : EndpointEffect;
}
