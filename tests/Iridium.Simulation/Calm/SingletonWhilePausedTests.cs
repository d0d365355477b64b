using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Calm;

/// <summary>
/// Who is to take a singleton over waits until the removed owner has surely noticed. A process that was stopped during that
/// wait may have been removed itself meanwhile, and its timers ring before it can hear of that.
/// </summary>
public sealed class SingletonWhilePausedTests
{
    private const int Seeds = 12;

    private const string Config =
        "akka.cluster { down-removal-margin = 5s, split-brain-resolver.stable-after = 60s }";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_singleton_is_not_started_by_a_timer_that_rang_while_its_node_was_stopped()
    {
        const string without = "akka.cluster.embedded.own-pause-tolerance = 1h";
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Assert.False(StartsRightAfterThePause(seed, ""), $"seed {seed}");
            Assert.True(StartsRightAfterThePause(seed, without), $"seed {seed}: without it this shows nothing");
        }
    }

    private static bool StartsRightAfterThePause(ulong seed, string config)
    {
        var story = new ClusterStory(seed, Stories.Nodes, config: $"{Config}\n{config}");
        List<WholeNode> started = [];
        bool early = false;
        string? failure = story.Tell(_ =>
        {
            Stories.Join(story);
            foreach (WholeNode node in story.Nodes) node.Do(() => Manage(node, started));
            story.Await("the oldest has the singleton", () => started is [var first] && first == story.Nodes[0], _patience);

            story.Crash(0);
            WholeNode next = story.Running.MinBy(node => node.Cluster!.SelfMember, Member.AgeOrdering)!;
            next.Do(() => next.Cluster!.Down(story.Nodes[0].Address));
            story.Await("the owner is removed", () => next.Cluster!.State.Members.Count == 2, _patience);
            story.Wait(1);
            next.Machine.Process!.Pause();
            story.Wait(8);
            next.Machine.Process.Resume();
            story.Wait(2);
            early = started.Count > 1;
            story.Await("the next has it", () => started is [_, var second] && second == next, _patience);
        });
        Assert.True(failure is null, $"seed {seed}: {failure}");
        return early;
    }

    private static void Manage(WholeNode node, List<WholeNode> started)
    {
        ClusterSingletonManagerSettings settings = ClusterSingletonManagerSettings.Create(node.System!);
        Props one = Props.Create(() => new One(() => started.Add(node)));
        node.System!.ActorOf(ClusterSingletonManager.Props(one, settings), "single");
    }

    private sealed class One : UntypedActor
    {
        public One(Action started) => started();

        protected override void OnReceive(object message)
        {
        }
    }
}
