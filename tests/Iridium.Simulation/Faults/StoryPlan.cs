using System.Collections.Immutable;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Faults;

/// <summary>
/// What a seed tells: how many nodes, when each starts, and which faults meet them. The faults are drawn from a random
/// subset of the kinds, so that some seeds are all partitions and some all restarts.
/// </summary>
/// <param name="Calm">Every fault is over, and its consequences are, before the next begins. Only then can a cluster
/// without consensus promise never to split: a decision rests on all of one side seeing the same for a while.</param>
internal sealed record StoryPlan(
    ulong Seed, int Nodes, ImmutableArray<TimeSpan> Starts, ImmutableArray<Fault> Faults, TimeSpan StableAfter, bool Calm)
{
    /// <summary>No fault before this: the first node founds the cluster in peace.</summary>
    private static readonly TimeSpan _peace = TimeSpan.FromSeconds(2);

    /// <summary>When the last fault has ended, if each begins when the plan says.</summary>
    public TimeSpan Healed =>
        Faults.IsEmpty ? Starts.Max() + _peace : Faults.Max(fault => fault.End) + TimeSpan.FromSeconds(1);

    public static StoryPlan FromSeed(ulong seed, StoryLimits limits)
    {
        var chance = new SeedRandom(SeedRandom.Scramble(seed + 1));
        SeedRandom shape = chance.Split("shape");
        int nodes = shape.Next(limits.LeastNodes, limits.MostNodes + 1);
        // The first node founds the cluster; the rest come at once, or drop in one by one.
        TimeSpan spread = shape.OneIn(3) ? TimeSpan.FromSeconds(8) : TimeSpan.FromSeconds(1);
        ImmutableArray<TimeSpan> starts =
            [TimeSpan.Zero, .. Enumerable.Range(1, nodes - 1).Select(_ => shape.Between(TimeSpan.Zero, spread))];

        SeedRandom faults = chance.Split("faults");
        FaultKind[] kinds = [.. limits.Kinds.Where(_ => faults.OneIn(2))];
        if (kinds.Length == 0) kinds = [faults.Pick(limits.Kinds)];
        bool calm = !shape.OneIn(limits.WildOneIn);
        int count = faults.Next((calm ? limits.MostCalmFaults : limits.MostFaults) + 1);
        TimeSpan earliest = !calm && shape.OneIn(4) ? _peace : spread + TimeSpan.FromSeconds(6);
        IEnumerable<Fault> drawn = Enumerable.Range(0, count)
            .Select(_ => Draw(faults, kinds, nodes, earliest, limits, calm ? 0.1 : 0.3));
        if (calm) drawn = OneAfterTheOther(drawn, earliest, CalmPace.LongestGap(limits.StableAfter));
        return new StoryPlan(seed, nodes, starts, [.. drawn.OrderBy(fault => fault.At)], limits.StableAfter, calm);
    }

    public StoryPlan Without(int fault) => this with { Faults = Faults.RemoveAt(fault) };

    /// <summary>Leaves out one fault after the other, again and again, as long as the story still fails.</summary>
    public StoryPlan Shrunk(Func<StoryPlan, bool> fails)
    {
        StoryPlan plan = this;
        for (int fault = 0; fault < plan.Faults.Length;)
        {
            if (fails(plan.Without(fault))) (plan, fault) = (plan.Without(fault), 0);
            else fault++;
        }
        return plan;
    }

    public IEnumerable<string> ToLines() =>
        [$"{Nodes} nodes, starting at {string.Join(", ", Starts.Select(start => $"{start.TotalSeconds:F1}"))} s",
            .. Faults.Select(fault => fault.ToString())];

    private static IEnumerable<Fault> OneAfterTheOther(IEnumerable<Fault> faults, TimeSpan from, TimeSpan gap)
    {
        foreach (Fault fault in faults)
        {
            yield return fault with { At = from };
            from += fault.Span + gap;
        }
    }

    private static Fault Draw(
        SeedRandom chance, FaultKind[] kinds, int nodes, TimeSpan from, StoryLimits limits, double mostLoss)
    {
        FaultKind kind = chance.Pick(kinds);
        TimeSpan at = chance.Between(from, from + limits.Window);
        // Spans on both sides of what the failure detector forgives.
        TimeSpan span = chance.OneIn(3)
            ? chance.Between(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(4))
            : chance.Between(TimeSpan.FromSeconds(4), limits.LongestSpan);
        int node = chance.Next(nodes);
        int other = (node + 1 + chance.Next(nodes - 1)) % nodes;
        int side = 1 + chance.Next((1 << nodes) - 2);
        return new Fault(kind, at, span, node, other, side, chance.NextDouble() * mostLoss);
    }
}
