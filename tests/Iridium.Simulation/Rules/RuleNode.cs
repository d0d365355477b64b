using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Iridium.Actors.Node;
using Iridium.Simulation.Invariants;

namespace Iridium.Simulation.Rules;

/// <summary>One address in a simulation of the membership rules, and the life that runs there now.</summary>
internal sealed class RuleNode(int index, Address address) : INodeView
{
    public int Index { get; } = index;

    public Address Address { get; } = address;

    /// <summary>Which life this is, from 1; 0 before the first.</summary>
    public int Life { get; private set; }

    public bool Alive { get; private set; }

    /// <summary>How many faults hold it in mid-air.</summary>
    public int Pauses { get; set; }

    public ClusterNodeState State { get; set; } = null!;

    /// <summary>The earliest wake that is planned.</summary>
    public long PlannedWake { get; set; }

    /// <summary>When each node, by uid, last answered a heartbeat of this life.</summary>
    public Dictionary<int, long> Heard { get; } = [];

    /// <summary>Uids that this life refuses to talk to ever again.</summary>
    public HashSet<int> Quarantined { get; } = [];

    /// <summary>Uids that this life has seen removed.</summary>
    public HashSet<int> Removed { get; } = [];

    /// <summary>Its name for people, if another node of the story has the same.</summary>
    public string? Alias { get; init; }

    /// <summary>Whom this life knows by name.</summary>
    public MemberView Names { get; private set; } = new();

    /// <summary>Whether this life leaves because somebody else has its name.</summary>
    public bool GivesWay { get; set; }

    /// <summary>What would have happened while it was paused.</summary>
    public List<RuleEvent> Held { get; } = [];

    /// <summary>For how many seconds it has been content with what it knows.</summary>
    public int SettledFor { get; set; }

    public UniqueAddress Self => State.Self;

    Gossip INodeView.Gossip => IsInside ? State.Gossip : Gossip.Empty;

    public bool Runs => Alive && Pauses == 0;

    public bool IsInside => Alive && State.Phase == NodePhase.Inside;

    public void Start(int uid, ClusterNodeSettings settings, ulong seed)
    {
        Life++;
        Alive = true;
        if (Alias is not null) settings = settings with { Roles = [Iridium.Actors.Node.Alias.RoleOf(Alias)] };
        State = ClusterNode.Start(new UniqueAddress(Address, uid), settings, seed);
        PlannedWake = long.MaxValue;
        SettledFor = 0;
        Heard.Clear();
        Quarantined.Clear();
        Removed.Clear();
        Held.Clear();
        Names = new MemberView();
        GivesWay = false;
    }

    public void End()
    {
        Alive = false;
        Held.Clear();
    }

    public override string ToString() => Life == 1 ? $"n{Index}" : $"n{Index}~{Life}";
}

internal enum RuleEventKind
{
    Message,
    Wake,
    Reap,
    Start,
    ExitingCompleted,
    ShutdownTimesOut,

    /// <summary>In the places of the sender: the question's number, and 1 if the lease was granted.</summary>
    LeaseAnswer,
    FaultBegins,
    FaultEnds,
    Check,
}

/// <summary>Something that happens to a node. The life must still be the same, or it is lost.</summary>
internal readonly record struct RuleEvent(
    RuleEventKind Kind, int Node, int Life, IClusterMessage? Message = null, int From = 0, int FromLife = 0);
