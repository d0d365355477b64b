using System.Globalization;

namespace Iridium.FaultLab;

internal enum Verdict
{
    Met,

    /// <summary>A time that was missed by less than a factor of three: on a busy machine that is noise, on a quiet one
    /// a fault to find.</summary>
    Late,
    Missed,

    /// <summary>Good to know; there is nothing to reach.</summary>
    Told,
    Skipped,
}

/// <summary>One line of the table.</summary>
/// <param name="Row">Of the table of faults.</param>
/// <param name="Figure">What is measured.</param>
/// <param name="Reach">What must be reached.</param>
internal sealed record Finding(int Row, string Fault, string Figure, string Reach, string Measured, Verdict Verdict);

/// <summary>Takes down what one row shows.</summary>
internal sealed class Findings(int row, string fault, Action<Finding> add)
{
    private const double Noise = 3;

    /// <summary>A time that must not be longer; null is never.</summary>
    public void Within(string figure, double seconds, TimeSpan? measured)
    {
        var once = new Times();
        once.Add(measured);
        Within(figure, seconds, once);
    }

    /// <summary>The same of every trial.</summary>
    public void Within(string figure, double seconds, Times measured)
    {
        Verdict verdict = measured.Judged is not { } time ? Verdict.Missed
            : time.TotalSeconds <= seconds ? Verdict.Met
            : time.TotalSeconds <= seconds * Noise ? Verdict.Late
            : Verdict.Missed;
        Add(figure + Trials(measured), $"<= {Text(seconds)} s", measured.ToString(), verdict);
    }

    public void AtMost(string figure, double most, double measured, string unit = "") => Add(
        figure, most == 0 ? "0" : $"<= {Text(most)} {unit}".TrimEnd(), $"{Text(measured)} {unit}".TrimEnd(),
        measured <= most ? Verdict.Met : Verdict.Missed);

    public void Holds(string figure, string reach, bool holds, string measured) =>
        Add(figure, reach, measured, holds ? Verdict.Met : Verdict.Missed);

    /// <summary>What nothing has to be reached of.</summary>
    public void Tell(string figure, Times measured) => Tell(figure + Trials(measured), measured.ToString());

    public void Tell(string figure, string measured) => Add(figure, "-", measured, Verdict.Told);

    public void Skip(string why) => Add("-", "-", why, Verdict.Skipped);

    private void Add(string figure, string reach, string measured, Verdict verdict) =>
        add(new Finding(row, fault, figure, reach, measured, verdict));

    private static string Trials(Times measured) => measured.Count == 1 ? "" : $", {measured.Count} trials";

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
