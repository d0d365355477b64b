using System.Collections.Immutable;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Cluster.SBR;

namespace Iridium.Simulation.Rules;

using Outcome = (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects);

/// <summary>The mistakes, one class each, named after what they do wrong.</summary>
internal static class PlantedBugs
{
    public static readonly IReadOnlyList<PlantedBug> All =
    [
        new MarksChangesAsSeenByAll(), new RemembersTheDeadInItsClock(), new StaysWhenItIsDown(), new NeverComplains(),
        new NeverAnswersGossip(), new DropsWelcomes(), new LetsTheMinorityStay(), new DecidesNothing(),
        new DownsWhoeverIsUnreachable(), new NumbersEverybodyOne(), new ForgetsWhoWasRemoved(), new KeepsWhoIsDown(),
        new SleepsThroughItsTicks(), new IgnoresJoins(), new TakesGossipForOthers(),
        new KeepsItsName(), new GivesWayToWhoeverHasItsName(), new TakesNoForYes(),
    ];

    /// <summary>Marks its own changes as seen by everybody: the leader never waits.</summary>
    private sealed class MarksChangesAsSeenByAll : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome)
        {
            Gossip after = outcome.State.Gossip;
            if (ReferenceEquals(before.Gossip, after) || after.Seen.Length != 1) return outcome;
            return Holding(outcome, after with { Seen = after.Members.Nodes() });
        }
    }

    /// <summary>Removes members, but not their entries in the clock.</summary>
    private sealed class RemembersTheDeadInItsClock : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome)
        {
            Gossip after = outcome.State.Gossip;
            return before.Gossip.Members.Length <= after.Members.Length || after.Members.IsEmpty
                ? outcome
                : Holding(outcome, after with { Version = after.Version.Merge(before.Gossip.Version) });
        }
    }

    /// <summary>Finds itself Down and goes on.</summary>
    private sealed class StaysWhenItIsDown : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            outcome.State.Phase == NodePhase.Stopped
                ? (outcome.State with { Phase = NodePhase.Inside }, Without<ClusterEffect.Stop>(outcome.Effects))
                : outcome;
    }

    /// <summary>Its failure detector sleeps.</summary>
    private sealed class NeverComplains : PlantedBug
    {
        public override ImmutableArray<UniqueAddress> Reap(RuleNode node, ImmutableArray<UniqueAddress> silent) => [];
    }

    /// <summary>Takes gossip and never says that it has.</summary>
    private sealed class NeverAnswersGossip : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            (outcome.State, outcome.Effects.RemoveAll(Says<GossipEnvelope>));
    }

    /// <summary>Lets newcomers in without telling them.</summary>
    private sealed class DropsWelcomes : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            (outcome.State, outcome.Effects.RemoveAll(Says<Welcome>));
    }

    /// <summary>The smaller side stays, too.</summary>
    private sealed class LetsTheMinorityStay : PlantedBug
    {
        public override ClusterNodeSettings Configure(ClusterNodeSettings settings) =>
            settings with { Downing = settings.Downing! with { Strategy = new ThisSideStays() } };

        private sealed record ThisSideStays : DowningStrategy
        {
            protected override SplitDecision Judge(SplitView view) => SplitDecision.DownUnreachable;
        }
    }

    /// <summary>Nobody resolves a split.</summary>
    private sealed class DecidesNothing : PlantedBug
    {
        public override ClusterNodeSettings Configure(ClusterNodeSettings settings) => settings with { Downing = null };
    }

    /// <summary>Whoever cannot be reached is dead: what is called auto-down.</summary>
    private sealed class DownsWhoeverIsUnreachable : PlantedBug
    {
        public override ImmutableArray<UniqueAddress> Reap(RuleNode node, ImmutableArray<UniqueAddress> silent)
        {
            foreach (UniqueAddress peer in silent)
                (node.State, _) = ClusterNode.Step(node.State, new Down(peer.Address), TimeSpan.Zero);
            return silent;
        }
    }

    /// <summary>Everybody becomes Up as the first.</summary>
    private sealed class NumbersEverybodyOne : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome)
        {
            Gossip after = outcome.State.Gossip;
            if (!after.Members.Any(member => member.Status == MemberStatus.Up && member.UpNumber > 1)) return outcome;
            return Holding(outcome, after with
            {
                Members = [.. after.Members.Select(member => member.Status == MemberStatus.Up ? First(member) : member)],
            });
        }

        private static Member First(Member member) =>
            new(member.UniqueAddress, 1, member.Status, member.Roles, member.AppVersion);
    }

    /// <summary>Has no memory of removals, and no newcomer waits: late gossip wins the dead back.</summary>
    private sealed class ForgetsWhoWasRemoved : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            (outcome.State with { Gone = [] }, outcome.Effects);
    }

    /// <summary>Merges back whom the other side removed.</summary>
    private sealed class KeepsWhoIsDown : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome)
        {
            if (heard is not GossipEnvelope || outcome.State.Phase != NodePhase.Inside) return outcome;
            Gossip after = outcome.State.Gossip;
            foreach (Member member in before.Gossip.Members)
            {
                if (member.Status == MemberStatus.Down && !after.Has(member.UniqueAddress)) after = after.With(member);
            }
            return ReferenceEquals(after, outcome.State.Gossip) ? outcome : Holding(outcome, after);
        }
    }

    /// <summary>Its leader acts only once in a blue moon.</summary>
    private sealed class SleepsThroughItsTicks : PlantedBug
    {
        public override ClusterNodeSettings Configure(ClusterNodeSettings settings) =>
            settings with { LeaderActionsInterval = TimeSpan.FromMinutes(10), ActOnConvergence = false };
    }

    /// <summary>Says that there is a cluster, and lets nobody in.</summary>
    private sealed class IgnoresJoins : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            heard is Join ? (before, []) : outcome;
    }

    /// <summary>Does not look to whom gossip is addressed, nor whether it is in it.</summary>
    private sealed class TakesGossipForOthers : PlantedBug
    {
        public override Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) =>
            heard is GossipEnvelope envelope && before.Phase == NodePhase.Inside
                && before.Gossip.Version.CompareTo(envelope.Gossip.Version) == ClockOrder.Concurrent
                ? Holding(outcome, envelope.Gossip)
                : outcome;
    }

    /// <summary>Stays whoever has its name.</summary>
    private sealed class KeepsItsName : PlantedBug
    {
        public override bool GivesWay(RuleNode node, bool mustGo) => false;
    }

    /// <summary>Does not ask who of the two is older.</summary>
    private sealed class GivesWayToWhoeverHasItsName : PlantedBug
    {
        public override bool GivesWay(RuleNode node, bool mustGo) =>
            mustGo || node.Names.Holders(node.Self).Any(each => !each.IsSelf && each.Alias == node.Alias && each.IsReachable);
    }

    /// <summary>Decides as if it had the lease, whatever it was told.</summary>
    private sealed class TakesNoForYes : PlantedBug
    {
        public override bool TakesForGranted(bool granted) => true;
    }

    private static Outcome Holding(Outcome outcome, Gossip gossip) =>
        (outcome.State with { Gossip = gossip }, outcome.Effects);

    private static ImmutableArray<ClusterEffect> Without<T>(ImmutableArray<ClusterEffect> effects) =>
        effects.RemoveAll(effect => effect is T);

    private static bool Says<T>(ClusterEffect effect) =>
        effect is ClusterEffect.Reply { Message: T } or ClusterEffect.Answer { Message: T }
            or ClusterEffect.Send { Message: T };
}
