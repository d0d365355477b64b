using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>Telling the others, and hearing from them.</summary>
internal sealed partial class ClusterTurn
{
    private readonly List<UniqueAddress> _told = [];

    private void OnStatus(GossipStatus status)
    {
        if (_state.Phase != NodePhase.Inside || !ListensTo(status.From)) return;
        switch (status.Version.CompareTo(Gossip.Version))
        {
            case ClockOrder.Same: break;
            case ClockOrder.After: Reply(new GossipStatus(Self, Gossip.Version)); break;
            default: ReplyGossip(status.From); break;
        }
    }

    private void OnGossip(GossipEnvelope envelope)
    {
        if (_state.Phase != NodePhase.Inside || !Self.Equals(envelope.To) || !ListensTo(envelope.From)) return;
        Gossip remote = envelope.Gossip;
        Gossip local = Gossip;
        if (!remote.Has(Self)) return;

        ClockOrder order = remote.Version.CompareTo(local.Version);
        if (order == ClockOrder.Concurrent || local.Find(envelope.From)!.Status == MemberStatus.Down)
        {
            remote = WithoutGone(remote);
            order = remote.Version.CompareTo(local.Version);
        }

        if (order == ClockOrder.Concurrent && WasNotAsked(envelope.From, remote))
        {
            local = local.Remove(RemovedUnasked(local, remote));
            order = remote.Version.CompareTo(local.Version);
        }

        Gossip winner = order switch
        {
            ClockOrder.Same => local.MergeSeen(remote),
            ClockOrder.Before => local,
            ClockOrder.After => remote,
            _ => remote.Merge(local),
        };
        bool talkBack = order is ClockOrder.Before or ClockOrder.Concurrent || !remote.SeenBy(Self);

        // While its own shutdown runs the node marks nothing as seen: it will not be there to answer for it.
        Adopt(_state.ExitingTasksRun ? winner : winner.MarkSeen(Self));
        _told.Add(envelope.From);
        if (talkBack) ReplyGossip(envelope.From);
    }

    /// <summary>
    /// A state from before a removal is concurrent to the one after it, and would win back who was removed; so would
    /// that of a member which is Down itself, and was not asked about the removal.
    /// </summary>
    private Gossip WithoutGone(Gossip remote)
    {
        ImmutableArray<UniqueAddress> gone = _state.Gone;
        return gone.IsEmpty
            ? remote
            : remote.Remove([.. remote.Members.Select(m => m.UniqueAddress).Where(gone.Contains)]);
    }

    /// <summary>
    /// Not in Akka.NET: nobody asks a member that is Down before others are removed. What it makes of such a removal
    /// and of its own old state must not bring them back: the result would count as later than the removal, and all
    /// who have not heard of that yet would believe it. So it takes the sender's word, if the sender is one who is
    /// asked.
    /// </summary>
    private bool WasNotAsked(UniqueAddress sender, Gossip remote) =>
        remote.Find(Self) is { Status: MemberStatus.Down } && IsAsked(Gossip, sender) && IsAsked(remote, sender);

    private static bool IsAsked(Gossip gossip, UniqueAddress node) =>
        gossip.Find(node) is { Status: MemberStatus.Up or MemberStatus.Leaving };

    /// <summary>A sender who is asked knows of everybody who ever became Up, so whom it lacks was removed. Newcomers
    /// it may simply not have heard of.</summary>
    private static ImmutableArray<UniqueAddress> RemovedUnasked(Gossip local, Gossip remote) =>
    [
        .. local.Members
            .Where(member => member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp))
            .Nodes()
            .Where(node => !remote.Has(node)),
    ];

    private bool ListensTo(UniqueAddress from) => GossipTargets.IsValid(Gossip, Self, from);

    private void TickGossip()
    {
        int tick = _state.GossipTick;
        bool counts = tick == 0 || GossipTargets.NeedsSpeedUp(Gossip);
        _state = _state with
        {
            GossipAt = After(_state.GossipAt, Settings.GossipInterval / 3),
            GossipTick = (tick + 1) % 3,
        };
        if (counts) GossipOnce();
    }

    /// <summary>One peer, chosen by chance: the whole state if it has not seen it, else only its version.</summary>
    private void GossipOnce()
    {
        (UniqueAddress? peer, Chance chance) = GossipTargets.Select(Gossip, Self, Settings, _state.Chance);
        _state = _state with { Chance = chance };
        if (peer is null) return;
        if (Gossip.SeenBy(peer)) Send(peer.Address, new GossipStatus(Self, Gossip.Version));
        else SendGossip(peer);
    }

    /// <summary>To a few random members, as a last word.</summary>
    private void GossipToSome(int count)
    {
        (ImmutableArray<UniqueAddress> peers, Chance chance) =
            GossipTargets.Some(GossipTargets.Valid(Gossip, Self), count, _state.Chance);
        _state = _state with { Chance = chance };
        foreach (UniqueAddress peer in peers) SendGossip(peer);
    }

    private void SendGossip(UniqueAddress peer)
    {
        _told.Add(peer);
        Send(peer.Address, new GossipEnvelope(Self, peer, Gossip));
    }

    private void ReplyGossip(UniqueAddress peer)
    {
        _told.Add(peer);
        Reply(new GossipEnvelope(Self, peer, Gossip));
    }

    /// <summary>
    /// The state changed in this step: burst it to a few members now, or, if the last burst was just now, a little
    /// later together with what will have changed until then.
    /// </summary>
    private void PushChange()
    {
        if (Settings.GossipOnChangeFanout <= 0 || _state.PushAt is not null || Gossip.Members.Length < 2) return;
        bool isNews = Gossip.Version.CompareTo(_gossipBefore.Version) != ClockOrder.Same;
        if (!isNews && LeaderToTell() is null) return;
        if (_state.PushNotBefore <= now) PushNow();
        else _state = _state with { PushAt = _state.PushNotBefore };
    }

    private void PushNow()
    {
        (ImmutableArray<UniqueAddress> peers, Chance chance) = GossipTargets.Some(
            GossipTargets.Unseen(Gossip, Self), Settings.GossipOnChangeFanout, _state.Chance);
        _state = _state with { Chance = chance, PushAt = null, PushNotBefore = now + Settings.GossipOnChangeInterval };
        foreach (UniqueAddress peer in peers)
        {
            if (!_told.Contains(peer)) SendGossip(peer);
        }

        // Who leads must know who has seen what: with the last mark it acts.
        if (LeaderToTell() is { } leader && !_told.Contains(leader)) SendGossip(leader);
    }

    private UniqueAddress? LeaderToTell()
    {
        if (Gossip.Seen.Length <= 1) return null;
        UniqueAddress? leader = LeaderRules.Leader(Gossip, Self)?.UniqueAddress;
        return leader is not null && GossipTargets.IsValid(Gossip, Self, leader) ? leader : null;
    }
}
