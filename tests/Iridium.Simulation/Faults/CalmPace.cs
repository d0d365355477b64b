namespace Iridium.Simulation.Faults;

/// <summary>
/// When the next fault of a calm story begins: when the last is over and all agree again. The quiet time that would
/// follow is skipped, because nothing is found in it.
/// </summary>
/// <param name="decision">What the resolver may wait for beyond its own patience: the answer of a lease.</param>
internal sealed class CalmPace(StoryPlan plan, TimeSpan decision = default)
{
    /// <summary>What it takes at most from a change of the network until nobody has anything left to decide, beyond the
    /// resolver's patience: to notice, to agree, to remove, to come back.</summary>
    private static readonly TimeSpan _aftermath = TimeSpan.FromSeconds(16);

    /// <summary>A node may notice so late what the fault did to it, though all seem to agree.</summary>
    private static readonly TimeSpan _shortestGap = TimeSpan.FromSeconds(4);

    private int _next;
    private TimeSpan _earliest = plan.Starts.Max() + TimeSpan.FromSeconds(2);
    private TimeSpan _latest = plan.Starts.Max() + LongestGap(plan.StableAfter) + decision;

    /// <summary>When the last fault has ended; null before it has begun.</summary>
    public TimeSpan? Healed { get; private set; } = plan.Faults.IsEmpty ? plan.Healed : null;

    public static TimeSpan LongestGap(TimeSpan stableAfter) => _aftermath + stableAfter;

    /// <summary>Whether all should agree by now, and do not.</summary>
    public bool IsOverdue(TimeSpan now, Func<bool> allAgree) => Healed is null && now >= _latest && !allAgree();

    /// <summary>The fault that begins within the next second, or null.</summary>
    public Fault? Next(TimeSpan now, Func<bool> allAgree)
    {
        if (Healed is not null || now < _earliest || !allAgree()) return null;
        Fault planned = plan.Faults[_next++];
        var fault = planned with { At = now + new TimeSpan(planned.At.Ticks % TimeSpan.TicksPerSecond) };
        // A stream that was silent is retransmitted late, about as much later as it was silent.
        _earliest = fault.End + fault.Span / 2 + _shortestGap;
        _latest = fault.End + LongestGap(plan.StableAfter) + decision;
        if (_next == plan.Faults.Length) Healed = fault.End + TimeSpan.FromSeconds(1);
        return fault;
    }
}
