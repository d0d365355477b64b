using System.Globalization;
using Iridium.Simulation.Rules;

namespace Iridium.Benchmarks;

/// <summary>How many rounds of gossip a change takes, in virtual time: no machine is fast or slow here.</summary>
internal sealed partial class ClusterBenchmark
{
    static partial void Converge(BenchmarkOptions options, List<Figure> figures)
    {
        foreach (int nodes in Convergence.Sizes)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"gossip of {nodes} nodes, to agree");
            if (!options.Wants(name)) continue;
            double[] burst = Rounds(options, nodes, plain: false);
            double[] plain = Rounds(options, nodes, plain: true);
            double median = Duel.Median(burst);
            figures.Add(new Figure(name, median, "rounds", "Akka.NET's rules", Duel.Median(plain),
                median == 0 ? 0 : (burst.Max() - burst.Min()) / median));
        }
    }

    /// <summary>One world a round of the benchmark, each from a seed of its own; large worlds take long to simulate and
    /// differ little, so one is enough.</summary>
    private static double[] Rounds(BenchmarkOptions options, int nodes, bool plain) =>
        [.. Enumerable.Range(1, nodes < 300 ? options.Rounds : 1)
            .Select(seed => Convergence.Measure(nodes, plain, (ulong)seed).RoundsToAgree)];
}
