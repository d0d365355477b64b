using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab;

/// <summary>What a row is given: a laboratory, a place for its findings, and how thorough to be.</summary>
/// <param name="Quick">Shorter faults and fewer repetitions.</param>
/// <param name="Trials">How often a row that measures times repeats them; null is as often as it finds enough.</param>
/// <param name="Level">How long a row that goes through levels of harm stays at each; null is as long as it finds
/// enough.</param>
/// <param name="Previous">The folder of an earlier build, for a row that mixes versions; null is none.</param>
/// <param name="Tls">The nodes speak TLS, in a row that can do without.</param>
/// <param name="OpenLab">A fresh laboratory; the one before ends.</param>
/// <param name="Say">Tells the person who waits.</param>
internal sealed record Trial(
    Findings Findings, bool Quick, int? Trials, TimeSpan? Level, string? Previous, bool Tls,
    Func<Task<Lab>> OpenLab, Action<string> Say)
{
    /// <summary>A fresh laboratory whose five nodes see each other.</summary>
    public async Task<Lab> FiveNodes(int special = 0, string[]? words = null, string before = "")
    {
        Lab lab = await OpenLab();
        await lab.Form(special, words, before);
        return lab;
    }

    /// <summary>The time of the whole test, or of the quick one.</summary>
    public TimeSpan Seconds(double full, double quick) => TimeSpan.FromSeconds(Quick ? quick : full);

    /// <summary>How often to repeat.</summary>
    public int Times(int full, int quick) => Trials ?? (Quick ? quick : full);

    /// <summary>The longest time; never is longer than any.</summary>
    public static TimeSpan? Last(IEnumerable<TimeSpan?> times) =>
        times.Aggregate((one, other) => one is null || other is null ? null : one > other ? one : other);

    public static TimeSpan Seconds(double both) => TimeSpan.FromSeconds(both);

    /// <summary>The figures of every row in which nobody deserves to be harmed.</summary>
    public void NobodyHarmed(Lab lab, TimeSpan since, string during)
    {
        Findings.AtMost($"verdicts, {during}", 0, lab.Journal.VerdictsSince(since));
        NobodyRemoved(lab, since, during);
    }

    /// <summary>The guest is not counted: a row lets it come and go.</summary>
    public void NobodyRemoved(Lab lab, TimeSpan since, string during)
    {
        int removed = lab.Journal.RemovedSince(since).Count(number => number != HostNetwork.Guest);
        Findings.AtMost($"members removed, {during}", 0, removed);
        Findings.AtMost($"processes lost, {during}", 0, lab.Lost(HostNetwork.Guest));
    }
}
