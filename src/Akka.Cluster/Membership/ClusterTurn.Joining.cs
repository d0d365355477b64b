using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>Getting in: seeds, Join, Welcome; and letting others in.</summary>
internal sealed partial class ClusterTurn
{
    /// <summary>So often a <see cref="ClusterNodeSettings.SeedNodeTimeout"/> goes by in vain before a node that a seed
    /// has refused for good gives up the others.</summary>
    private const int AttemptsWhenRefused = 2;

    private static readonly TimeSpan LongestSeedPause = TimeSpan.FromSeconds(1);

    private void OnJoinSeedNodes(ImmutableArray<Address> seeds)
    {
        if (!MayStartJoining(seeds)) return;
        TimeSpan? giveUpAt = _state.GiveUpAt ?? now + Settings.ShutdownAfterUnsuccessfulJoinSeedNodes;
        _state = _state with { Seeds = seeds, Attempt = null, GiveUpAt = giveUpAt };
        ImmutableArray<Address> others = seeds.RemoveAll(Self.Address.Equals);
        switch (JoinRules.Plan(seeds, Self.Address))
        {
            case JoinPlan.JoinSelf:
                JoinSelf();
                break;
            case JoinPlan.AskThenLead:
                StartSearch(others, now + Settings.SeedNodeTimeout);
                break;
            case JoinPlan.Ask:
                StartSearch(others, foundAt: null);
                break;
        }
    }

    private void OnJoinTo(Address address)
    {
        if (!MayStartJoining([address])) return;
        if (address.Protocol != Self.Address.Protocol)
        {
            Note(NoteLevel.Warning, 
                "Trying to join member with wrong protocol, but was ignored, expected [{0}] but was [{1}]",
                Self.Address.Protocol, address.Protocol);
            return;
        }

        if (address.System != Self.Address.System)
        {
            Note(NoteLevel.Warning, 
                "Trying to join member with wrong ActorSystem name, but was ignored, expected [{0}] but was [{1}]",
                Self.Address.System, address.System);
            return;
        }

        _state = _state with { Seeds = [], Search = null };
        if (address.Equals(Self.Address)) JoinSelf();
        else SendJoin(address);
    }

    private bool MayStartJoining(ImmutableArray<Address> targets)
    {
        if (_state.Phase != NodePhase.Inside) return true;
        Note(NoteLevel.Info, "Trying to join [{0}] when already part of a cluster, ignoring",
            string.Join(", ", targets));
        return false;
    }

    private void StartSearch(ImmutableArray<Address> others, TimeSpan? foundAt)
    {
        if (!_state.RefusedBySeeds.IsEmpty) foundAt = null;
        var search = new SeedSearch(others, now, foundAt, now, Settings.SeedNodeRetryInterval);
        _state = _state with { Phase = NodePhase.AskingSeeds, Search = search };
        ContinueSearch();
    }

    private void ContinueSearch()
    {
        SeedSearch search = _state.Search!;
        if (search.FoundAt <= now)
        {
            JoinSelf();
            return;
        }

        if (now - search.Since >= Settings.SeedNodeTimeout * (search.Attempts + 1))
        {
            search = search with { Attempts = search.Attempts + 1 };
            Note(NoteLevel.Warning, "Couldn't join seed nodes after [{0}] attempts, will try again. seed-nodes=[{1}]",
                search.Attempts, string.Join(", ", search.Asked));
            if (search.Attempts >= AttemptsWhenRefused && !_state.RefusedBySeeds.IsEmpty)
            {
                GiveUpRefused();
                return;
            }
        }

        if (search.AskAt <= now)
        {
            foreach (Address seed in search.Asked) Send(seed, InitJoin.Instance);
            search = search with { AskAt = now + search.Pause, Pause = Longer(search.Pause) };
        }

        _state = _state with { Search = search };
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestSeedPause ? pause * 2 : LongestSeedPause;

    private void OnInitJoin()
    {
        bool welcomes = _state.Phase == NodePhase.Inside
            && _state.SelfMember is { Status: not (MemberStatus.Down or MemberStatus.Exiting) };
        Reply(welcomes ? new InitJoinAck(Self.Address) : new InitJoinNack(Self.Address));
    }

    private void OnInitJoinAck(InitJoinAck ack)
    {
        bool isOurs = ack.Address.System == Self.Address.System && ack.Address.Protocol == Self.Address.Protocol;
        if (_state.Phase != NodePhase.AskingSeeds || !isOurs) return;
        _state = _state with { Search = null, RefusedBySeeds = _state.RefusedBySeeds.Remove(ack.Address) };
        SendJoin(ack.Address);
    }

    private void OnInitJoinNack(InitJoinNack nack)
    {
        if (_state.Phase != NodePhase.AskingSeeds || _state.Search is not { FoundAt: not null } search) return;
        search = search with { Asked = search.Asked.Remove(nack.Address) };
        _state = _state with { Search = search };
        if (search.Asked.IsEmpty) JoinSelf();
    }

    private void SendJoin(Address with)
    {
        var attempt =
            new JoinAttempt(with, now + Settings.RetryUnsuccessfulJoinAfter, now + Settings.JoinRetryInterval);
        _state = _state with { Phase = NodePhase.Joining, Attempt = attempt, Search = null };
        SayJoin(with);
    }

    private void SayJoin(Address with) => Send(with, new Join(new Joiner(Self, Settings.Roles, Settings.AppVersion)));

    private void ContinueAttempt()
    {
        JoinAttempt attempt = _state.Attempt!;
        if (attempt.Deadline <= now)
        {
            // The node that answered may be gone; whoever is a seed is asked anew, a named node gets the same request
            // again.
            _state = _state with { Phase = NodePhase.Outside, Attempt = null };
            if (_state.Seeds.IsEmpty) SendJoin(attempt.With);
            else OnJoinSeedNodes(_state.Seeds);
        }
        else if (attempt.RetryAt <= now)
        {
            _state = _state with { Attempt = attempt with { RetryAt = now + Settings.JoinRetryInterval } };
            SayJoin(attempt.With);
        }
    }

    /// <summary>
    /// Not in Akka.NET: a life that every seed refuses for good, or one of them while the others let nobody in, will
    /// hardly be let in any more; the next one can be. So it ends instead of asking for ever. There is a cluster, so it
    /// founds none.
    /// </summary>
    private void OnRefusedBySeed(Address seed)
    {
        if (_state.RefusedBySeeds.Contains(seed)) return;
        _state = _state with
        {
            RefusedBySeeds = _state.RefusedBySeeds.Add(seed),
            Search = _state.Search is { } search ? search with { FoundAt = null } : null,
        };
        Address[] others = [.. _state.Seeds.Where(each => !each.Equals(Self.Address))];
        if (others.Length == 0 || !others.All(_state.RefusedBySeeds.Contains)) return;
        GiveUpRefused();
    }

    /// <summary>
    /// Not in Akka.NET: a seed that this node has quarantined, and that lives, can let it in no more: what it says is not
    /// heard. One that has ended since may come back as another life, so being quarantined alone says nothing.
    /// </summary>
    private void OnQuarantinedLife(Address peer)
    {
        if (_state.Phase is not (NodePhase.AskingSeeds or NodePhase.Joining) || !_state.Seeds.Contains(peer)) return;
        OnRefusedBySeed(peer);
    }

    private void GiveUpRefused()
    {
        Note(NoteLevel.Warning, "The seed-nodes [{0}] have quarantined this node before it joined, or it them, and no " +
            "other lets it in. Only a restart mends this. Running CoordinatedShutdown.",
            string.Join(", ", _state.RefusedBySeeds));
        EndOutside();
    }

    private void GiveUp()
    {
        Note(NoteLevel.Warning, "Joining of seed-nodes [{0}] was unsuccessful after configured " +
            "shutdown-after-unsuccessful-join-seed-nodes [{1}]. Running CoordinatedShutdown.",
            string.Join(", ", _state.Seeds), Settings.ShutdownAfterUnsuccessfulJoinSeedNodes!);
        EndOutside();
    }

    private void EndOutside(ShutdownCause cause = ShutdownCause.JoinUnsuccessful)
    {
        _state = _state with { Phase = NodePhase.Outside, GiveUpAt = null, Search = null, Attempt = null };
        _effects.Add(new ClusterEffect.RunCoordinatedShutdown(cause));
    }

    private void JoinSelf()
    {
        GoInside();
        Note(NoteLevel.Info,
            "Node [{0}] is JOINING itself (with roles [{1}], version [{2}]) and forming a new cluster",
            Self.Address, RolesText(), Settings.AppVersion);
        Adopt(JoinRules.Admit(Gossip.Empty, Self, Settings, new Joiner(Self, Settings.Roles, Settings.AppVersion)));
        ActAsLeader();
    }

    private void OnJoin(Joiner joiner)
    {
        if (_state.Phase != NodePhase.Inside) return;
        if (_state.Gone.Contains(joiner.Node))
        {
            Note(NoteLevel.Info, "Ignoring join of [{0}]: it was removed from the cluster and must restart first",
                joiner.Node);
            return;
        }

        switch (JoinRules.Judge(Gossip, Self, joiner.Node))
        {
            case JoinAnswer.Ignore:
                Note(NoteLevel.Warning,
                    "Member [{0}] may not join [{1}]: wrong protocol or system name, or this node is going",
                    joiner.Node, Self.Address);
                break;
            case JoinAnswer.WelcomeAgain:
                Note(NoteLevel.Info, "Existing member [{0}] is joining again.", joiner.Node);
                Reply(new Welcome(Self, Gossip));
                break;
            case JoinAnswer.ReplaceOld:
                ReplaceOldLife(Gossip.Find(joiner.Node.Address)!);
                break;
            case JoinAnswer.Welcome:
                Note(NoteLevel.Info, "Node [{0}] is JOINING, roles [{1}], version [{2}]", joiner.Node.Address,
                    string.Join(", ", joiner.Roles.Order(StringComparer.Ordinal)), joiner.AppVersion);
                Adopt(JoinRules.Admit(Gossip, Self, Settings, joiner));
                Reply(new Welcome(Self, Gossip));
                break;
        }
    }

    private void ReplaceOldLife(Member old)
    {
        Gossip changed = JoinRules.DownOldLife(Gossip, Self, old);
        if (ReferenceEquals(changed, Gossip)) return;
        Note(NoteLevel.Info, "New incarnation of existing member [{0}] is trying to join. Existing will be removed " +
            "from the cluster and then new member will be allowed to join.", old);
        Adopt(changed);
    }

    /// <summary>
    /// Not in Akka.NET, which is let in after it has gone, and is missed until the others down it. Who was asked to let
    /// this node in, and may have done so, is told that it will not come. Down and not Leave: of a newcomer that leaves
    /// the others wait to hear that it has done so, and it was never told who they are.
    /// </summary>
    private void LeaveBeforeWelcome()
    {
        if (_state.Attempt is { } attempt) Send(attempt.With, new Down(Self.Address));
        Note(NoteLevel.Info, "Leaving before any member has let this node in. Running CoordinatedShutdown.");
        EndOutside(ShutdownCause.Leaving);
    }

    private void OnWelcome(Welcome welcome)
    {
        if (_state.Phase == NodePhase.Inside)
        {
            OnWelcomeOfTheUnknown(welcome);
            return;
        }

        if (_state.Phase != NodePhase.Joining || !_state.Attempt!.With.Equals(welcome.From.Address))
        {
            if (_state.Phase != NodePhase.Inside)
                Note(NoteLevel.Info, "Ignoring welcome from [{0}] when trying to join with [{1}]",
                    welcome.From.Address, _state.Attempt?.With.ToString() ?? "nobody");
            return;
        }

        if (!welcome.Gossip.Has(Self)) return;
        GoInside();
        Note(NoteLevel.Info, "Welcome from [{0}]", welcome.From.Address);
        Adopt(welcome.Gossip.MarkSeen(Self));
        if (!welcome.From.Equals(Self)) Owe(welcome.From);
    }

    /// <summary>
    /// Not in Akka.NET: whoever let this node in may have died before telling anybody, and then nobody listens to it.
    /// So a newcomer that stays one, and a member that nobody hears although it can be reached, says its Join again to a
    /// member that is surely known; there it is no news, or a rescue. A newcomer of whose others all are Down has nobody
    /// left who could let it in: it ends, and the next life asks anew.
    /// </summary>
    /// <remarks>
    /// Two of whom nobody else has heard, but each of the other, do not knock. A member that has not heard of its own
    /// removal looks the same to itself, and a life that began after it would let it in again.
    /// </remarks>
    private void KnockAgain()
    {
        if (_state.Phase != NodePhase.Inside) return;
        if (!IsNewcomer(_state.SelfMember) && !IsUnheard) _state = _state with { KnockAt = now + KnockInterval };
        if (now < _state.KnockAt) return;
        _state = _state with { KnockAt = now + KnockInterval };
        if (IsForsaken)
        {
            Note(NoteLevel.Warning, "All members that this node knows are down, before it was one itself: it ends");
            MarkDown(_state.SelfMember!);
            return;
        }
        Member? host = Gossip.Members
            .Where(member => GossipTargets.IsValid(Gossip, Self, member.UniqueAddress))
            .MinBy(member => member.Status switch { MemberStatus.Up => 0, MemberStatus.Leaving => 1, _ => 2 });
        if (host is not null) SayJoin(host.Address);
    }

    /// <summary>
    /// The answer to <see cref="KnockAgain"/>. If the host has never heard a word of this node, what the node
    /// believed was the view of a few who are lost; the host's view takes its place. The own count goes on, so that
    /// no two different states ever have the same version.
    /// </summary>
    private void OnWelcomeOfTheUnknown(Welcome welcome)
    {
        Gossip theirs = welcome.Gossip;
        long count = Gossip.Version[Self.ClockName];
        // To a host that knows this node as a member, its view is not the view of a lost few.
        bool unknown = IsNewcomer(_state.SelfMember) || (IsUnheard && IsNewcomer(theirs.Find(Self)));
        if (!unknown || !theirs.Has(Self) || theirs.Version[Self.ClockName] != 0) return;
        if (theirs.Version.CompareTo(Gossip.Version) != ClockOrder.Concurrent) return;
        Note(NoteLevel.Info, "Welcome from [{0}], whom news of this node had not reached", welcome.From);
        AdoptChange(theirs with { Version = theirs.Version.Merge(new VectorClock([new(Self.ClockName, count)])) });
    }

    private static bool IsNewcomer(Member? member) => member?.Status is MemberStatus.Joining or MemberStatus.WeaklyUp;

    private bool IsForsaken => IsNewcomer(_state.SelfMember) && Gossip.Members.Length > 1
        && Gossip.Members.All(member => member.Status == MemberStatus.Down || member.UniqueAddress.Equals(Self));

    /// <summary>A member whose present state nobody else has seen.</summary>
    private bool IsUnheard => _state.SelfMember is { Status: MemberStatus.Up } && Gossip.Seen is [var only]
        && only.Equals(Self);

    private TimeSpan KnockInterval => Settings.RetryUnsuccessfulJoinAfter ?? Settings.SeedNodeTimeout;

    private void GoInside()
    {
        _state = _state with
        {
            KnockAt = now + KnockInterval,
            Phase = NodePhase.Inside, Search = null, Attempt = null, GiveUpAt = null,
            GossipAt = now + Settings.PeriodicTasksInitialDelay,
            LeaderActionsAt = now + Settings.PeriodicTasksInitialDelay,
        };
    }
}
