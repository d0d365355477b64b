using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>Telling the others, and hearing from them.</summary>
internal sealed partial class ClusterTurn
{
    /// <summary>Who knows what this node knows now: it was told, or has told.</summary>
    private readonly List<UniqueAddress> _told = [];

    private void OnStatus(GossipStatus status)
    {
        if (_state.Phase != NodePhase.Inside || !ListensTo(status.From)) return;
        HasAnswered(status.From);
        switch (status.Version.CompareTo(Gossip.Version))
        {
            // Not in Akka.NET: who says that it holds this state has seen it. It would tell so only when asked for all of it.
            case ClockOrder.Same: if (IsAsked(Gossip, status.From)) Adopt(Gossip.MarkSeen(status.From)); break;
            case ClockOrder.After: Reply(new GossipStatus(Self, Gossip.Version)); break;
            default: Owe(status.From); break;
        }
    }

    private void OnGossip(GossipEnvelope envelope)
    {
        if (_state.Phase != NodePhase.Inside || !Self.Equals(envelope.To)) return;
        if (!ListensTo(envelope.From) && !TellsOfOwnRise(envelope)) return;
        HasAnswered(envelope.From);
        Gossip remote = envelope.Gossip;
        Gossip local = Gossip;
        if (!remote.Has(Self)) return;

        ClockOrder order = remote.Version.CompareTo(local.Version);
        if (order == ClockOrder.Concurrent || local.Find(envelope.From) is { Status: MemberStatus.Down })
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
            _ => Merged(remote, local),
        };
        bool talkBack = order is ClockOrder.Before or ClockOrder.Concurrent || !remote.SeenBy(Self);

        // While its own shutdown runs the node marks nothing as seen: it will not be there to answer for it.
        Adopt(_state.ExitingTasksRun ? winner : winner.MarkSeen(Self));
        _told.Add(envelope.From);
        if (talkBack) Owe(envelope.From);
    }

    /// <summary>
    /// Not in Akka.NET, where a newcomer believes only whom it knows: who let it in may have let in others after it,
    /// made all of them Up, as no newcomer is asked about that, and died before it told this one. Then they are strangers
    /// to it, and it to nobody. But that it is Up was decided after all it knows of itself.
    /// </summary>
    private bool TellsOfOwnRise(GossipEnvelope envelope) =>
        _state.SelfMember is { UpNumber: Member.NeverUp }
        && envelope.Gossip.Find(Self) is { Status: MemberStatus.Up }
        && IsAsked(envelope.Gossip, envelope.From)
        && Gossip.Find(envelope.From.Address) is null
        && !_state.Gone.Contains(envelope.From);

    /// <summary>
    /// Not in Akka.NET: with members that were removed their clock entries go, and so the trace of what they changed. If
    /// one side's version is all that is left, while its members are not those of the result, two states would bear one
    /// version, and who holds one of them would never hear of the other. So the result counts as a change by this node.
    /// </summary>
    private Gossip Merged(Gossip remote, Gossip local)
    {
        Gossip merged = remote.Merge(local);
        return TakenFor(remote) || TakenFor(local) ? merged.Changed(Self) with { Seen = [] } : merged;

        bool TakenFor(Gossip side) => merged.Version.CompareTo(side.Version) == ClockOrder.Same
            && !merged.Members.Select(m => (m.UniqueAddress, m.Status))
                .SequenceEqual(side.Members.Select(m => (m.UniqueAddress, m.Status)));
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

    /// <summary>One peer, chosen by chance: the whole state if it has not seen it, else only its version. Not one that has
    /// said that it is done: until it is removed it would be chosen again and again, for it has not seen what is new.
    /// </summary>
    private void GossipOnce()
    {
        Gossip listening = _state.ExitingConfirmed.Aggregate(Gossip, (gossip, gone) => WithoutMember(gossip, gone));
        (UniqueAddress? peer, Chance chance) = GossipTargets.Select(listening, Self, Settings, _state.Chance);
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

    private void SendGossip(UniqueAddress peer) => _effects.Add(new ClusterEffect.Send(peer.Address, Told(peer)));

    private GossipEnvelope Told(UniqueAddress peer)
    {
        _told.Add(peer);
        LastWords said = _state.LastWords is { } words && ReferenceEquals(words.Gossip, Gossip) ? words : new(Gossip);
        _state = _state with { LastWords = said with { At = said.At.SetItem(peer, now) } };
        if (!Gossip.SeenBy(peer)) _state = _state with { Unanswered = _state.Unanswered.SetItem(peer, now) };
        if (peer.Equals(LeaderRules.Leader(Gossip, Self)?.UniqueAddress))
            _state = _state with { Report = new ReportToLeader(peer, Gossip.Version, now) };
        return new GossipEnvelope(Self, peer, Gossip);
    }

    /// <summary>
    /// A reply is due. What has arrived with the message that asks for it is heard first: from a line that was
    /// interrupted a dozen states come at once, and a dozen replies would fill it again.
    /// </summary>
    private void Owe(UniqueAddress peer)
    {
        _told.Add(peer);
        _effects.Add(new ClusterEffect.SettleSoon(peer));
        _state = _state with { Owed = _state.Owed.With(peer) };
    }

    /// <summary>Sends the replies that are due, but none that says what the same peer was told a moment ago: on a slow
    /// line that is still under way, and if it was lost, a later tick says it again.</summary>
    private void PayOwed()
    {
        ImmutableArray<UniqueAddress> owed = _state.Owed;
        _state = _state with { Owed = [] };
        if (_state.Phase != NodePhase.Inside) return;
        foreach (UniqueAddress peer in owed)
        {
            if (ListensTo(peer) && !WasJustTold(peer)) _effects.Add(new ClusterEffect.Answer(peer, Told(peer)));
        }
    }

    private bool WasJustTold(UniqueAddress peer) => _state.LastWords is { } said && ReferenceEquals(said.Gossip, Gossip)
        && said.At.TryGetValue(peer, out TimeSpan at) && now - at < Settings.GossipInterval;

    /// <summary>
    /// The state changed in this step: burst it to a few members now, or, if the last burst was just now, a little
    /// later together with what will have changed until then.
    /// </summary>
    private void PushChange()
    {
        if (Settings.GossipOnChangeFanout <= 0 || Gossip.Members.Length < 2) return;
        bool isNews = Gossip.Version.CompareTo(_gossipBefore.Version) != ClockOrder.Same;
        if (!isNews && LeaderToTell() is null) return;
        if (_state.PushNotBefore <= now) PushNow();
        else if (!(_state.PushAt < _state.PushNotBefore)) _state = _state with { PushAt = _state.PushNotBefore };
    }

    /// <summary>
    /// Who has not answered yet what it was told before is not told more: on a long line that would be a state for each
    /// change that it has not heard of, and its answer says what it still needs.
    /// </summary>
    private void PushNow()
    {
        ForgetUnanswered();
        (ImmutableArray<UniqueAddress> peers, Chance chance) = GossipTargets.Some(
            GossipTargets.Unseen(Gossip, Self).RemoveAll(_state.Unanswered.ContainsKey),
            Settings.GossipOnChangeFanout, _state.Chance);
        _state = _state with { Chance = chance, PushAt = null, PushNotBefore = now + Settings.GossipOnChangeInterval };
        foreach (UniqueAddress peer in GossipTargets.Unseen(Gossip, Self))
        {
            if (_state.Unanswered.TryGetValue(peer, out TimeSpan at)) PushNoLater(at + Settings.GossipInterval);
        }

        foreach (UniqueAddress peer in peers)
        {
            if (!_told.Contains(peer) && !_state.Owed.Has(peer)) SendGossip(peer);
        }

        ReportToLeader();
    }

    /// <summary>
    /// Who leads must know who has seen what: with the last mark it acts. All tell it their own; those of others, which
    /// may not reach it themselves, can wait.
    /// </summary>
    private void ReportToLeader()
    {
        if (LeaderToTell() is not { } leader || _told.Contains(leader) || _state.Owed.Has(leader)) return;
        if (_state.Report is { } report && report.Leader.Equals(leader)
            && report.Version.CompareTo(Gossip.Version) == ClockOrder.Same && now - report.At < Settings.GossipInterval)
        {
            PushNoLater(report.At + Settings.GossipInterval);
            return;
        }
        if (Gossip.SeenBy(leader) || !_state.Unanswered.ContainsKey(leader)) SendGossip(leader);
    }

    private void PushNoLater(TimeSpan at)
    {
        if (!(_state.PushAt < at)) _state = _state with { PushAt = at };
    }

    private void HasAnswered(UniqueAddress peer)
    {
        if (_state.Unanswered.ContainsKey(peer)) _state = _state with { Unanswered = _state.Unanswered.Remove(peer) };
    }

    private void ForgetUnanswered() => _state = _state with
    {
        Unanswered = _state.Unanswered.RemoveRange(_state.Unanswered
            .Where(told => now - told.Value >= Settings.GossipInterval || !Gossip.Has(told.Key))
            .Select(told => told.Key)),
    };

    private UniqueAddress? LeaderToTell()
    {
        if (Gossip.Seen.Length <= 1) return null;
        UniqueAddress? leader = LeaderRules.Leader(Gossip, Self)?.UniqueAddress;
        return leader is not null && GossipTargets.IsValid(Gossip, Self, leader) ? leader : null;
    }
}
