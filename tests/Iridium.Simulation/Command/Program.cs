using System.Diagnostics;
using System.Globalization;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Rules;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Command;

/// <summary>The command beside the tests: runs seeds, and shows what happens in one.</summary>
internal static class Program
{
    private const string Usage = """
        Runs histories of a simulated cluster. A seed is a history: the same seed, the same events, to the byte.

          dotnet run --project tests/Iridium.Simulation -- [options]

          --rules           the membership rules alone (quick)
          --story <name>    whole nodes: join, leave, crash, partition, restart, pause
          --seed <n>        the first seed (0)
          --count <n>       how many seeds (1)
          --trace           say what happens; README.md has the legend
          --shrink          leave out faults of the first failing seed until it would no longer fail
        """;

    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || arguments.Contains("--help"))
        {
            Console.WriteLine(Usage);
            return 0;
        }
        var options = new Options(arguments);
        return options.Story is { } name ? RunStory(name, options) : RunRules(options);
    }

    private static int RunStory(string name, Options options)
    {
        if (!Stories.All.TryGetValue(name, out Action<ClusterStory>? tell))
        {
            Console.Error.WriteLine($"There is no story '{name}'; there are {string.Join(", ", Stories.All.Keys)}.");
            return 2;
        }
        var clock = Stopwatch.StartNew();
        int failures = 0;
        for (ulong seed = options.Seed; seed < options.Seed + options.Count; seed++)
        {
            var story = new ClusterStory(seed, Stories.Nodes, options.Trace ? Console.Out : null);
            if (story.Tell(tell) is not { } failure) continue;
            failures++;
            Console.WriteLine($"seed {seed}: {failure}");
        }
        Console.WriteLine($"{options.Count} seeds, {failures} failures, {options.Count / clock.Elapsed.TotalSeconds:F1} seeds/s");
        return failures == 0 ? 0 : 1;
    }

    private static int RunRules(Options options)
    {
        var limits = new StoryLimits();
        var clock = Stopwatch.StartNew();
        int failures = 0, splits = 0, returns = 0;
        for (ulong seed = options.Seed; seed < options.Seed + options.Count; seed++)
        {
            StoryPlan plan = StoryPlan.FromSeed(seed, limits);
            if (options.Trace) foreach (string line in plan.ToLines()) Console.WriteLine(line);
            var cluster = new RuleCluster(plan, null, options.Trace ? Console.Out : null);
            string? found = cluster.Run();
            if (cluster.Returns > 0) returns++;
            if (cluster.Split is { } split)
            {
                splits++;
                if (options.Trace) Console.WriteLine($"seed {seed}: split in a wild story: {split}");
            }
            if (found is not { } failure) continue;
            if (failures++ < 40) Console.WriteLine($"seed {seed}: {failure}");
            if (options.Shrink)
            {
                StoryPlan small = plan.Shrunk(each => new RuleCluster(each).Run() is not null);
                foreach (string line in small.ToLines()) Console.WriteLine($"    {line}");
                Console.WriteLine($"    {new RuleCluster(small).Run()}");
            }
        }
        double rate = options.Count / clock.Elapsed.TotalSeconds;
        Console.WriteLine($"{options.Count} seeds, {failures} failures, {splits} wild splits, {returns} wild returns, {rate:F0} seeds/s");
        return failures == 0 ? 0 : 1;
    }

    private sealed class Options(string[] arguments)
    {
        public bool Trace => arguments.Contains("--trace");

        public string? Story =>
            Array.IndexOf(arguments, "--story") is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

        public bool Shrink => arguments.Contains("--shrink");

        public ulong Seed => Number("--seed", 0);

        public ulong Count => Number("--count", 1);

        private ulong Number(string name, ulong otherwise)
        {
            int at = Array.IndexOf(arguments, name);
            return at < 0 || at + 1 == arguments.Length
                ? otherwise
                : ulong.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
        }
    }
}
