using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.SBR;

namespace Akka.Cluster.Membership;

/// <summary>How far a node is with the cluster.</summary>
internal enum NodePhase
{
    /// <summary>Nobody told it whom to join.</summary>
    Outside,

    /// <summary>Asking seed nodes whether there is a cluster.</summary>
    AskingSeeds,

    /// <summary>Sent a Join, waiting for the Welcome.</summary>
    Joining,

    /// <summary>Part of a cluster, in whatever status.</summary>
    Inside,

    /// <summary>Stopped; says and hears nothing any more.</summary>
    Stopped,
}

/// <summary>
/// All that one node knows and intends. <see cref="ClusterNode.Step"/> is the only way from one state to the next.
/// </summary>
internal sealed record ClusterNodeState(UniqueAddress Self, ClusterNodeSettings Settings, Chance Chance)
{
    public NodePhase Phase { get; init; } = NodePhase.Outside;

    public Gossip Gossip { get; init; } = Gossip.Empty;

    /// <summary>Seeds of the current attempt to get in; empty after a direct join.</summary>
    public ImmutableArray<Address> Seeds { get; init; } = [];

    public SeedSearch? Search { get; init; }

    /// <summary>Whose Welcome is awaited, until when, and when the Join is said again.</summary>
    public JoinAttempt? Attempt { get; init; }

    /// <summary>When the whole search for a cluster is given up; null never.</summary>
    public TimeSpan? GiveUpAt { get; init; }

    /// <summary>Exiting members that said they are done.</summary>
    public ImmutableArray<UniqueAddress> ExitingConfirmed { get; init; } = [];

    /// <summary>
    /// Lives that this node has seen removed, oldest first. Not in Akka.NET: its gossip has no tombstones, so a state
    /// that was held up on its way, from before the removal, would bring the dead back when it is merged.
    /// </summary>
    public ImmutableArray<UniqueAddress> Gone { get; init; } = [];

    /// <summary>Members that have refused this life for good.</summary>
    public ImmutableArray<UniqueAddress> RefusedBy { get; init; } = [];

    /// <summary>Seeds that have refused this life for good before it was let in, or that it has quarantined.</summary>
    public ImmutableArray<Address> RefusedBySeeds { get; init; } = [];

    /// <summary>When a newcomer says its Join once more.</summary>
    public TimeSpan KnockAt { get; init; }

    /// <summary>
    /// The node's own shutdown runs; it marks nothing as seen any more, or the leader would wait for it.
    /// </summary>
    public bool ExitingTasksRun { get; init; }

    /// <summary>
    /// Next tick of gossip; a tick comes three times per interval, and mostly only every third one counts.
    /// </summary>
    public TimeSpan GossipAt { get; init; }

    public int GossipTick { get; init; }

    public TimeSpan LeaderActionsAt { get; init; }

    /// <summary>Since when the members do not agree, as the leader's ticks saw it.</summary>
    public TimeSpan? DisagreeingSince { get; init; }

    /// <summary>Leader ticks since the node found itself Down.</summary>
    public int TicksDown { get; init; }

    /// <summary>Who was told a state that it had not seen, and when, and has said nothing since.</summary>
    public ImmutableSortedDictionary<UniqueAddress, TimeSpan> Unanswered { get; init; } =
        ImmutableSortedDictionary<UniqueAddress, TimeSpan>.Empty;

    /// <summary>What was told the leader last; null before the first.</summary>
    public ReportToLeader? Report { get; init; }

    /// <summary>When the change that waits is gossiped; null when none waits.</summary>
    public TimeSpan? PushAt { get; init; }

    /// <summary>No burst before this moment.</summary>
    public TimeSpan PushNotBefore { get; init; }

    /// <summary>Who is to be told the present state when all that has arrived is heard; sorted.</summary>
    public ImmutableArray<UniqueAddress> Owed { get; init; } = [];

    public LastWords? LastWords { get; init; }

    public SplitBrainState Downing { get; init; } = SplitBrainState.Calm;

    /// <summary>The claim to the lease by which a split is decided, if it is.</summary>
    public LeaseClaim Lease { get; init; } = LeaseClaim.None;

    /// <summary>When the downing rules can decide first, between the leader's ticks; null when nothing is
    /// undecided.</summary>
    public TimeSpan? DowningAt { get; init; }

    public Member? SelfMember => Gossip.Find(Self);

    /// <summary>When <see cref="Wake"/> is due next, or null when there is nothing to wait for.</summary>
    public TimeSpan? WakeAt
    {
        get
        {
            TimeSpan? first = null;
            Consider(ref first, GiveUpAt);
            switch (Phase)
            {
                case NodePhase.AskingSeeds:
                    Consider(ref first, Search!.AskAt);
                    Consider(ref first, Search.FoundAt);
                    break;
                case NodePhase.Joining:
                    Consider(ref first, Attempt!.Deadline);
                    Consider(ref first, Attempt.RetryAt);
                    break;
                case NodePhase.Inside:
                    Consider(ref first, GossipAt);
                    Consider(ref first, LeaderActionsAt);
                    Consider(ref first, PushAt);
                    Consider(ref first, DowningAt);
                    break;
                case NodePhase.Stopped:
                    return null;
            }

            return first;
        }
    }

    private static void Consider(ref TimeSpan? first, TimeSpan? moment)
    {
        if (moment is not null && (first is null || moment < first)) first = moment;
    }
}

/// <summary>Asking the seeds.</summary>
/// <param name="Asked">Who is asked; for the first seed, who has not said no yet.</param>
/// <param name="AskAt">When to ask again.</param>
/// <param name="FoundAt">When the first seed founds the cluster itself; null for all others.</param>
/// <param name="Since">When it began.</param>
/// <param name="Pause">How long to wait after the next question.</param>
/// <param name="Attempts">How often a whole <see cref="ClusterNodeSettings.SeedNodeTimeout"/> went by in vain.</param>
internal sealed record SeedSearch(
    ImmutableArray<Address> Asked,
    TimeSpan AskAt,
    TimeSpan? FoundAt,
    TimeSpan Since,
    TimeSpan Pause,
    int Attempts = 0);

/// <summary>Who was told one state, and when last.</summary>
internal sealed record LastWords(Gossip Gossip)
{
    public ImmutableSortedDictionary<UniqueAddress, TimeSpan> At { get; init; } =
        ImmutableSortedDictionary<UniqueAddress, TimeSpan>.Empty;
}

/// <summary>Which version a leader was told, with this node's mark if it makes one.</summary>
internal sealed record ReportToLeader(UniqueAddress Leader, VectorClock Version, TimeSpan At);

internal sealed record JoinAttempt(Address With, TimeSpan? Deadline, TimeSpan RetryAt);
