using System.Collections.Immutable;
using Akka.Cluster.SBR;

namespace Akka.Cluster.Membership;

/// <summary>What the split-brain resolver decides, with a lease or without.</summary>
internal sealed partial class ClusterTurn
{
    private void TickDowning()
    {
        if (Settings.Downing is not { } rules) return;
        DownDecided(rules, _state.Downing.Tick(rules, Gossip, Self, now));
        if (rules.Strategy is LeaseMajority lease) TickLease(lease);
    }

    private void DownDecided(SplitBrainRules rules, ImmutableArray<UniqueAddress> nodes)
    {
        ImmutableArray<UniqueAddress> decided =
            [.. nodes.Where(node => Gossip.Find(node) is { Status: not MemberStatus.Down })];
        foreach (UniqueAddress node in decided)
        {
            Note(NoteLevel.Warning, "SBR took decision to down [{0}], strategy [{1}]", node.Address,
                rules.Strategy.GetType().Name);
            AdoptDown(Gossip.Find(node)!);
        }

        // All at once: whoever is Down and has heard of all others that are stops, and must not stop before this node has
        // heard from it.
        foreach (UniqueAddress node in decided) TellOfDown(node);
    }

    private void TickLease(LeaseMajority rule)
    {
        SplitView? split = _state.Downing.Due(Gossip, Self, now);
        bool anyDown = Gossip.Members.Any(member => member.Status == MemberStatus.Down);
        (LeaseClaim claim, LeaseStep step) = _state.Lease.Tick(rule, split, anyDown, now);
        _state = _state with { Lease = claim };
        switch (step)
        {
            case LeaseStep.Acquire:
                Note(NoteLevel.Info, "SBR trying to acquire lease, strategy [{0}]", nameof(LeaseMajority));
                _effects.Add(new ClusterEffect.AcquireLease(claim.Question));
                break;
            case LeaseStep.Release:
                Note(NoteLevel.Info, "SBR releasing lease");
                _effects.Add(new ClusterEffect.ReleaseLease());
                break;
            default:
                if (claim.Phase == LeasePhase.Waiting) _state = _state with { DowningAt = claim.At };
                break;
        }
    }

    /// <summary>
    /// Decides by what this node sees now, not by what it saw when it asked: a split that has healed meanwhile needs no
    /// decision. If the other side has taken the lease, it will say so.
    /// </summary>
    private void OnLeaseAnswered(LeaseAnswered answer)
    {
        if (Settings.Downing is not { Strategy: LeaseMajority rule } rules) return;
        if (!_state.Lease.Awaits(answer.Question))
        {
            // Too late: this node has decided that it would not get it. If it has asked again, the lease is what that asks
            // for: to give it back now could let both sides have it.
            bool wantsIt = _state.Lease.Phase is LeasePhase.Asked or LeasePhase.Held;
            if (answer.Granted && !wantsIt) _effects.Add(new ClusterEffect.ReleaseLease());
            return;
        }

        _state = _state with { Lease = _state.Lease.Answered(rule, answer.Granted, now) };
        if (_state.Phase != NodePhase.Inside || _state.SelfMember is null or { Status: MemberStatus.Down }) return;
        var view = new SplitView(Gossip, Self);
        if (answer.Granted) Note(NoteLevel.Info, "SBR acquired lease");
        else Note(NoteLevel.Warning, "SBR couldn't acquire lease{0}: this side goes", Reason(answer.Cause));
        if (!view.HasUnreachable) return;
        DownDecided(rules, answer.Granted ? rule.Decide(view) : rule.DecideWithoutLease(view));
    }

    private static string Reason(Exception? cause) => cause is null ? "" : $" ({cause.Message})";
}
