using Akka.Cluster;
using Akka.Cluster.Membership;
using Iridium.Actors.Node;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Rules;

/// <summary>Nodes that were given one name: each judges by what it knows of the members whether it has to leave, as an
/// Iridium node does.</summary>
internal sealed partial class RuleCluster
{
    private const string Namesake = "twin";
    private const int NamesakesInOneOf = 4;

    private static int[] NamesakesOf(StoryPlan plan, SeedRandom chance)
    {
        if (!chance.OneIn(NamesakesInOneOf)) return [];
        int[] nodes = [.. Enumerable.Range(0, plan.Nodes)];
        chance.Shuffle(nodes);
        return nodes[..chance.Next(2, Math.Min(3, plan.Nodes) + 1)];
    }

    private static void Learn(RuleNode node, ClusterEvent.IClusterDomainEvent happened)
    {
        switch (happened)
        {
            case ClusterEvent.MemberRemoved removed: node.Names.Remove(removed.Member.UniqueAddress); break;
            case ClusterEvent.IMemberEvent changed: node.Names.Set(changed.Member); break;
            case ClusterEvent.UnreachableMember lost: node.Names.SetReachable(lost.Member.UniqueAddress, false); break;
            case ClusterEvent.ReachableMember found: node.Names.SetReachable(found.Member.UniqueAddress, true); break;
        }
    }

    private void JudgeAlias(RuleNode node)
    {
        if (!node.IsInside || node.GivesWay) return;
        if (node.State.SelfMember is not { } self || !MemberView.IsStaying(self)) return;
        AliasHolder? holder = AliasRule.LosesTo(Namesake, node.Names.Holders(node.Self));
        if (_bug is null ? holder is null : !_bug.GivesWay(node, holder is not null)) return;
        Note(node, $"gives way to {holder?.Address ?? "nobody"}");
        node.GivesWay = true;
        Leave(node);
    }
}
