using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>
/// One node of a cluster as a pure function: state, input and time in; state and effects out. It sends nothing, reads
/// no clock and draws no chance but its state's own, so the daemon actor and a simulation run the very same rules.
/// </summary>
internal static class ClusterNode
{
    /// <summary>A node that is outside of every cluster.</summary>
    /// <param name="seed">Of the node's own stream of chance.</param>
    public static ClusterNodeState Start(UniqueAddress self, ClusterNodeSettings settings, ulong seed) =>
        new(self, settings, new Chance(seed));

    /// <param name="input">A message of a peer or a command.</param>
    /// <param name="now">Monotonic, since any fixed moment.</param>
    public static (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) Step(
        ClusterNodeState state, IClusterMessage input, TimeSpan now)
    {
        if (state.Phase == NodePhase.Stopped) return (state, []);
        var turn = new ClusterTurn(state, now);
        turn.Hear(input);
        return turn.Finish();
    }

    /// <inheritdoc cref="Step(ClusterNodeState, IClusterMessage, TimeSpan)"/>
    public static (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) Step(
        ClusterNodeState state, IClusterCommand input, TimeSpan now)
    {
        if (state.Phase == NodePhase.Stopped) return (state, []);
        var turn = new ClusterTurn(state, now);
        turn.Obey(input);
        return turn.Finish();
    }
}
