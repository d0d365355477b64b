using System.Globalization;

namespace Iridium.Simulation.Faults;

/// <summary>What can go wrong, or is done to a cluster. Each ends by itself, so each can be left out of a
/// story.</summary>
internal enum FaultKind
{
    /// <summary>The process is killed; after the span it is started again on the same address, as a new life.</summary>
    Crash,

    /// <summary>The machine loses power: as a crash, but nobody closes its connections.</summary>
    PowerCut,

    /// <summary>The process is stopped in mid-air and goes on after the span.</summary>
    Pause,

    /// <summary>Nothing passes between the chosen nodes and the others.</summary>
    Part,

    /// <summary>Nothing passes from one node to another; the way back is open.</summary>
    OneWay,

    /// <summary>Two nodes do not hear each other; everybody else hears both.</summary>
    Pair,

    /// <summary>A link that is cut and healed again and again.</summary>
    Flap,

    /// <summary>A share of all packets is lost everywhere.</summary>
    Loss,

    /// <summary>A node leaves in good order, and is started again after the span.</summary>
    Leave,

    /// <summary>A person says that a node is dead, whether it is or not.</summary>
    Down,

    /// <summary>The streams between two nodes are reset, again and again. Whole nodes only, as all that
    /// follow.</summary>
    Reset,

    /// <summary>What a node sends and hears takes long, and longer sometimes than at others.</summary>
    Delay,

    /// <summary>A node's links carry little.</summary>
    Slow,

    /// <summary>A node's processor is busy with other things.</summary>
    Starve,

    /// <summary>A node's wall clock jumps by an hour; the monotonic one does not.</summary>
    Clock,
}

/// <summary>One fault of a story.</summary>
/// <param name="Node">Who it strikes.</param>
/// <param name="Other">Whom else, where two are needed.</param>
/// <param name="Side">For a partition, the bits of the nodes on one side.</param>
/// <param name="Share">Of what is lost.</param>
internal sealed record Fault(
    FaultKind Kind, TimeSpan At, TimeSpan Span, int Node, int Other = 0, int Side = 0, double Share = 0)
{
    public TimeSpan End => At + Span;

    /// <summary>By how much a clock jumps.</summary>
    public TimeSpan ClockError => TimeSpan.FromHours((Side & 1) == 0 ? 1 : -1);

    /// <summary>What a delayed packet takes at most.</summary>
    public TimeSpan LongestDelay => TimeSpan.FromSeconds(Share * 2);

    public override string ToString()
    {
        string what = Kind switch
        {
            FaultKind.Part => $"part {{{string.Join(",", Enumerable.Range(0, 31).Where(bit => (Side >> bit & 1) == 1))}}}",
            FaultKind.OneWay => $"cut {Node}>{Other}",
            FaultKind.Pair => $"cut {Node}<>{Other}",
            FaultKind.Flap => $"flap {Node}<>{Other}",
            FaultKind.Loss => $"lose {Share:P0}",
            FaultKind.PowerCut => $"power cut {Node}",
            FaultKind.Reset => $"reset {Node}<>{Other}",
            FaultKind.Clock => $"clock of {Node} {(ClockError > TimeSpan.Zero ? "forward" : "back")}",
            _ => $"{Kind.ToString().ToLowerInvariant()} {Node}",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{At.TotalSeconds,7:F1} s  {what} for {Span.TotalSeconds:F1} s");
    }
}
