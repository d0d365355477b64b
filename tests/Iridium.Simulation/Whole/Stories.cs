namespace Iridium.Simulation.Whole;

/// <summary>What users of a cluster live through, each told in a few lines and true for every seed.</summary>
internal static class Stories
{
    public static readonly IReadOnlyDictionary<string, Action<ClusterStory>> All =
        new SortedDictionary<string, Action<ClusterStory>>(StringComparer.Ordinal)
        {
            ["join"] = Join, ["leave"] = Leave, ["crash"] = Crash, ["partition"] = PartitionAndHeal,
            ["restart"] = RestartOnTheSamePort, ["pause"] = ShortPause,
        };

    /// <summary>How many nodes a story is about.</summary>
    public const int Nodes = 3;

    /// <summary>Three nodes start in any order and become one cluster.</summary>
    public static void Join(ClusterStory story)
    {
        int[] order = [0, 1, 2];
        story.Chance.Shuffle(order);
        story.Start(order);
        story.AwaitOnly(TimeSpan.FromSeconds(30), 0, 1, 2);
    }

    /// <summary>A node that leaves is gone everywhere, and its process ends by itself.</summary>
    public static void Leave(ClusterStory story)
    {
        Join(story);
        int leaver = story.Chance.Next(3);
        story.Leave(leaver);
        story.AwaitEnded(leaver);
        story.AwaitOnly(Others(leaver));
    }

    /// <summary>A killed node is found unreachable, and removed by the majority's decision.</summary>
    public static void Crash(ClusterStory story)
    {
        Join(story);
        int victim = story.Chance.Next(3);
        story.Crash(victim);
        story.AwaitUnreachable(victim, Others(victim));
        story.AwaitOnly(Others(victim));
    }

    /// <summary>The majority goes on, the node that is cut off ends, and after the network has healed it comes back as
    /// new.</summary>
    public static void PartitionAndHeal(ClusterStory story)
    {
        Join(story);
        int alone = story.Chance.Next(3);
        story.Part(alone);
        story.AwaitEnded(alone);
        story.AwaitOnly(Others(alone));
        story.Heal();
        story.Start(alone);
        story.AwaitOnly(0, 1, 2);
    }

    /// <summary>A node that is killed and started at once on the same port is let in as a new incarnation.</summary>
    public static void RestartOnTheSamePort(ClusterStory story)
    {
        Join(story);
        int restarted = story.Chance.Next(3);
        story.Crash(restarted);
        story.Start(restarted);
        story.AwaitOnly(0, 1, 2);
    }

    /// <summary>A pause that the failure detector forgives changes nothing.</summary>
    public static void ShortPause(ClusterStory story)
    {
        Join(story);
        story.Wait(5);
        int sleeper = story.Chance.Next(3);
        story.Pause(sleeper);
        story.Wait(1.5);
        story.Resume(sleeper);
        story.Wait(3);
        story.AwaitOnly(TimeSpan.Zero, 0, 1, 2);
    }

    private static int[] Others(int node) => [.. Enumerable.Range(0, Nodes).Where(index => index != node)];
}
