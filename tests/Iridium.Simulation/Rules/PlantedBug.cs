using System.Collections.Immutable;
using Akka.Cluster;
using Akka.Cluster.Membership;

namespace Iridium.Simulation.Rules;

using Outcome = (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects);

/// <summary>
/// A mistake that somebody could make in the rules, put around the right ones. The simulator must find each of them, or
/// its silence about the right rules means nothing.
/// </summary>
internal abstract class PlantedBug
{
    public string Name => GetType().Name;

    public virtual ClusterNodeSettings Configure(ClusterNodeSettings settings) => settings;

    /// <summary>The uid of the next life, if the bug has an idea of its own.</summary>
    public virtual int? Uid(RuleNode node) => null;

    public virtual IClusterMessage Hear(RuleNode node, IClusterMessage message) => message;

    public virtual ImmutableArray<UniqueAddress> Reap(RuleNode node, ImmutableArray<UniqueAddress> silent) => silent;

    /// <param name="node">A node that shares its name with others.</param>
    /// <param name="mustGo">Whether it should leave for one of them.</param>
    public virtual bool GivesWay(RuleNode node, bool mustGo) => mustGo;

    /// <param name="granted">What whoever keeps the lease has answered.</param>
    public virtual bool TakesForGranted(bool granted) => granted;

    public virtual Outcome Step(ClusterNodeState before, IClusterMessage? heard, Outcome outcome) => outcome;
}
