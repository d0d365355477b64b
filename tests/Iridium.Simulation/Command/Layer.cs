using Iridium.Simulation.Faults;
using Iridium.Simulation.Rules;
using Iridium.Simulation.Swarm;

namespace Iridium.Simulation.Command;

/// <summary>What came out of one seed.</summary>
/// <param name="Failure">What did not hold; null if all did.</param>
/// <param name="Hash">Of everything that happened.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Split">How a wild story split the cluster; no failure.</param>
/// <param name="Excused">How often a wild story did what a calm one must not.</param>
internal sealed record SeedResult(string? Failure, ulong Hash, long Events, string? Split, int Excused);

/// <summary>A layer of the simulator, as the commands run it: a seed gives a plan, a plan gives a result.</summary>
/// <param name="Name">As an option: `--rules`, `--whole`.</param>
internal abstract record Layer(string Name, StoryLimits Limits)
{
    public static readonly Layer Rules = new RuleLayer(null);

    public static readonly Layer Whole = new WholeLayer(null, "");

    public StoryPlan PlanOf(ulong seed) => StoryPlan.FromSeed(seed, Limits);

    public abstract SeedResult Run(StoryPlan plan, TextWriter? trace = null);

    /// <summary>The same layer with a mistake planted in it.</summary>
    /// <exception cref="ArgumentException">No bug of the layer is called that.</exception>
    public abstract Layer With(string bug);

    /// <summary>The same layer with these settings (HOCON), where it has any.</summary>
    public virtual Layer Set(string settings) => this;

    /// <summary>How to see a seed again.</summary>
    public string CommandFor(ulong seed) =>
        $"dotnet run -c Release --project tests/Iridium.Simulation -- --{Name} --seed {seed} --trace";

    private static T Find<T>(IEnumerable<T> bugs, Func<T, string> nameOf, string name)
    {
        T[] all = [.. bugs];
        return Array.Find(all, bug => nameOf(bug) == name) ?? throw new ArgumentException(
            $"No planted bug is called '{name}'; there are {string.Join(", ", all.Select(nameOf))}.", nameof(name));
    }

    private sealed record RuleLayer(PlantedBug? Bug) : Layer("rules", StoryLimits.Rules)
    {
        public override SeedResult Run(StoryPlan plan, TextWriter? trace = null)
        {
            var cluster = new RuleCluster(plan, Bug, trace);
            string? failure = cluster.Run();
            return new SeedResult(failure, cluster.Hash, cluster.Steps, cluster.Split, cluster.Returns);
        }

        public override Layer With(string bug) => new RuleLayer(Find(PlantedBugs.All, each => each.Name, bug));
    }

    private sealed record WholeLayer(WholeBug? Bug, string Settings)
        : Layer("whole", StoryLimits.Whole)
    {
        public override SeedResult Run(StoryPlan plan, TextWriter? trace = null)
        {
            var story = new SwarmStory(plan, Bug, trace, Settings);
            string? failure = story.Run();
            return new SeedResult(failure, story.World.Hash, story.World.Happened, story.Split, story.Excused);
        }

        public override Layer With(string bug)
        {
            WholeBug found = Find(WholeBugs.All, each => each.Name, bug);
            return this with { Bug = found, Limits = found.Limits };
        }

        public override Layer Set(string settings) => this with { Settings = settings };
    }
}
