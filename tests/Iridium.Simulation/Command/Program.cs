using System.Diagnostics;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Rules;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Command;

/// <summary>The command beside the tests: runs seeds, and shows what happens in one.</summary>
internal static class Program
{
    private const ulong SoakOfRules = 1_000_000;

    private const ulong SoakOfWhole = 100_000;

    private static int Main(string[] arguments)
    {
        try
        {
            var options = new Options(arguments);
            if (options.Help) Console.WriteLine(Options.Usage);
            else if (options.Convergence) Convergence.Print(Console.Out, options.Json);
            else if (options.Soak) return Soak(options) ? 0 : 1;
            else return (options.Story is { } name ? RunStory(name, options) : RunSeeds(options)) ? 0 : 1;
            return 0;
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine($"{wrong.Message} See --help.");
            return 2;
        }
    }

    private static bool Soak(Options options)
    {
        Layer layer = options.Layer;
        ulong count = options.Count ?? (layer.Name == Layer.Rules.Name ? SoakOfRules : SoakOfWhole);
        return new Soak(layer, options.Seed, count, Console.Out).Run(options.Threads, options.Limit);
    }

    private static bool RunStory(string name, Options options)
    {
        if (!Stories.All.TryGetValue(name, out Action<ClusterStory>? tell))
        {
            string names = string.Join(", ", Stories.All.Keys);
            throw new ArgumentException($"There is no story '{name}'; there are {names}.");
        }
        var clock = Stopwatch.StartNew();
        int failures = 0;
        ulong count = options.Count ?? 1;
        for (ulong seed = options.Seed; seed < options.Seed + count; seed++)
        {
            var story = new ClusterStory(seed, Stories.Nodes, options.Trace ? Console.Out : null);
            if (story.Tell(tell) is not { } failure) continue;
            failures++;
            Console.WriteLine($"seed {seed}: {failure}");
        }
        Console.WriteLine($"{count} seeds, {failures} failures, {count / clock.Elapsed.TotalSeconds:F1} seeds/s");
        return failures == 0;
    }

    private static bool RunSeeds(Options options)
    {
        Layer layer = options.Layer;
        var clock = Stopwatch.StartNew();
        ulong count = options.Count ?? 1;
        int failures = 0, splits = 0, excused = 0;
        for (ulong seed = options.Seed; seed < options.Seed + count; seed++)
        {
            StoryPlan plan = layer.PlanOf(seed);
            if (options.Trace) foreach (string line in plan.ToLines()) Console.WriteLine(line);
            SeedResult result = layer.Run(plan, options.Trace ? Console.Out : null);
            if (result.Excused > 0) excused++;
            if (result.Split is { } split)
            {
                splits++;
                if (options.Trace || options.Splits) Console.WriteLine($"seed {seed}: split in a wild story: {split}");
                if (options.Splits) Show(plan.Shrunk(each => layer.Run(each).Split is not null));
            }
            if (result.Failure is not { } failure) continue;
            failures++;
            Console.WriteLine($"seed {seed}: {failure}");
            if (options.Shrink) Console.WriteLine(Command.Soak.Shrunk(layer, plan));
        }
        Console.WriteLine(
            $"{count} seeds, {failures} failures, {splits} wild splits, {excused} wild stories with what a calm one "
            + $"must not do, {count / clock.Elapsed.TotalSeconds:F1} seeds/s");
        return failures == 0;
    }

    private static void Show(StoryPlan plan)
    {
        foreach (string line in plan.ToLines()) Console.WriteLine($"    {line}");
    }
}
