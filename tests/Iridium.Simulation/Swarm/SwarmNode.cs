using Akka.Cluster;
using Akka.Cluster.Membership;
using Iridium.Simulation.Invariants;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Swarm;

/// <summary>A whole node of a random story: the machine, its present life, and what holds it.</summary>
internal sealed class SwarmNode(int index, WholeNode whole) : INodeView
{
    public int Index { get; } = index;

    public WholeNode Whole { get; } = whole;

    /// <summary>The present life, or the last.</summary>
    public Life? Life { get; set; }

    /// <summary>How many faults hold it in mid-air.</summary>
    public int Pauses { get; set; }

    /// <summary>How many faults keep it from being started again.</summary>
    public int Kept { get; set; }

    public TimeSpan ResumedAt { get; set; } = TimeSpan.MinValue;

    /// <summary>For how many seconds it has been content with what it knows.</summary>
    public int SettledFor { get; set; }

    public bool Runs => Whole.Runs;

    public UniqueAddress Self => Whole.Cluster!.SelfUniqueAddress;

    public Gossip Gossip => Runs ? Whole.Cluster!.View.Gossip : Gossip.Empty;

    public override string ToString() => Life?.ToString() ?? Whole.ToString();
}
