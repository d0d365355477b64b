using System.Globalization;
using System.Text.Json;

namespace Iridium.Benchmarks;

/// <summary>One measured number beside its yardstick.</summary>
/// <param name="Median">Median of ours, in <paramref name="Unit"/>.</param>
/// <param name="Yardstick">Name of what we are compared with; null when the figure stands alone (bytes, say).</param>
/// <param name="YardstickMedian">Its median in the same run, same unit.</param>
/// <param name="Spread">
/// How far the middle half of the rounds lies apart, beside the median: of the ratios if there is a yardstick, else of
/// ours.
/// </param>
/// <param name="Target">What must be reached, as text, where a target exists.</param>
internal sealed record Figure(
    string Name, double Median, string Unit, string? Yardstick, double? YardstickMedian, double Spread,
    string? Target = null)
{
    /// <summary>Median of the rounds' ratios, where ours and the yardstick ran in turn: noise that lasts longer than a
    /// round falls on both.</summary>
    public double? PairedRatio { get; init; }

    /// <summary>Ours over the yardstick's.</summary>
    public double? Ratio =>
        PairedRatio ?? (YardstickMedian is { } other && other != 0 ? Median / other : null);
}

/// <summary>
/// Measures contenders in turn, several times each, and takes medians. On a machine that others use too, speed comes
/// and goes within seconds, and all contenders of one round feel the same: so the ratio is the median of the rounds'
/// own ratios, not the ratio of medians, and every other round goes backwards, so that nobody always runs first.
/// </summary>
internal static class Duel
{
    /// <param name="ours">Runs once and returns its figure in <paramref name="unit"/>.</param>
    /// <param name="yardsticks">The others; each gives a figure of its own against ours. Empty: ours stands
    /// alone.</param>
    public static IEnumerable<Figure> Run(
        string name, string unit, int rounds, Func<double> ours, string? target = null,
        params (string Name, Func<double> Measure)[] yardsticks)
    {
        var oursSeen = new List<double>(rounds);
        var othersSeen = yardsticks.Select(_ => new List<double>(rounds)).ToArray();
        ours();
        foreach ((_, Func<double> measure) in yardsticks) measure();
        for (int round = 0; round < rounds; round++)
        {
            if (round % 2 == 0) oursSeen.Add(ours());
            for (int turn = 0; turn < yardsticks.Length; turn++)
            {
                int index = round % 2 == 0 ? turn : yardsticks.Length - 1 - turn;
                othersSeen[index].Add(yardsticks[index].Measure());
            }
            if (round % 2 == 1) oursSeen.Add(ours());
        }

        double median = Median(oursSeen);
        if (yardsticks.Length == 0) yield return new Figure(name, median, unit, null, null, Spread(oursSeen), target);
        for (int index = 0; index < yardsticks.Length; index++)
        {
            double[] ratios = [.. oursSeen.Zip(othersSeen[index], (mine, other) => mine / other)];
            yield return new Figure(
                name, median, unit, yardsticks[index].Name, Median(othersSeen[index]), Spread(ratios), target)
            {
                PairedRatio = double.IsFinite(Median(ratios)) ? Median(ratios) : null,
            };
        }
    }

    private static double Spread(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        double median = Median(sorted);
        double middle = sorted[sorted.Length - 1 - sorted.Length / 4] - sorted[sorted.Length / 4];
        return median == 0 || !double.IsFinite(middle) ? 0 : middle / median;
    }

    /// <summary>For what takes long and varies little: measured once, without a run to warm up.</summary>
    public static Figure Once(string name, string unit, Func<double> ours, string? target = null) =>
        new(name, ours(), unit, null, null, 0, target);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Prints figures as aligned lines, or as one JSON object a line for scripts.</summary>
internal sealed class FigureReport(TextWriter output, bool ndJson)
{
    private bool _headed;

    public void Add(Figure figure)
    {
        if (ndJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                name = figure.Name, median = figure.Median, unit = figure.Unit, yardstick = figure.Yardstick,
                yardstickMedian = figure.YardstickMedian, ratio = figure.Ratio, spread = figure.Spread,
                target = figure.Target,
            }));
            return;
        }
        if (!_headed)
        {
            output.WriteLine(Line(
                "figure", "median", "unit", "yardstick", "its median", "ratio", "spread", "target"));
        }
        _headed = true;
        output.WriteLine(Line(figure.Name, Number(figure.Median), figure.Unit, figure.Yardstick ?? "-",
            Number(figure.YardstickMedian), Number(figure.Ratio), $"{figure.Spread * 100:0} %", figure.Target ?? ""));
    }

    private static string Line(
        string name, string median, string unit, string yardstick, string theirs, string ratio, string spread,
        string target) =>
        $"{name,-34} {median,12} {unit,-12} {yardstick,-16} {theirs,12} {ratio,8} {spread,7}  {target}".TrimEnd();

    private static string Number(double? value) => value switch
    {
        null => "-",
        >= 100_000 or <= -100_000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 or <= -100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
