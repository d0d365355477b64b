namespace Akka.Cluster.Membership;

/// <summary>
/// How much a node should doubt itself before it accuses others (after Lifeguard, Dadgar et al. 2018): each time its own
/// timer comes late it knows that it may have missed what the others said in time. A starved node so becomes patient, a
/// healthy one accuses as fast as ever.
/// </summary>
/// <param name="Score">0 for healthy, up to <see cref="Most"/>.</param>
internal readonly record struct LocalHealth(int Score)
{
    /// <summary>With half a second each, 4 s more: about twice what the failure detector takes.</summary>
    public const int Most = 8;

    /// <summary>Two of the 150 ms in which a suspect is asked; what a machine that is merely busy stays below.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(300);

    /// <summary>A timer came, so much later than it was due.</summary>
    public LocalHealth After(TimeSpan late) =>
        late > Lateness ? new(Math.Min(Most, Score + 1)) : new(Math.Max(0, Score - 1));
}
