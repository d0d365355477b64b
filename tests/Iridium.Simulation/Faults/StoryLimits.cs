using System.Collections.Immutable;

namespace Iridium.Simulation.Faults;

/// <summary>What stories may be drawn.</summary>
internal sealed record StoryLimits
{
    /// <summary>For the membership rules alone.</summary>
    public static readonly StoryLimits Rules = new()
    {
        Kinds = [.. Enum.GetValues<FaultKind>().Where(kind => kind <= FaultKind.Down)],
    };

    /// <summary>For whole nodes: fewer and shorter faults, of all kinds. A whole node costs fifty times as
    /// much.</summary>
    public static readonly StoryLimits Whole = new()
    {
        Kinds = [.. Enum.GetValues<FaultKind>()],
        MostNodes = 5,
        MostFaults = 4,
        MostCalmFaults = 2,
        Window = TimeSpan.FromSeconds(15),
        LongestSpan = TimeSpan.FromSeconds(15),
    };

    public int LeastNodes { get; init; } = 2;

    public int MostNodes { get; init; } = 6;

    public int MostFaults { get; init; } = 5;

    public int MostCalmFaults { get; init; } = 3;

    /// <summary>One story in so many is wild: its faults overlap as they like.</summary>
    public int WildOneIn { get; init; } = 2;

    /// <summary>All faults of a wild story begin within it.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>No fault lasts longer.</summary>
    public TimeSpan LongestSpan { get; init; } = TimeSpan.FromSeconds(25);

    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(5);

    public required ImmutableArray<FaultKind> Kinds { get; init; }
}
