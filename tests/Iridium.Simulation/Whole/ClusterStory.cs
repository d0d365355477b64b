using Akka.Cluster;
using Akka.Configuration;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Whole;

/// <summary>
/// Tells a story of whole nodes: each step says what happens, or what must have come true within a bound of virtual
/// time. The first thing that does not come true ends the story with a failure that says who saw what.
/// </summary>
internal sealed class ClusterStory
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public ClusterStory(ulong seed, int nodes, TextWriter? trace = null, string config = "", WorldRules? rules = null)
    {
        World = new World(seed, rules, trace);
        Chance = World.Chance("story");
        Config parsed = ConfigurationFactory.ParseString(config);
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new WholeNode(World, World.Fabric.AddMachine($"n{n}"), parsed))];
    }

    public World World { get; }

    public SeedRandom Chance { get; }

    public IReadOnlyList<WholeNode> Nodes { get; }

    public IEnumerable<WholeNode> Running => Nodes.Where(node => node.Runs);

    /// <summary>Tells the story inside its world. Null when all went well; otherwise what did not.</summary>
    public string? Tell(Action<ClusterStory> story)
    {
        World.Run(() =>
        {
            try
            {
                story(this);
            }
            catch (StoryFailed failed)
            {
                World.Fail(failed.Message);
            }
        });
        return World.Failure;
    }

    /// <summary>Starts these nodes within a second; node 0 may found the cluster in its first life.</summary>
    public void Start(params int[] nodes)
    {
        foreach (int index in nodes)
        {
            World.RunFor(Chance.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            WholeNode node = Nodes[index];
            bool founds = index == 0 && node.Lives.Count == 0;
            var others = Nodes.Where(each => each != node).Select(each => each.Address);
            node.Start(founds ? [node.Address, .. others] : [.. others, node.Address]);
        }
    }

    /// <summary>SIGKILL: its kernel closes its streams.</summary>
    public void Crash(int node) => Nodes[node].Machine.Process!.Kill();

    public void Pause(int node) => Nodes[node].Machine.Process!.Pause();

    public void Resume(int node) => Nodes[node].Machine.Process!.Resume();

    public void Leave(int node) => Nodes[node].Do(() => Nodes[node].Cluster!.Leave(Nodes[node].Address));

    /// <summary>Nothing passes between these nodes and all others.</summary>
    public void Part(params int[] side) => World.Fabric.Part(
        [.. side.Select(index => Nodes[index].Machine)],
        [.. Nodes.Where((_, index) => !side.Contains(index)).Select(node => node.Machine)]);

    public void Heal() => World.Fabric.Heal();

    public void Wait(double seconds) => World.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Each of these sees exactly these, Up and reachable, within the time.</summary>
    public void AwaitOnly(params int[] nodes) => AwaitOnly(_patience, nodes);

    public void AwaitOnly(TimeSpan limit, params int[] nodes)
    {
        WholeNode[] expected = [.. nodes.Select(index => Nodes[index])];
        Await($"{string.Join(", ", nodes)} see each other and nobody else",
            () => expected.All(node => node.Runs && node.Sees(expected)), limit);
    }

    /// <summary>These have noticed that they are out, and have ended by themselves.</summary>
    public void AwaitEnded(params int[] nodes) =>
        Await($"{string.Join(", ", nodes)} ended", () => nodes.All(index => !Nodes[index].Runs), _patience);

    public void AwaitUnreachable(int node, params int[] observers) =>
        Await(
            $"{string.Join(", ", observers)} find {node} unreachable",
            () => observers.All(index => Nodes[index].Cluster!.State.Unreachable.Any(
                member => member.Address == Nodes[node].Address)),
            _patience);

    public void Await(string what, Func<bool> condition, TimeSpan limit)
    {
        if (World.RunUntil(condition, limit)) return;
        throw new StoryFailed(
            World.Failure ?? $"it did not come true within {limit.TotalSeconds} s that {what}. " + Views());
    }

    public string Views() => string.Join("; ", Nodes.Select(node => $"{node} sees [{node.View()}]"));

    private sealed class StoryFailed(string message) : Exception(message);
}
