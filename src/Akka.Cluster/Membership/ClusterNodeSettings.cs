using System.Collections.Immutable;
using Akka.Cluster.SBR;
using Akka.Util;

namespace Akka.Cluster.Membership;

/// <summary>
/// What the rules of membership depend on. The defaults are those of Akka.NET; what it has not is told apart.
/// </summary>
internal sealed record ClusterNodeSettings
{
    public ImmutableHashSet<string> Roles { get; init; } = [];

    public AppVersion AppVersion { get; init; } = AppVersion.Zero;

    /// <summary>Nobody becomes Up before this many members are there.</summary>
    public int MinNrOfMembers { get; init; } = 1;

    /// <summary>The same per role.</summary>
    public ImmutableSortedDictionary<string, int> MinNrOfMembersOfRole { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public TimeSpan PeriodicTasksInitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LeaderActionsInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a seed process waits: the first seed before it founds a cluster of its own.</summary>
    public TimeSpan SeedNodeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a Welcome before starting over; null for ever.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Give up and shut down when no seed let the node in for so long; null never.</summary>
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; init; }

    /// <summary>After so long without agreement newcomers become WeaklyUp; null never.</summary>
    public TimeSpan? WeaklyUpAfter { get; init; } = TimeSpan.FromSeconds(7);

    public double GossipDifferentViewProbability { get; init; } = 0.8;

    public int ReduceGossipDifferentViewProbability { get; init; } = 400;

    /// <summary>
    /// Not in Akka.NET: the leader acts as soon as all agree instead of at its next tick. Its decisions are the same.
    /// </summary>
    public bool ActOnConvergence { get; init; } = true;

    /// <summary>
    /// Not in Akka.NET: a change is gossiped at once to so many members that have not seen it, instead of to one at
    /// the next tick. 0 leaves it to the ticks.
    /// </summary>
    public int GossipOnChangeFanout { get; init; } = 4;

    /// <summary>
    /// Not in Akka.NET: at most one such burst in this time, so that many changes in a row travel together.
    /// </summary>
    public TimeSpan GossipOnChangeInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Not in Akka.NET: how soon to ask the seed nodes again, at first; the time doubles up to a second. Its 5 s are
    /// long for nodes that start at the same moment.
    /// </summary>
    public TimeSpan SeedNodeRetryInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Not in Akka.NET: how often to repeat an unanswered Join. A node that restarts on its old address is let in as
    /// soon as its former life is removed, instead of with its next attempt 10 s later.
    /// </summary>
    public TimeSpan JoinRetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Not in Akka.NET: a node whose own tick comes later than this was itself paused, and its clocks of patience stood
    /// still meanwhile.
    /// </summary>
    public TimeSpan OwnPauseTolerance { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The built-in downing rules; null leaves downing to people or to another provider.</summary>
    public SplitBrainRules? Downing { get; init; }

    public bool EnoughMembers(ImmutableArray<Member> members) =>
        members.Length >= MinNrOfMembers
        && MinNrOfMembersOfRole.All(rule => members.Count(member => member.HasRole(rule.Key)) >= rule.Value);
}
