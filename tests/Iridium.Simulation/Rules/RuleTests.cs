using System.Diagnostics;
using Iridium.Simulation.Faults;
using Xunit.Abstractions;

namespace Iridium.Simulation.Rules;

/// <summary>The membership rules under thousands of histories.</summary>
public sealed class RuleTests(ITestOutputHelper output)
{
    [Fact]
    public void Hold_in_every_history()
    {
        var limits = new StoryLimits();
        var clock = Stopwatch.StartNew();
        long steps = 0;
        int failures = 0;
        const int seeds = 10_000;
        for (ulong seed = 0; seed < seeds; seed++)
        {
            var cluster = new RuleCluster(StoryPlan.FromSeed(seed, limits));
            if (cluster.Run() is { } failure && failures++ < 10)
            {
                output.WriteLine($"seed {seed}: {failure}");
                output.WriteLine($"  reproduce: dotnet run --project tests/Iridium.Simulation -- --rules --seed {seed} --trace");
            }
            steps += cluster.Steps;
        }
        output.WriteLine($"{failures} failures; {seeds / clock.Elapsed.TotalSeconds:F0} seeds/s, {steps / seeds} steps a seed");
        Assert.Equal(0, failures);
    }
}
