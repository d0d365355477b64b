using Akka.Actor;
using Iridium.Simulation.Network;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Calm;

/// <summary>
/// Where the cluster is calmer than its model: each thing in a world where it is needed, and in the same worlds without
/// it, where the fault must show. A test that passes either way would show nothing.
/// </summary>
public sealed class CalmTests
{
    private const int Seeds = 12;
    private const int SeedsToSeeTheFault = 60;

    private const string WithoutProbes = "akka.remote.probe-connections.enabled = off";
    private const string ProbesForAMinute = "akka.cluster.embedded.probe-connection-for = 60s";
    private const string WithoutTraffic = "akka.cluster.embedded.traffic-counts-as-heartbeat = off";
    private const string WithoutSelfDoubt =
        "akka.cluster.embedded { own-pause-tolerance = 1h, local-health-patience = 0s }";

    [Fact]
    public void On_a_link_that_loses_a_tenth_of_its_packets_nobody_is_called_unreachable() =>
        OnlyWith(WithoutProbes, "", LossyMinute);

    [Fact]
    public void Nor_is_anybody_where_the_nodes_have_a_secret_and_seal_what_they_ask() =>
        OnlyWith(WithoutProbes, "akka.remote.secret = \"known to the nodes of this story\"", LossyMinute);

    // TCP waits for up to two minutes there before it repeats a packet.
    [Fact]
    public void On_links_that_lose_three_tenths_nobody_is_removed() =>
        OnlyWith(ProbesForAMinute, "", TwoVeryLossyMinutes, nodes: 5);

    // Other signs of life would excuse the others, too; so this goes without them.
    [Fact]
    public void Who_was_stopped_for_five_seconds_calls_nobody_else_unreachable() =>
        OnlyWith(WithoutSelfDoubt, $"{WithoutTraffic}\n{WithoutProbes}", FiveSecondsAsleep);

    [Fact]
    public void Who_is_heard_lives_even_if_its_answers_do_not_come() =>
        OnlyWith(WithoutTraffic, WithoutProbes, DeafButTalking);

    private static void OnlyWith(
        string without, string always, Func<ClusterStory, bool> isBlamed, int nodes = Stories.Nodes)
    {
        for (ulong seed = 0; seed < Seeds; seed++) Assert.False(Told(seed, always, isBlamed, nodes), $"seed {seed}");

        bool blamed = false;
        for (ulong seed = 0; seed < SeedsToSeeTheFault && !blamed; seed++)
            blamed = Told(seed, $"{always}\n{without}", isBlamed, nodes);
        Assert.True(blamed, "nobody was blamed without it, so that this shows nothing");
    }

    private static bool Told(ulong seed, string config, Func<ClusterStory, bool> isBlamed, int nodes)
    {
        var story = new ClusterStory(seed, nodes, config: config);
        bool blamed = false;
        string? failure = story.Tell(each => blamed = isBlamed(each));
        Assert.True(failure is null, $"seed {seed}: {failure}");
        return blamed;
    }

    private static bool LossyMinute(ClusterStory story)
    {
        Stories.Join(story);
        story.Wait(5);
        foreach (Link link in Links(story)) link.Loss = 0.1;
        return story.World.RunUntil(() => AnybodyBlames(story), TimeSpan.FromSeconds(60));
    }

    private static bool TwoVeryLossyMinutes(ClusterStory story)
    {
        int[] all = [.. Enumerable.Range(0, story.Nodes.Count)];
        story.Start(all);
        story.AwaitOnly(all);
        foreach (Link link in Links(story)) link.Loss = 0.3;
        return story.World.RunUntil(
            () => story.Nodes.Any(node => !node.Runs || node.Cluster!.State.Members.Count < all.Length),
            TimeSpan.FromMinutes(2));
    }

    private static bool FiveSecondsAsleep(ClusterStory story)
    {
        Stories.Join(story);
        story.Wait(5);
        WholeNode sleeper = story.Nodes[story.Chance.Next(Stories.Nodes)];
        sleeper.Machine.Process!.Pause();
        story.Wait(5);
        sleeper.Machine.Process!.Resume();
        return story.World.RunUntil(() => sleeper.Cluster!.State.Unreachable.Count > 0, TimeSpan.FromSeconds(10));
    }

    // Its actor that answers heartbeats is gone; its own heartbeats and its gossip come all the time.
    private static bool DeafButTalking(ClusterStory story)
    {
        Stories.Join(story);
        story.Wait(5);
        ActorSystem talking = story.Nodes[1].System!;
        story.Nodes[1].Do(() =>
            talking.ActorSelection("/system/cluster/heartbeatReceiver").Tell(PoisonPill.Instance, ActorRefs.NoSender));
        return story.World.RunUntil(() => story.Nodes[0].Cluster!.State.Unreachable.Count > 0, TimeSpan.FromSeconds(20));
    }

    private static bool AnybodyBlames(ClusterStory story) =>
        story.Nodes.Any(node => node.Cluster!.State.Unreachable.Count > 0);

    private static IEnumerable<Link> Links(ClusterStory story) =>
        from one in story.Nodes
        from other in story.Nodes
        where one != other
        select story.World.Fabric[one.Machine, other.Machine];
}
