using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>
/// One step of <see cref="ClusterNode"/> while it is being taken: the state so far and the effects so far. It lives
/// for one call and is never seen outside.
/// </summary>
/// <remarks>
/// Every change of the gossip goes through <see cref="Adopt"/>, which tells the subscribers and keeps the books that
/// depend on it; what follows from a change (the leader's actions, the burst to peers) is done once, in <see
/// cref="Finish"/>.
/// </remarks>
internal sealed partial class ClusterTurn(ClusterNodeState state, TimeSpan now)
{
    /// <summary>A late message is minutes late at most; nobody removes so many members in that time.</summary>
    private const int GoneRemembered = 256;

    private readonly ImmutableArray<ClusterEffect>.Builder _effects = ImmutableArray.CreateBuilder<ClusterEffect>();
    private readonly Gossip _gossipBefore = state.Gossip;
    private ClusterNodeState _state = state;

    private UniqueAddress Self => _state.Self;

    private Gossip Gossip => _state.Gossip;

    private ClusterNodeSettings Settings => _state.Settings;

    public void Hear(IClusterMessage message)
    {
        switch (message)
        {
            case GossipEnvelope envelope: OnGossip(envelope); break;
            case GossipStatus status: OnStatus(status); break;
            case InitJoin: OnInitJoin(); break;
            case InitJoinAck ack: OnInitJoinAck(ack); break;
            case InitJoinNack nack: OnInitJoinNack(nack); break;
            case Join join: OnJoin(join.Joiner); break;
            case Welcome welcome: OnWelcome(welcome); break;
            case Leave leave: OnLeave(leave.Address); break;
            case Down down: OnDown(down.Address); break;
            case ExitingConfirmed confirmed: OnExitingConfirmed(confirmed.Node); break;
        }
    }

    public void Obey(IClusterCommand command)
    {
        switch (command)
        {
            case Wake: OnWake(); break;
            case Reap reap: OnReap(reap.Unavailable); break;
            case JoinTo join: OnJoinTo(join.Address); break;
            case JoinSeedNodes join: OnJoinSeedNodes(join.Seeds); break;
            case Quarantined quarantined: OnQuarantined(quarantined.Node); break;
            case QuarantinedLife refused: OnQuarantinedLife(refused.Peer); break;
            case QuarantinedBy refused: OnQuarantinedBy(refused.Peer); break;
            case ExitingCompleted: OnExitingCompleted(); break;
            case LeaseAnswered answer: OnLeaseAnswered(answer); break;
            case Settle: PayOwed(); break;
        }
    }

    public (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) Finish()
    {
        if (_state.Phase == NodePhase.Inside && !ReferenceEquals(_gossipBefore, Gossip))
        {
            if (Settings.ActOnConvergence) ActIfAllHaveSpoken();
            if (Settings.ActOnConvergence) StopIfAllDownHaveHeard();
            if (_state.Phase == NodePhase.Inside) PushChange();
        }

        return (_state, _effects.ToImmutable());
    }

    private void OnWake()
    {
        if (_state.GiveUpAt <= now)
        {
            GiveUp();
            return;
        }

        switch (_state.Phase)
        {
            case NodePhase.AskingSeeds: ContinueSearch(); break;
            case NodePhase.Joining: ContinueAttempt(); break;
            case NodePhase.Inside: TickInside(); break;
        }
    }

    private void TickInside()
    {
        if (_state.LeaderActionsAt <= now)
        {
            NoticeOwnPause(now - _state.LeaderActionsAt);
            _state = _state with { LeaderActionsAt = After(_state.LeaderActionsAt, Settings.LeaderActionsInterval) };
            TickDowning();
            TickLeader();
            KnockAgain();
        }

        if (_state.Phase == NodePhase.Inside && _state.DowningAt <= now)
        {
            _state = _state with { DowningAt = null };
            if (Settings.ActOnConvergence) TickDowning();
        }

        if (_state.Phase == NodePhase.Inside && _state.GossipAt <= now) TickGossip();
        if (_state.Phase == NodePhase.Inside && _state.PushAt <= now) PushNow();
    }

    /// <summary>
    /// What this node saw before it was paused is no news, and its patience with it has not been running: it must not
    /// down in its first tick whom the others have long heard again.
    /// </summary>
    private void NoticeOwnPause(TimeSpan late)
    {
        if (late <= Settings.OwnPauseTolerance) return;
        Note(NoteLevel.Debug, "Held up for {0:F1} s itself; what it waits for, it waits so much longer for",
            late.TotalSeconds);
        _state = _state with { DisagreeingSince = _state.DisagreeingSince + late };
        if (Settings.Downing is { } rules)
            TakeDowning(_state.Downing.AfterPause(rules, late, now));
    }

    /// <summary>The next tick; a node that was held up does not catch up on the ticks it missed.</summary>
    private TimeSpan After(TimeSpan due, TimeSpan interval) => due + interval > now ? due + interval : now + interval;

    /// <summary>Makes a state the node's own, and tells what is different.</summary>
    private void Adopt(Gossip gossip)
    {
        Gossip before = Gossip;
        if (ReferenceEquals(before, gossip)) return;
        _state = _state with { Gossip = gossip, Gone = RememberGone(before, gossip) };
        ImmutableArray<ClusterEvent.IClusterDomainEvent> events = EventDifference.Between(before, gossip, Self);
        _effects.Add(new ClusterEffect.Publish(gossip, events));
        if (Settings.Downing is { } rules)
            TakeDowning(_state.Downing.Observe(rules, before, gossip, Self, now));
        if (!_state.ExitingConfirmed.IsEmpty)
            _state = _state with { ExitingConfirmed = _state.ExitingConfirmed.RemoveAll(node => !gossip.Has(node)) };
        if (!_state.RefusedBy.IsEmpty)
            _state = _state with { RefusedBy = _state.RefusedBy.RemoveAll(node => !gossip.Has(node)) };
        if (_state.SelfMember?.Status == MemberStatus.Exiting && !_state.ExitingTasksRun)
        {
            Note(NoteLevel.Info, "Exiting, starting coordinated shutdown.");
            _state = _state with { ExitingTasksRun = true };
            _effects.Add(new ClusterEffect.RunCoordinatedShutdown(ShutdownCause.Leaving));
        }
    }

    private void TakeDowning(SBR.SplitBrainState downing) => _state = _state with
    {
        Downing = downing,
        DowningAt = downing.UnstableSince is not null && downing.StableAt > now ? downing.StableAt : null,
    };

    private ImmutableArray<UniqueAddress> RememberGone(Gossip before, Gossip after)
    {
        ImmutableArray<UniqueAddress> gone = _state.Gone;
        // A member that is Down hears of removals without having been told who was downed before.
        bool unasked = after.Find(Self) is { Status: MemberStatus.Down };
        foreach (Member member in before.Members)
        {
            // Who vanishes in another status was a rumour (see OnWelcomeOfTheUnknown), not a member that was removed.
            bool wasGoing = unasked || member.Status is MemberStatus.Down or MemberStatus.Exiting;
            if (wasGoing && !after.Has(member.UniqueAddress)) gone = gone.Add(member.UniqueAddress);
        }

        return gone.Length <= GoneRemembered ? gone : gone.RemoveRange(0, gone.Length - GoneRemembered);
    }

    /// <summary>Adopts a change made by this node itself.</summary>
    private void AdoptChange(Gossip changed)
    {
        // Nobody was told what has only come about now, not even who has just told of what it comes from.
        _told.Clear();
        Gossip counted = changed.Changed(Self);
        bool going = _state.ExitingTasksRun || changed.Find(Self)?.Status == MemberStatus.Exiting;
        Adopt(going ? counted with { Seen = [] } : counted);
    }

    private void Send(Address to, IClusterMessage message) => _effects.Add(new ClusterEffect.Send(to, message));

    private void Reply(IClusterMessage message) => _effects.Add(new ClusterEffect.Reply(message));

    private void Note(NoteLevel level, string text, params ImmutableArray<object> arguments) =>
        _effects.Add(new ClusterEffect.Log(level, text, arguments));

    private void Stop(bool wasDown)
    {
        _state = _state with { Phase = NodePhase.Stopped, PushAt = null, GiveUpAt = null };
        _effects.Add(new ClusterEffect.Stop(wasDown));
    }
}
