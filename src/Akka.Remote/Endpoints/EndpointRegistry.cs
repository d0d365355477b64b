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
internal sealed record EndpointSettings(TimeSpan GateFirstClosedFor, TimeSpan GateClosedFor, TimeSpan QuarantineFor)
{
    /// <summary>Dials in progress at once (<c>limits.dials</c>).</summary>
    public int Dials { get; init; } = int.MaxValue;
}

/// <summary>
/// Decides which connection to which peer is used for what. It touches no connection: it is told what happened, with
/// the time, and answers with what to do.
/// <code>
///   per peer address   writer   the link that is written on: dialling (uid unknown), or open with a uid
///                      reader   a second link, dialled by the peer, that is only read
///                      newcomer a link that the peer has dialled since, and that is read, but nothing came on it yet
///                      parked   an inbound link that waits for the outcome of this side's own dial
///                      gate     until when ordinary messages are dead letters
///                      refused  the lives (uids) of the peer that were quarantined
/// </code>
/// When both sides dialled, each writes on the connection it dialled; a peer of the original engine reads messages on
/// the other one only. This side reads both: which of two connections a peer writes on depends on what it knows of
/// losses that this side may not have noticed yet, and a deaf connection would be found out only by its silence. When only
/// one side dialled, both use that connection both ways.
///
/// A peer that dials again has mostly lost what it had, but not if it looks for this system under another name. So the
/// message that comes first on a newer connection decides: then the peer has given up the older ones, and what still comes
/// on them (TCP may take half a minute) would come after what was said later.
/// </summary>
internal sealed class EndpointRegistry(EndpointSettings settings)
{
    // A process that was quarantined this often at one address is remembered by its newest lives.
    private const int RefusedLivesKept = 16;

    // Markers that are over are looked for when there may be as many of them again.
    private const int PeersBeforeSweep = 1_000;

    // Past this many, how often a peer failed before is forgotten with its gate.
    private const int PeersRemembered = 10_000;

    private readonly Dictionary<Address, Peer> _peers = [];
    private readonly Dictionary<int, Address> _links = [];
    private readonly DialTurns _dials = new(settings.Dials);

    // Of lives at whatever address, until when they are refused.
    private readonly Dictionary<long, long> _refusedUntil = [];
    private int _lastDialled;
    private long _lastOpened;
    private int _sweepAt = PeersBeforeSweep;

    /// <summary>There is something to say to the peer and no link to say it on. Links that this side dials are numbered
    /// from 1 up; whoever accepts some gives them other numbers. It may have to wait until another dial has ended.</summary>
    public IReadOnlyList<EndpointEffect> Wanted(Address address, long now)
    {
        Peer peer = PeerAt(address);
        if (peer.Writer is not null || peer.IsGated(now) || _dials.IsWaiting(address)) return [];
        peer.GateUntil = null;
        if (_dials.HasRoom) return [Dial(address, peer)];
        if (_dials.MayWait)
        {
            _dials.Wait(address);
            return [];
        }
        ForgetIfBlank(address, peer, now);
        return [new EndpointEffect.TooMany(address)];
    }

    /// <summary>The handshake of a dialled link is done.</summary>
    public IReadOnlyList<EndpointEffect> Dialled(int link, long uid, long now)
    {
        _dials.End(link);
        return [.. Greeted(link, uid, now), .. NextDials()];
    }

    private IReadOnlyList<EndpointEffect> Greeted(int link, long uid, long now)
    {
        if (!_links.TryGetValue(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Writer != link) return [];
        if (peer.Refuses(uid, now))
        {
            List<EndpointEffect> refusal = [new EndpointEffect.End(link, ControlCommand.DisassociateQuarantined)];
            refusal.AddRange(GiveUpWriter(address, peer, now));
            refusal.Add(new EndpointEffect.IsQuarantined(address, uid, IsInbound: false));
            return refusal;
        }
        (peer.WriterUid, peer.WriterSince, peer.WriterOrder) = (uid, now, ++_lastOpened);
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
        if (peer.Newcomer is { } former) effects.Add(Forget(former.Link, ControlCommand.Disassociate));
        peer.Newcomer = parked;
        effects.Add(new EndpointEffect.ReadFrom(parked.Link));
        return effects;
    }

    /// <summary>The handshake of an accepted link is done.</summary>
    public IReadOnlyList<EndpointEffect> Inbound(int link, Address address, long uid, long now)
    {
        Peer peer = PeerAt(address);
        _links[link] = address;
        if (peer.Refuses(uid, now))
        {
            return
            [
                Forget(link, ControlCommand.DisassociateQuarantined),
                new EndpointEffect.IsQuarantined(address, uid, IsInbound: true),
            ];
        }
        Accepted accepted = new(link, uid, ++_lastOpened);
        if (peer.Writer is null) return Adopt(address, peer, accepted, now);
        if (peer.WriterUid is null) return Park(peer, accepted);
        if (peer.WriterUid != uid) return Replace(address, peer, accepted, now);
        List<EndpointEffect> effects = [];
        if (peer.Newcomer is { } former) effects.Add(Forget(former.Link, ControlCommand.Disassociate));
        peer.Newcomer = accepted;
        effects.Add(new EndpointEffect.ReadFrom(link));
        return effects;
    }

    /// <summary>The first message for this system came over a link. A peer writes on the connection that it dialled last,
    /// or on one that this side dialled when it had none: it will not go back to one that it had before.</summary>
    public IReadOnlyList<EndpointEffect> Spoke(int link, long now)
    {
        if (!_links.TryGetValue(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Newcomer is { } newcomer && newcomer.Link == link) return Welcome(address, peer, newcomer, now);
        if (peer.Writer != link || peer.WriterUid is null) return [];
        List<EndpointEffect> effects = [];
        if (peer.Reader is { } reader && reader.Order < peer.WriterOrder)
        {
            peer.Reader = null;
            effects.Add(Forget(reader.Link, ControlCommand.Disassociate));
        }
        if (peer.Newcomer is { } silent && silent.Order < peer.WriterOrder)
        {
            peer.Newcomer = null;
            effects.Add(Forget(silent.Link, ControlCommand.Disassociate));
        }
        return effects;
    }

    /// <summary>A link is gone, before or after its handshake.</summary>
    public IReadOnlyList<EndpointEffect> Lost(int link, AssociationEnd why, long now)
    {
        _dials.End(link);
        return [.. Gone(link, why, now), .. NextDials()];
    }

    private IReadOnlyList<EndpointEffect> Gone(int link, AssociationEnd why, long now)
    {
        if (!_links.Remove(link, out Address? address)) return [];
        Peer peer = PeerAt(address);
        if (peer.Reader?.Link == link) peer.Reader = null;
        if (peer.Newcomer?.Link == link) peer.Newcomer = null;
        if (peer.Parked?.Link == link) peer.Parked = null;
        List<EndpointEffect> effects = [];
        if (why == AssociationEnd.QuarantinedByPeer) effects.Add(new EndpointEffect.QuarantinedByPeer(address));
        if (peer.Writer != link)
        {
            ForgetIfBlank(address, peer, now);
            return effects;
        }
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
        _refusedUntil[life] = now + (long)settings.QuarantineFor.TotalMilliseconds;
        peer.Refuse(life, _refusedUntil[life], RefusedLivesKept);
        if (_refusedUntil.Count >= _sweepAt) Sweep(now);
        foreach (Accepted accepted in peer.AcceptedLinks)
        {
            if (accepted.Uid == life) effects.Add(Forget(accepted.Link, ControlCommand.Disassociate));
        }
        peer.ForgetAccepted(life);
        if (peer.WriterUid == life)
        {
            effects.Add(Forget(peer.Writer!.Value, ControlCommand.Disassociate));
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
        ForgetIfBlank(address, peer, now);
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
    public bool IsQuarantined(long uid, long now) => _refusedUntil.TryGetValue(uid, out long until) && now < until;

    /// <summary>Peers of which anything is remembered.</summary>
    public int Remembered => _peers.Count;

    // Markers last for days, and nothing comes any more from an address that is never used again.
    private void Sweep(long now)
    {
        foreach ((long uid, long until) in _refusedUntil)
        {
            if (until <= now) _refusedUntil.Remove(uid);
        }
        foreach ((Address address, Peer peer) in _peers)
        {
            if (IsBlank(address, peer, now)) _peers.Remove(address);
        }
        _sweepAt = Math.Max(PeersBeforeSweep, 2 * _refusedUntil.Count);
    }

    // Addresses come from strangers too: what holds nothing worth remembering is forgotten.
    private void ForgetIfBlank(Address address, Peer peer, long now)
    {
        if (IsBlank(address, peer, now) && (peer.Failures == 0 || _peers.Count > PeersRemembered)) _peers.Remove(address);
    }

    private bool IsBlank(Address address, Peer peer, long now) => peer.IsBlank(now) && !_dials.IsWaiting(address);

    private EndpointEffect.Dial Dial(Address address, Peer peer)
    {
        _links[++_lastDialled] = address;
        _dials.Begin(_lastDialled);
        (peer.Writer, peer.WriterUid, peer.WriterIsDialled) = (_lastDialled, null, true);
        return new EndpointEffect.Dial(address, _lastDialled);
    }

    private List<EndpointEffect> NextDials()
    {
        List<EndpointEffect> effects = [];
        while (_dials.TryTakeNext(out Address? next)) effects.Add(Dial(next, PeerAt(next)));
        return effects;
    }

    // There is nothing to write on: it is used both ways. What else is read of this life is read until it speaks here.
    private List<EndpointEffect> Adopt(Address address, Peer peer, Accepted link, long now)
    {
        List<EndpointEffect> effects = [.. EndOtherLives(peer, link.Uid)];
        peer.GateUntil = null;
        _dials.Forget(address);
        effects.Add(WriteOn(address, peer, link, now));
        effects.Add(new EndpointEffect.ReadFrom(link.Link));
        return effects;
    }

    private static EndpointEffect WriteOn(Address address, Peer peer, Accepted link, long now)
    {
        (peer.Writer, peer.WriterUid, peer.WriterIsDialled) = (link.Link, link.Uid, false);
        (peer.WriterSince, peer.WriterOrder) = (now, link.Order);
        return new EndpointEffect.WriteOn(address, link.Link, link.Uid);
    }

    private List<EndpointEffect> Park(Peer peer, Accepted link)
    {
        List<EndpointEffect> effects = [];
        if (peer.Parked is { } old) effects.Add(Forget(old.Link, ControlCommand.Disassociate));
        peer.Parked = link;
        return effects;
    }

    // A new life at the same address is how a restarted node is recognised.
    private List<EndpointEffect> Replace(Address address, Peer peer, Accepted link, long now)
    {
        List<EndpointEffect> effects = [.. Quarantine(address, peer.WriterUid, now)];
        effects.AddRange(Adopt(address, peer, link, now));
        return effects;
    }

    // The peer speaks on a connection that it has dialled since: it has given up the ones before.
    private List<EndpointEffect> Welcome(Address address, Peer peer, Accepted link, long now)
    {
        peer.Newcomer = null;
        List<EndpointEffect> effects = [];
        if (peer.Reader is { } former) effects.Add(Forget(former.Link, ControlCommand.Disassociate));
        peer.Reader = null;
        if (peer.Writer is { } writer && peer.WriterUid is not null && !peer.WriterIsDialled)
        {
            effects.Add(Forget(writer, ControlCommand.Disassociate));
            effects.Add(WriteOn(address, peer, link, now));
            return effects;
        }
        peer.Reader = link;
        if (peer.Writer is { } own && peer.WriterUid is not null && peer.WriterOrder < link.Order)
            effects.Add(new EndpointEffect.Ignore(own));
        return effects;
    }

    private List<EndpointEffect> GiveUpWriter(Address address, Peer peer, long now, bool forGood = true)
    {
        bool wasOpenForLong = peer.WriterUid is not null
            && now - peer.WriterSince >= settings.GateClosedFor.TotalMilliseconds;
        if (wasOpenForLong) peer.Failures = 0;
        if (peer.Writer is { } link) _links.Remove(link);
        bool wasDialled = peer.WriterIsDialled;
        (peer.Writer, peer.WriterUid) = (null, null);
        if (peer.Parked is { } parked)
        {
            peer.Parked = null;
            return Adopt(address, peer, parked, now);
        }
        if (peer.Newcomer is { } newcomer && !wasDialled)
        {
            // It is read already.
            peer.Newcomer = null;
            return [WriteOn(address, peer, newcomer, now)];
        }
        _dials.Forget(address);
        double longest = settings.GateClosedFor.TotalMilliseconds;
        double doubled = settings.GateFirstClosedFor.TotalMilliseconds * Math.Pow(2, peer.Failures);
        peer.Failures++;
        peer.GateUntil = now + (long)(forGood ? longest : Math.Min(longest, doubled));
        return [new EndpointEffect.Gate(address, peer.GateUntil.Value)];
    }

    private List<EndpointEffect> EndOtherLives(Peer peer, long uid)
    {
        List<EndpointEffect> effects = [];
        if (peer.Reader is { } reader && reader.Uid != uid)
        {
            effects.Add(Forget(reader.Link, ControlCommand.Disassociate));
            peer.Reader = null;
        }
        if (peer.Newcomer is { } newcomer && newcomer.Uid != uid)
        {
            effects.Add(Forget(newcomer.Link, ControlCommand.Disassociate));
            peer.Newcomer = null;
        }
        return effects;
    }

    private EndpointEffect Forget(int link, ControlCommand farewell)
    {
        _links.Remove(link);
        return new EndpointEffect.End(link, farewell);
    }

    private Peer PeerAt(Address address)
    {
        if (_peers.TryGetValue(address, out Peer? peer)) return peer;
        peer = new Peer();
        _peers.Add(address, peer);
        return peer;
    }

    /// <param name="Uid">The life of the peer that dialled it.</param>
    /// <param name="Order">Links are counted as they open.</param>
    private readonly record struct Accepted(int Link, long Uid, long Order);

    private sealed class Peer
    {
        private readonly List<(long Uid, long Until)> _refused = [];

        public int? Writer { get; set; }

        public long? WriterUid { get; set; }

        public bool WriterIsDialled { get; set; }

        public long WriterSince { get; set; }

        /// <summary>Gates closed since the last good time.</summary>
        public int Failures { get; set; }

        /// <summary>Links are counted as they open.</summary>
        public long WriterOrder { get; set; }

        public Accepted? Reader { get; set; }

        public Accepted? Newcomer { get; set; }

        public Accepted? Parked { get; set; }

        public IEnumerable<Accepted> AcceptedLinks =>
            new[] { Parked, Reader, Newcomer }.Where(each => each is not null).Select(each => each!.Value);

        public long? GateUntil { get; set; }

        public bool IsBlank(long now) =>
            Writer is null && !AcceptedLinks.Any() && !IsGated(now)
                && !_refused.Exists(each => now < each.Until);

        public void ForgetAccepted(long uid)
        {
            if (Parked?.Uid == uid) Parked = null;
            if (Reader?.Uid == uid) Reader = null;
            if (Newcomer?.Uid == uid) Newcomer = null;
        }

        public bool IsGated(long now) => GateUntil is { } until && now < until;

        public bool Refuses(long uid, long now) => _refused.Exists(each => each.Uid == uid && now < each.Until);

        public void Refuse(long uid, long until, int kept)
        {
            if (_refused.Count == kept) _refused.RemoveAt(0);
            _refused.Add((uid, until));
        }
    }
}
