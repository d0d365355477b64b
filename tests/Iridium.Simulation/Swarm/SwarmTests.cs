using System.Diagnostics;
using Iridium.Simulation.Faults;
using Xunit.Abstractions;

namespace Iridium.Simulation.Swarm;

/// <summary>Whole nodes at work under random faults. What fails here says how to see it again; the soak command runs
/// many more.</summary>
public sealed class SwarmTests(ITestOutputHelper output)
{
    private const ulong Seeds = 60;

    private const ulong SeedsToFind = 100;

    [Fact]
    public void Whole_nodes_keep_their_promises_in_every_history()
    {
        var clock = Stopwatch.StartNew();
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            string? failure = new SwarmStory(StoryPlan.FromSeed(seed, StoryLimits.Whole)).Run();
            Assert.True(failure is null, $"seed {seed}: {failure}\n{Command.Layer.Whole.CommandFor(seed)}");
        }
        output.WriteLine($"{Seeds / clock.Elapsed.TotalSeconds:F0} seeds/s");
    }

    /// <summary>Each of these failed once, and is too rare for the others to stand for it.</summary>
    [Theory]
    [InlineData(17844)] // a partition that healed a third of a second before a side decided
    [InlineData(20483)] // two of four were removed, and took answers to probes for signs that they were not
    [InlineData(23005)] // n0 was removed, and TCP had given up the connection that should have told it; its probes were answered
    [InlineData(54089)] // one gossip brought a new life and the end of the former one, whose address was then forgotten
    [InlineData(122299)] // letters that TCP had held up for half a minute came after those on a newer connection
    [InlineData(438059)] // a node that had quarantined its only seed before it was let in asked it for ever
    [InlineData(2038714)] // two lives of one address were members; at the end of the first one the second was forgotten
    [InlineData(601080)] // a child was restarted for its third crash after a pause, in another window than was decided in
    [InlineData(2285078)] // TCP had waited for most of 26 s of losses, and waited as long again
    public void A_rare_history_holds(ulong seed) =>
        Assert.Null(new SwarmStory(StoryPlan.FromSeed(seed, StoryLimits.Whole)).Run());

    public static TheoryData<string> Bugs => [.. WholeBugs.All.Select(bug => bug.Name)];

    /// <summary>A simulator that finds nothing proves nothing: each of these mistakes must be found, and
    /// soon.</summary>
    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(string name)
    {
        WholeBug bug = WholeBugs.All.Single(each => each.Name == name);
        for (ulong seed = 0; seed < SeedsToFind; seed++)
        {
            if (new SwarmStory(StoryPlan.FromSeed(seed, bug.Limits), bug).Run() is not { } failure) continue;
            output.WriteLine($"found in {seed + 1} seeds: {failure}");
            return;
        }
        Assert.Fail($"{name} was not found in {SeedsToFind} seeds");
    }

    [Fact]
    public void The_same_seed_is_the_same_history_with_and_without_a_trace()
    {
        StoryPlan plan = StoryPlan.FromSeed(11, StoryLimits.Whole);
        var quiet = new SwarmStory(plan);
        quiet.Run();
        var traced = new SwarmStory(plan, trace: new StringWriter());
        traced.Run();
        Assert.Equal(quiet.World.Hash, traced.World.Hash);
        Assert.NotEqual("", traced.World.Trace!.ToString());
    }

    [Fact]
    public void Work_that_leaves_the_thread_of_its_world_is_found_out()
    {
        var world = new Virtual.World(1);
        var stranger = new Thread(() => world.After(TimeSpan.Zero, () => { }));
        stranger.Start();
        stranger.Join();
        Assert.Contains("another thread", world.Failure);
    }
}
