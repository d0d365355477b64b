using Akka.Actor;
using Akka.Remote.Association;
using Akka.Remote.Wire;

namespace Akka.Remote.Endpoints;

/// <summary>How long the registry remembers what.</summary>
/// <param name="GateFirstClosedFor">After the first failed or lost association of a good time
/// (<c>retry-gate-first-closed-for</c>); each gate that follows is twice as long. A peer that starts a moment late is not
/// missed for long, and one that stays away is not knocked at all the time.</param>
/// <param name="GateClosedFor">The longest gate (<c>retry-gate-closed-for</c>), and the only one of a peer that shut down,
/// or that refuses or is refused.</param>
/// <param name="QuarantineFor">How long a quarantined life of a peer stays refused
/// (<c>prune-quarantine-marker-after</c>).</param>
internal sealed record EndpointSettings(TimeSpan GateFirstClosedFor, TimeSpan GateClosedFor, TimeSpan QuarantineFor);

/// <summary>
/// Decides which connection to which peer is used for what. It touches no connection: it is told what happened, with
/// the time, and answers with what to do.
/// <code>
///   per peer address   writer   the link that is written on: dialling (uid unknown), or open with a uid
///                      reader   a second link, dialled by the peer, that is only read
///                      parked   an inbound link that waits for the outcome of this side's own dial
///                      gate     until when ordinary messages are dead letters
///                      refused  the lives (uids) of the peer that were quarantined
/// </code>
/// When both sides dialled, each writes on the connection it dialled; a peer of the original engine reads messages on
/// the other one only. This side reads both: which of two connections a peer writes on depends on what it knows of
/// losses that this side may not have noticed yet, and a deaf connection would be found out only by its silence. Once
/// messages come on the newer of the two, the peer has given up the older, and what still comes on it (TCP may take half a
/// minute) would come after what was said later: it is not read any more. When only one side dialled, both use that
/// connection both ways.
/// </summary>
internal sealed class EndpointRegistry(EndpointSettings settings)
{
    // A process that was quarantined this often at one address is remembered by its newest lives.
    private const int RefusedLivesKept = 16;

    // Past this many, how often a peer failed before is forgotten with its gate.
    private const int PeersRemembered = 10_000;

    private readonly Dictionary<Address, Peer> _peers = [];
    private readonly Dictionary<int, Address> _links = [];
    private int _lastDialled;

    /// <summary>There is something to say to the peer and no link to say it on. Links that this side dials are numbered
    /// from 1 up; whoever accepts some gives them other numbers.</summary>
    public IReadOnlyList<EndpointEffect> Wanted(Address address, long now)
    {
        Peer peer = PeerAt(address);
        if (peer.Writer is not null || peer.IsGated(now)) return [];
        peer.GateUntil = null;
        peer.Writer = NextLink(address);
        peer.WriterUid = null;
        peer.WriterIsDialled = true;
        return [new EndpointEffect.Dial(address, peer.Writer.Value)];
    }

    /// <summary>The handshake of a dialled link is done.</summary>
    public IReadOnlyList<EndpointEffect> Dialled(int link, long uid, long now)
    {
        if (!_links.TryGetValue(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Writer != link) return [];
        if (peer.Refuses(uid, now))
        {
            List<EndpointEffect> refusal = [new EndpointEffect.End(link, ControlCommand.DisassociateQuarantined)];
            refusal.AddRange(GiveUpWriter(address, peer, now));
            return refusal;
        }
        (peer.WriterUid, peer.WriterSince, peer.ReaderIsNewer) = (uid, now, false);
        List<EndpointEffect> effects =
            [new EndpointEffect.WriteOn(address, link, uid), new EndpointEffect.ReadFrom(link)];
        if (peer.Parked is not { } parked) return effects;
        peer.Parked = null;
        // The parked link greeted before this dial was answered: if the lives differ, it belongs to the older one.
        if (parked.Uid != uid)
        {
            effects.Add(Forget(parked.Link, ControlCommand.Disassociate));
            return effects;
        }
        peer.Reader = parked.Link;
        effects.Add(new EndpointEffect.ReadFrom(parked.Link));
        return effects;
    }

    /// <summary>The handshake of an accepted link is done.</summary>
    public IReadOnlyList<EndpointEffect> Inbound(int link, Address address, long uid, long now)
    {
        Peer peer = PeerAt(address);
        _links[link] = address;
        if (peer.Refuses(uid, now)) return [Forget(link, ControlCommand.DisassociateQuarantined)];
        if (peer.Writer is null) return Adopt(address, peer, link, uid, now);
        if (peer.WriterUid is null) return Park(peer, link, uid);
        if (peer.WriterUid != uid) return Replace(address, peer, link, uid, now);
        if (!peer.WriterIsDialled) return Succeed(address, peer, link, uid, now);
        List<EndpointEffect> effects = [];
        if (peer.Reader is { } old) effects.Add(Forget(old, ControlCommand.Disassociate));
        (peer.Reader, peer.ReaderIsNewer) = (link, true);
        effects.Add(new EndpointEffect.ReadFrom(link));
        return effects;
    }

    /// <summary>The first message came over a link. A peer writes on the connection that it dialled last, or on one that
    /// this side dialled when it had none: it will not go back to the one it had before.</summary>
    public IReadOnlyList<EndpointEffect> Spoke(int link)
    {
        if (!_links.TryGetValue(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Writer is not { } writer || peer.WriterUid is null || peer.Reader is not { } reader) return [];
        if (link == reader && peer.ReaderIsNewer) return [new EndpointEffect.Ignore(writer)];
        if (link != writer || peer.ReaderIsNewer) return [];
        peer.Reader = null;
        return [Forget(reader, ControlCommand.Disassociate)];
    }

    /// <summary>A link is gone, before or after its handshake.</summary>
    public IReadOnlyList<EndpointEffect> Lost(int link, AssociationEnd why, long now)
    {
        if (!_links.Remove(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Reader == link) peer.Reader = null;
        if (peer.Parked?.Link == link) peer.Parked = null;
        List<EndpointEffect> effects = [];
        if (why == AssociationEnd.QuarantinedByPeer) effects.Add(new EndpointEffect.QuarantinedByPeer(address));
        if (peer.Writer != link) return effects;
        bool forGood = why is AssociationEnd.PeerShutDown or AssociationEnd.QuarantinedByPeer;
        effects.AddRange(GiveUpWriter(address, peer, now, forGood));
        return effects;
    }

    /// <summary>Ends all contact with one life of a peer, for good. Without a uid the peer can only be gated.</summary>
    public IReadOnlyList<EndpointEffect> Quarantine(Address address, long? uid, long now)
    {
        Peer peer = PeerAt(address);
        List<EndpointEffect> effects = [];
        if (uid is not { } life)
        {
            if (peer.Writer is { } any) effects.Add(Forget(any, ControlCommand.Disassociate));
            effects.AddRange(GiveUpWriter(address, peer, now));
            return effects;
        }
        if (peer.Refuses(life, now)) return [];
        peer.Refuse(life, now + (long)settings.QuarantineFor.TotalMilliseconds, RefusedLivesKept);
        if (peer.Parked is { } parked && parked.Uid == life)
        {
            effects.Add(Forget(parked.Link, ControlCommand.Disassociate));
            peer.Parked = null;
        }
        if (peer.WriterUid == life)
        {
            if (peer.Reader is { } reader) effects.Add(Forget(reader, ControlCommand.Disassociate));
            effects.Add(Forget(peer.Writer!.Value, ControlCommand.Disassociate));
            peer.Reader = null;
            peer.Writer = null;
            peer.WriterUid = null;
            effects.Add(new EndpointEffect.Idle(address));
        }
        effects.Add(new EndpointEffect.Quarantined(address, life));
        return effects;
    }

    /// <summary>Time has passed: opens gates whose time is over.</summary>
    public IReadOnlyList<EndpointEffect> GateOver(Address address, long now)
    {
        if (!_peers.TryGetValue(address, out Peer? peer) || peer.GateUntil is null || peer.IsGated(now)) return [];
        peer.GateUntil = null;
        // Addresses come from strangers too: what holds nothing worth remembering is forgotten.
        if (peer.IsBlank(now) && (peer.Failures == 0 || _peers.Count > PeersRemembered)) _peers.Remove(address);
        return [new EndpointEffect.Idle(address)];
    }

    /// <summary>Somebody has a reason to try again now: opens the gate before its time.</summary>
    public IReadOnlyList<EndpointEffect> LiftGate(Address address)
    {
        if (!_peers.TryGetValue(address, out Peer? peer) || peer.GateUntil is null) return [];
        peer.GateUntil = null;
        return [new EndpointEffect.Idle(address)];
    }

    /// <summary>Which life of the peer is written to; null when none is.</summary>
    public long? LifeAt(Address address) =>
        _peers.TryGetValue(address, out Peer? peer) ? peer.WriterUid : null;

    /// <summary>True while this life of the peer is refused.</summary>
    public bool IsQuarantined(Address address, long uid, long now) =>
        _peers.TryGetValue(address, out Peer? peer) && peer.Refuses(uid, now);

    /// <summary>True while this life is refused, at whatever address.</summary>
    public bool IsQuarantined(long uid, long now) => _peers.Values.Any(peer => peer.Refuses(uid, now));

    private List<EndpointEffect> Adopt(Address address, Peer peer, int link, long uid, long now)
    {
        List<EndpointEffect> effects = [];
        if (peer.Reader is { } old) effects.Add(Forget(old, ControlCommand.Disassociate));
        (peer.Reader, peer.GateUntil) = (null, null);
        (peer.Writer, peer.WriterUid, peer.WriterIsDialled, peer.WriterSince) = (link, uid, false, now);
        effects.Add(new EndpointEffect.WriteOn(address, link, uid));
        effects.Add(new EndpointEffect.ReadFrom(link));
        return effects;
    }

    private List<EndpointEffect> Park(Peer peer, int link, long uid)
    {
        List<EndpointEffect> effects = [];
        if (peer.Parked is { } old) effects.Add(Forget(old.Link, ControlCommand.Disassociate));
        peer.Parked = (link, uid);
        return effects;
    }

    // A new life at the same address is how a restarted node is recognised.
    private List<EndpointEffect> Replace(Address address, Peer peer, int link, long uid, long now)
    {
        List<EndpointEffect> effects = [.. Quarantine(address, peer.WriterUid, now)];
        effects.AddRange(Adopt(address, peer, link, uid, now));
        return effects;
    }

    // The peer dialled again although this side still holds its previous connection, so the previous one is dead.
    private List<EndpointEffect> Succeed(Address address, Peer peer, int link, long uid, long now)
    {
        List<EndpointEffect> effects = [Forget(peer.Writer!.Value, ControlCommand.Disassociate)];
        effects.AddRange(Adopt(address, peer, link, uid, now));
        return effects;
    }

    private List<EndpointEffect> GiveUpWriter(Address address, Peer peer, long now, bool forGood = true)
    {
        bool wasOpenForLong = peer.WriterUid is not null
            && now - peer.WriterSince >= settings.GateClosedFor.TotalMilliseconds;
        if (wasOpenForLong) peer.Failures = 0;
        if (peer.Writer is { } link) _links.Remove(link);
        (peer.Writer, peer.WriterUid) = (null, null);
        if (peer.Parked is { } parked)
        {
            peer.Parked = null;
            return Adopt(address, peer, parked.Link, parked.Uid, now);
        }
        double longest = settings.GateClosedFor.TotalMilliseconds;
        double doubled = settings.GateFirstClosedFor.TotalMilliseconds * Math.Pow(2, peer.Failures);
        peer.Failures++;
        peer.GateUntil = now + (long)(forGood ? longest : Math.Min(longest, doubled));
        return [new EndpointEffect.Gate(address, peer.GateUntil.Value)];
    }

    private EndpointEffect Forget(int link, ControlCommand farewell)
    {
        _links.Remove(link);
        return new EndpointEffect.End(link, farewell);
    }

    private int NextLink(Address address)
    {
        _links[++_lastDialled] = address;
        return _lastDialled;
    }

    private Peer PeerAt(Address address)
    {
        if (_peers.TryGetValue(address, out Peer? peer)) return peer;
        peer = new Peer();
        _peers.Add(address, peer);
        return peer;
    }

    private sealed class Peer
    {
        private readonly List<(long Uid, long Until)> _refused = [];

        public int? Writer { get; set; }

        public long? WriterUid { get; set; }

        public bool WriterIsDialled { get; set; }

        public long WriterSince { get; set; }

        /// <summary>Gates closed since the last good time.</summary>
        public int Failures { get; set; }

        public int? Reader { get; set; }

        /// <summary>The reader came when the writer was open, not before.</summary>
        public bool ReaderIsNewer { get; set; }

        public (int Link, long Uid)? Parked { get; set; }

        public long? GateUntil { get; set; }

        public bool IsBlank(long now) =>
            Writer is null && Reader is null && Parked is null && !IsGated(now)
                && !_refused.Exists(each => now < each.Until);

        public bool IsGated(long now) => GateUntil is { } until && now < until;

        public bool Refuses(long uid, long now) => _refused.Exists(each => each.Uid == uid && now < each.Until);

        public void Refuse(long uid, long until, int kept)
        {
            if (_refused.Count == kept) _refused.RemoveAt(0);
            _refused.Add((uid, until));
        }
    }
}
