namespace Akka.Cluster;

/// <summary>Where a member stands in its life. The numbers are those of the wire.</summary>
public enum MemberStatus
{
    /// <summary>Asked to join and is known, but not yet admitted by the leader.</summary>
    Joining = 0,

    /// <summary>A full member.</summary>
    Up = 1,

    /// <summary>Asked to go; the leader has not confirmed it yet.</summary>
    Leaving = 2,

    /// <summary>Going: everyone has seen that it leaves, its own shutdown runs.</summary>
    Exiting = 3,

    /// <summary>Declared dead by a person or by the downing provider.</summary>
    Down = 4,

    /// <summary>No longer a member. Never travels on the wire: absence says it.</summary>
    Removed = 5,

    /// <summary>Admitted while the members could not all agree because some are unreachable.</summary>
    WeaklyUp = 6,
}

/// <summary>Which status may follow which.</summary>
internal static class MemberTransitions
{
    private static readonly MemberStatus[] FromWeaklyUp =
        [MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed];

    private static readonly MemberStatus[][] Allowed =
    [
        /* Joining  */ [MemberStatus.WeaklyUp, .. FromWeaklyUp],
        /* Up       */ [MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed],
        /* Leaving  */ [MemberStatus.Exiting, MemberStatus.Down, MemberStatus.Removed],
        /* Exiting  */ [MemberStatus.Removed, MemberStatus.Down],
        /* Down     */ [MemberStatus.Removed],
        /* Removed  */ [],
        /* WeaklyUp */ FromWeaklyUp,
    ];

    public static bool Allows(MemberStatus from, MemberStatus to) => Array.IndexOf(Allowed[(int)from], to) >= 0;
}
