using System.Globalization;

namespace Iridium.FaultLab;

/// <summary>How long one thing took, trial by trial. What never happened took longer than anything.</summary>
/// <remarks>Of 30 trials and more the 99th percentile is judged, of fewer the worst. By nearest rank the two are the
/// same up to 99 trials.</remarks>
internal sealed class Times
{
    /// <summary>As the table of faults has it: p99 over 30 trials or more.</summary>
    private const int TrialsForPercentile = 30;

    private readonly List<TimeSpan?> _taken = [];

    public int Count => _taken.Count;

    /// <summary>What counts; null is never.</summary>
    public TimeSpan? Judged => HasPercentile ? Rank(0.99) : Rank(1);

    private bool HasPercentile => Count >= TrialsForPercentile;

    public void Add(TimeSpan? time) => _taken.Add(time);

    public override string ToString()
    {
        if (Count == 1) return Shown(Rank(1)) + (Rank(1) is null ? "" : " s");
        string percentile = HasPercentile ? $", p99 {Shown(Rank(0.99))}" : "";
        return $"median {Shown(Rank(0.5))}{percentile}, worst {Shown(Rank(1))}{(Rank(1) is null ? "" : " s")}";
    }

    // The nearest rank: the smallest time that so much of all is not longer than.
    private TimeSpan? Rank(double part)
    {
        if (Count == 0) return null;
        TimeSpan[] sorted = [.. _taken.Select(time => time ?? TimeSpan.MaxValue).Order()];
        TimeSpan at = sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
        return at == TimeSpan.MaxValue ? null : at;
    }

    private static string Shown(TimeSpan? time) =>
        time is { } taken ? taken.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) : "never";
}
