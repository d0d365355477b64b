using System.Diagnostics;
using Iridium.Simulation.Virtual;
using Xunit.Abstractions;

namespace Iridium.Simulation.Whole;

/// <summary>Whole nodes, told as stories, over many seeds.</summary>
public sealed class WholeTests(ITestOutputHelper output)
{
    private const int Seeds = 30;

    public static TheoryData<string> Names => [.. Stories.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_story_comes_true_in_every_world(string name)
    {
        var clock = Stopwatch.StartNew();
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            var story = new ClusterStory(seed, Stories.Nodes);
            if (story.Tell(Stories.All[name]) is { } failure)
            {
                Assert.Fail(
                    $"story {name}, seed {seed}: {failure}\n" +
                    $"reproduce: dotnet run --project tests/Iridium.Simulation -- --story {name} --seed {seed} --trace");
            }
        }
        output.WriteLine($"{Seeds / clock.Elapsed.TotalSeconds:F0} seeds/s");
    }

    [Fact]
    public void In_untrusted_mode_nodes_make_a_cluster_when_the_paths_of_membership_are_listed_and_only_then()
    {
        const string untrusted = "akka.remote.untrusted-mode = on";
        const string listed = "akka.remote.trusted-selection-paths = "
            + "[\"/system/remote-watcher\", \"/system/cluster/core/daemon\", \"/system/cluster/heartbeatReceiver\"]";
        foreach (Action<ClusterStory> story in Stories.All.Values)
            Assert.Null(new ClusterStory(1, Stories.Nodes, config: $"{untrusted}\n{listed}").Tell(story));
        Assert.NotNull(new ClusterStory(1, Stories.Nodes, config: untrusted).Tell(Stories.Join));
    }

    [Fact]
    public void The_same_seed_is_the_same_history_to_the_byte()
    {
        foreach (string name in Stories.All.Keys) Assert.Equal(HashOf(name), HashOf(name));

        static ulong HashOf(string name)
        {
            var story = new ClusterStory(7, Stories.Nodes);
            Assert.Null(story.Tell(Stories.All[name]));
            return story.World.Hash;
        }
    }
}
