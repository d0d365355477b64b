using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>What changes a member's status: the leader, people, the failure detectors, the downing rules.</summary>
internal sealed partial class ClusterTurn
{
    /// <summary>How many hear a node's last word.</summary>
    private const int LastWordFanout = 5;

    /// <summary>Leader ticks that a node which is Down waits at most for the other Down nodes to hear of it.</summary>
    private const int TicksDownBeforeStop = 4;

    /// <summary>
    /// How many of the oldest members hear at once that a member is Exiting: they are who singletons live on.
    /// </summary>
    private const int OldestToTellOfExiting = 2;

    /// <summary>The leader removes who confirmed; if it goes in the same moment, the next one must know too.</summary>
    private const int LeadersToTellOfExit = 2;

    private void OnLeave(Address address)
    {
        if (_state.Phase is NodePhase.AskingSeeds or NodePhase.Joining && address.Equals(Self.Address))
        {
            LeaveBeforeWelcome();
            return;
        }

        if (_state.Phase != NodePhase.Inside || Gossip.Find(address) is not { } member) return;
        if (member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up)) return;
        Note(NoteLevel.Info, "Marked address [{0}] as [{1}]", address, MemberStatus.Leaving);
        AdoptChange(Gossip.With(member.Copy(MemberStatus.Leaving)));
        if (Settings.GossipOnChangeFanout <= 0) GossipOnce();
    }

    private void OnDown(Address address)
    {
        if (_state.Phase != NodePhase.Inside) return;
        if (Gossip.Find(address) is not { } member)
        {
            Note(NoteLevel.Info, "Ignoring down of unknown node [{0}]", address);
            return;
        }

        if (member.Status != MemberStatus.Down) MarkDown(member);
    }

    private void MarkDown(Member member)
    {
        AdoptDown(member);
        TellOfDown(member.UniqueAddress);
    }

    private void AdoptDown(Member member)
    {
        Note(NoteLevel.Info, "Marking node [{0}] as [{1}]", member.Address, MemberStatus.Down);
        AdoptChange(Gossip.With(member.Copy(MemberStatus.Down)));
    }

    private void TellOfDown(UniqueAddress node)
    {
        if (node.Equals(Self)) GossipToSome(LastWordFanout);
        else if (GossipTargets.IsValid(Gossip, Self, node)) SendGossip(node);
    }

    /// <summary>
    /// Akka.NET hears this only of a member that it knows to be Exiting. A leader that goes itself says both in the same
    /// moment, and the word that it is done may overtake the gossip: unheard, it is missed until it is silent.
    /// </summary>
    private void OnExitingConfirmed(UniqueAddress node)
    {
        bool goes = Gossip.Find(node) is { Status: MemberStatus.Leaving or MemberStatus.Exiting };
        if (_state.Phase != NodePhase.Inside || !goes) return;
        Note(NoteLevel.Debug, "Exiting confirmed for [{0}]", node.Address);
        _state = _state with { ExitingConfirmed = _state.ExitingConfirmed.With(node) };
        if (Settings.ActOnConvergence) ActIfAllHaveSpoken();
    }

    /// <summary>
    /// Marks seen what it knows, says so to a few, confirms to the leader and to who leads after it, and stops.
    /// </summary>
    private void OnExitingCompleted()
    {
        if (_state.Phase == NodePhase.Inside && Gossip.Has(Self))
        {
            Note(NoteLevel.Info, "Exiting completed.");
            Adopt(Gossip.MarkSeen(Self));
            GossipToSome(LastWordFanout);
            Gossip others = Gossip;
            for (int i = 0; i < LeadersToTellOfExit; i++)
            {
                others = WithoutMember(others, i == 0 ? Self : LeaderRules.Leader(others, Self)?.UniqueAddress);
                if (LeaderRules.Leader(others, Self) is { } leader) Send(leader.Address, new ExitingConfirmed(Self));
            }
        }

        Stop(wasDown: false);
    }

    private static Gossip WithoutMember(Gossip gossip, UniqueAddress? node) =>
        node is null
            ? gossip
            : gossip with { Members = gossip.Members.RemoveAll(member => member.UniqueAddress.Equals(node)) };

    private void OnQuarantined(UniqueAddress node)
    {
        if (_state.Phase != NodePhase.Inside || !Gossip.Has(node)) return;
        Reachability reachability = Gossip.Reachability.Terminated(Self, node);
        if (ReferenceEquals(reachability, Gossip.Reachability)) return;
        Note(NoteLevel.Warning, "Marking node as TERMINATED [{0}], due to quarantine. Node roles [{1}]. " +
            "It must still be marked as down before it's removed.", node.Address, RolesText());
        AdoptChange(Gossip with { Reachability = reachability });
    }

    /// <summary>
    /// Not in Akka.NET: a majority that has downed this node tells it so by refusing it. What this node still believes
    /// is over then; it need not wait until its own rules come to the same end, with a singleton that runs elsewhere by
    /// now. One peer alone may be mistaken.
    /// </summary>
    private void OnQuarantinedBy(Address peer)
    {
        if (_state.Phase is NodePhase.AskingSeeds or NodePhase.Joining) OnRefusedBySeed(peer);
        if (_state.Phase != NodePhase.Inside || Gossip.Find(peer) is not { } member) return;
        if (_state.SelfMember is not { Status: not MemberStatus.Down }) return;
        _state = _state with { RefusedBy = _state.RefusedBy.With(member.UniqueAddress) };
        Member[] others = [.. Gossip.Members.Where(each =>
            each.Status is MemberStatus.Up or MemberStatus.Leaving && !each.UniqueAddress.Equals(Self))];
        int refusing = others.Count(each => _state.RefusedBy.Has(each.UniqueAddress));
        if (refusing * 2 <= others.Length) return;
        Note(NoteLevel.Warning, "This node was quarantined by {0} of {1} other members: it was removed from the " +
            "cluster while it could not be reached", refusing, others.Length);
        MarkDown(Gossip.Find(Self)!);
    }

    private void OnReap(ImmutableArray<UniqueAddress> unavailable)
    {
        if (_state.Phase != NodePhase.Inside || Gossip.Members.Length < 2) return;
        Reachability reachability = Gossip.Reachability;
        foreach (Member member in Gossip.Members)
        {
            UniqueAddress node = member.UniqueAddress;
            if (node.Equals(Self)) continue;
            ReachabilityStatus before = reachability.Status(Self, node);
            bool silent = unavailable.Has(node);
            if (silent && before == ReachabilityStatus.Reachable)
            {
                if (member.Status == MemberStatus.Exiting && _state.ExitingConfirmed.Has(node)) continue;
                reachability = reachability.Unreachable(Self, node);
                NoteReachability(member, "Marking node as UNREACHABLE [{0}]. Node roles [{1}]");
            }
            else if (!silent && before == ReachabilityStatus.Unreachable)
            {
                reachability = reachability.Reachable(Self, node);
                NoteReachability(member, "Marking node as REACHABLE [{0}]. Node roles [{1}]");
            }
        }

        if (ReferenceEquals(reachability, Gossip.Reachability)) return;
        AdoptChange(Gossip with { Reachability = reachability });
    }

    private void NoteReachability(Member member, string text) => Note(
        member.Status == MemberStatus.Exiting || text.Contains(" REACHABLE") ? NoteLevel.Info : NoteLevel.Warning,
        text, member, RolesText());

    private string RolesText() => string.Join(", ", Settings.Roles.Order(StringComparer.Ordinal));

    private void TickLeader()
    {
        if (LeaderRules.IsLeader(Gossip, Self)) ActAsLeader();
        StopIfDown();
    }

    /// <summary>
    /// Between the ticks the leader acts once every newcomer has spoken: a Join whose Welcome was lost should not
    /// bring a member that does not know of it.
    /// </summary>
    private void ActIfAllHaveSpoken()
    {
        if (!LeaderRules.IsLeader(Gossip, Self)) return;
        if (!LeaderRules.Converged(Gossip, Self, _state.ExitingConfirmed)) return;
        bool silentNewcomer = Gossip.Members.Any(member =>
            member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp && !Gossip.SeenBy(member.UniqueAddress));
        if (!silentNewcomer) ActAsLeader();
    }

    private void ActAsLeader()
    {
        LeaderStep step;
        if (LeaderRules.Converged(Gossip, Self, _state.ExitingConfirmed))
        {
            _state = _state with { DisagreeingSince = null };
            step = LeaderRules.OnConvergence(Gossip, Self, _state.ExitingConfirmed, Settings);
        }
        else
        {
            _state = _state with { DisagreeingSince = _state.DisagreeingSince ?? now };
            if (Settings.WeaklyUpAfter is not { } patience || now - _state.DisagreeingSince < patience) return;
            step = LeaderRules.WithoutConvergence(Gossip, Settings);
        }

        if (step.IsIdle) return;
        // Who is removed is told nothing any more.
        if (!step.Removed.IsEmpty) PayOwed();
        foreach (Member member in step.Changed)
            Note(NoteLevel.Info, "Leader is moving node [{0}] to [{1}]", member.Address, member.Status);
        foreach (Member member in step.Removed)
            Note(NoteLevel.Info, "Leader is removing {0} node [{1}]",
                member.Status == MemberStatus.Exiting ? "confirmed Exiting" : "unreachable", member.Address);
        AdoptChange(step.Gossip);
        TellOldestOfExiting(step.Changed);
    }

    private void TellOldestOfExiting(ImmutableArray<Member> changed)
    {
        foreach (Member exiting in changed.Where(member => member.Status == MemberStatus.Exiting))
        {
            IEnumerable<Member> oldest = Oldest(_ => true);
            foreach (string role in exiting.SortedRoles())
                oldest = oldest.Concat(Oldest(member => member.HasRole(role)));

            foreach (UniqueAddress node in oldest.Append(exiting).Nodes())
            {
                if (Gossip.SeenBy(node) || _told.Contains(node)) continue;
                if (GossipTargets.IsValid(Gossip, Self, node)) SendGossip(node);
            }
        }
    }

    private IEnumerable<Member> Oldest(Func<Member, bool> filter) =>
        Gossip.Members.Where(filter).Order(Member.AgeOrdering).Take(OldestToTellOfExiting);

    private void StopIfDown()
    {
        if (_state.SelfMember?.Status != MemberStatus.Down) return;
        if (!AllDownHaveHeard() && _state.TicksDown < TicksDownBeforeStop)
        {
            _state = _state with { TicksDown = _state.TicksDown + 1 };
            return;
        }

        StopAsDown();
    }

    /// <summary>
    /// Between the ticks too: a side that has downed itself has no reason to go on for another second, and until it
    /// stops, what it serves may run on the other side as well.
    /// </summary>
    private void StopIfAllDownHaveHeard()
    {
        if (_state.Phase == NodePhase.Inside && _state.SelfMember?.Status == MemberStatus.Down && AllDownHaveHeard())
            StopAsDown();
    }

    // Whom this node itself cannot reach will not hear its last words, though its own complaints count no more.
    private bool AllDownHaveHeard()
    {
        Reachability living = Gossip.ReachabilityOfTheLiving();
        return Gossip.Members.Where(member => member.Status == MemberStatus.Down).Nodes().All(node =>
            Gossip.SeenBy(node) || !living.IsReachable(node)
            || Gossip.Reachability.Status(Self, node) != ReachabilityStatus.Reachable);
    }

    private void StopAsDown()
    {
        Note(NoteLevel.Warning, "Node has been marked as DOWN. Shutting down myself");
        PayOwed();
        GossipToSome(LastWordFanout);
        Stop(wasDown: true);
    }
}
