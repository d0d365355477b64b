using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Calm;

/// <summary>How soon a node that stands still is found silent, and by what: the connections that it leaves unanswered, not
/// the rhythm that it had before.</summary>
public sealed class SilenceTests
{
    private const int Seeds = 40;

    private const string WithoutProof = "akka.cluster.embedded.probed-silence = 0s";

    /// <summary>A heartbeat later than the pause that is none, and some time for the timers' steps.</summary>
    private static readonly TimeSpan _found = TimeSpan.FromSeconds(3.5);

    [Fact]
    public void Who_stands_still_right_after_it_came_up_is_found_as_soon_as_an_old_member() => FoundOnlyWithProof(_ => { });

    [Fact]
    public void Pauses_that_were_survived_do_not_delay_the_next_verdict() => FoundOnlyWithProof(story =>
    {
        for (int pause = 0; pause < 4; pause++)
        {
            story.Nodes[1].Machine.Process!.Pause();
            story.Wait(2);
            story.Nodes[1].Machine.Process!.Resume();
            story.Wait(3);
        }
    });

    [Fact]
    public void A_pause_of_two_seconds_is_no_silence()
    {
        for (ulong seed = 0; seed < Seeds; seed++) Assert.False(Tell(seed, "", PausesOfTwoSeconds), $"seed {seed}");
    }

    [Fact]
    public void Who_is_no_member_any_more_is_silent_though_its_process_lives_on()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Assert.True(Tell(seed, "akka.cluster.run-coordinated-shutdown-when-down = off", Removed), $"seed {seed}");
        }

        static bool Removed(ClusterStory story)
        {
            Stories.Join(story);
            story.Wait(3);
            WholeNode downed = story.Nodes[1], other = story.Nodes[0];
            other.Do(() => other.Cluster!.Down(downed.Address));
            bool isRemoved = story.World.RunUntil(
                () => other.Cluster!.State.Members.All(member => member.Address != downed.Address),
                TimeSpan.FromSeconds(8));
            return isRemoved && downed.Runs;
        }
    }

    private static void FoundOnlyWithProof(Action<ClusterStory> before)
    {
        bool foundWithout = true;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Assert.True(Tell(seed, "", FoundAfter), $"seed {seed}");
            foundWithout &= Tell(seed, WithoutProof, FoundAfter);
        }

        Assert.False(foundWithout, "all were found as soon without it, so that this shows nothing");

        bool FoundAfter(ClusterStory story)
        {
            Stories.Join(story);
            before(story);
            story.World.RunFor(TimeSpan.FromMilliseconds(story.Chance.Next(1_000)));
            Assert.False(AnybodyBlames(story));
            story.Nodes[1].Machine.Process!.Pause();
            return story.World.RunUntil(() => AnybodyBlames(story), _found);
        }
    }

    private static bool PausesOfTwoSeconds(ClusterStory story)
    {
        Stories.Join(story);
        for (int pause = 0; pause < 4; pause++)
        {
            story.World.RunFor(TimeSpan.FromMilliseconds(story.Chance.Next(3_000)));
            story.Nodes[pause % Stories.Nodes].Machine.Process!.Pause();
            if (story.World.RunUntil(() => AnybodyBlames(story), TimeSpan.FromSeconds(2))) return true;
            story.Nodes[pause % Stories.Nodes].Machine.Process!.Resume();
        }

        return story.World.RunUntil(() => AnybodyBlames(story), TimeSpan.FromSeconds(5));
    }

    private static bool AnybodyBlames(ClusterStory story) =>
        story.Nodes.Any(node => node.Cluster!.State.Unreachable.Count > 0);

    private static bool Tell(ulong seed, string config, Func<ClusterStory, bool> act)
    {
        var story = new ClusterStory(seed, Stories.Nodes, config: config);
        bool result = false;
        string? failure = story.Tell(each => result = act(each));
        Assert.True(failure is null, $"seed {seed}: {failure}");
        return result;
    }
}
