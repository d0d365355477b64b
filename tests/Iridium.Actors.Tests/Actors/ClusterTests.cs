using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Iridium.Actors.Tests.Actors;

/// <summary>Nodes in one process that meet over real sockets, looked at through their sessions.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task The_tutorial_s_session_on_two_nodes()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode two = LocalNode.InCluster("node2");
        await Form(one, two);
        int at = await one.Type("!cluster_members", "Listing Known Nodes:\n");
        await one.Screen.Shows($"127.0.0.1:{two.Port}", at);
        await one.Screen.Shows($"127.0.0.1:{one.Port}", at);
        at = await two.Type("!cluster_members", "Listing Known Nodes:\n");
        await two.Screen.Shows($"127.0.0.1:{one.Port}", at);
        await two.Screen.Shows("(this node)", at);
    }

    [Fact]
    public async Task A_program_runs_on_another_node()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode two = LocalNode.InCluster("node2");
        await Form(one, two);
        int at = await one.Type("!spawn hello.iasm --on node2", "Spawned node2/1 hello.iasm");
        await one.Screen.Shows("node2/1 | Hello from Iridium", at);
        await one.Screen.Shows("node2/1 hello.iasm finished with code 0 after 2 instructions", at);
        at = await one.Type("!spawn forever.iasm --on node2", "Spawned node2/2 forever.iasm");
        at = await one.Type("!ps", "node2/2  node2  forever.iasm  running", at);
        at = await one.Type("!kill node2/2", "Killed node2/2.", at);
        await one.Screen.Shows("node2/2 forever.iasm was killed", at);
        at = await one.Type("!spawn crash.iasm --on node2", "node2/3 crash.iasm crashed with code 2");
        await one.Screen.Shows("div $0 $1 $2", at);
        await one.Type("!spawn hello.iasm --on node3", "There is no node node3.", at);
        await one.Type("!kill node2/9", "There is no program node2/9.", at);
    }

    [Fact]
    public async Task A_node_that_leaves_is_missed_by_the_others()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode two = LocalNode.InCluster("node2");
        await Form(one, two);
        await CoordinatedShutdown.Get(two.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        await one.Screen.Shows("node2 left");
    }

    [Fact]
    public async Task A_node_that_leaves_does_not_say_that_the_others_have_left()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode two = LocalNode.InCluster("node2");
        await Form(one, two);
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(two.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "look", async () =>
        {
            await two.Type("!cluster_members", "Listing Known Nodes:\n");
            return Akka.Done.Instance;
        });

        await shutdown.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);

        Assert.Contains("Listing Known Nodes:", two.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("node1 left", two.Screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_join_that_fails_can_be_tried_again()
    {
        await using LocalNode one = LocalNode.InCluster("node1", "iridium.node.join-timeout = 3s");
        await using LocalNode two = LocalNode.InCluster("node2");
        int at = await one.Type(
            $"!join_cluster 127.0.0.1 {FreePort()}", "Could not connect to cluster!\nNo connection to 127.0.0.1:");
        at = await one.Screen.Shows("(connection refused)", at);
        at = await one.Type($"!join_cluster 127.0.0.1 {one.Port}", "is not another node's address.", at);
        at = await one.Type(
            $"!join_cluster 127.0.0.1 {two.Port}", "is in no cluster yet. Type !start_cluster there first.", at);
        await two.Type("!start_cluster", "Started cluster server!");
        at = await one.Type($"!join_cluster 127.0.0.1 {two.Port}", "Connected to cluster!", at);
        await one.Type($"!join_cluster 127.0.0.1 {two.Port}", "This node is in a cluster already.", at);
    }

    [EmbeddedTheory("Akka.NET knows no cluster secret")]
    [InlineData("off", "\"known to the cluster\"", "it has a cluster secret, and this node was started without one.")]
    [InlineData("\"guessed, and wrong\"", "\"known to the cluster\"", "the two nodes have different cluster secrets.")]
    [InlineData("\"known to this node\"", "off", "this node has a cluster secret, and that one has none.")]
    public async Task Who_is_not_let_in_is_told_why(string own, string theirs, string why)
    {
        await using LocalNode stranger = LocalNode.InCluster("stranger", $"akka.remote.secret = {own}");
        await using LocalNode member = LocalNode.InCluster("member", $"akka.remote.secret = {theirs}");
        await member.Type("!start_cluster", "Started cluster server!");

        await stranger.Type(
            $"!join_cluster 127.0.0.1 {member.Port}", $"No connection to 127.0.0.1:{member.Port}: {why}");
    }

    /// <summary>Something answers at that port, but it is no node: the join gives up in time.</summary>
    [Fact]
    public async Task A_port_where_nobody_speaks_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using LocalNode one = LocalNode.InCluster("node1", "iridium.node.join-timeout = 500ms");
        await one.Type(
            $"!join_cluster 127.0.0.1 {port}", $"Could not connect to cluster!\nNo answer from 127.0.0.1:{port}.");
    }

    [Fact]
    public async Task A_taken_alias_is_refused_before_joining_and_the_first_node_is_undisturbed()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode other = LocalNode.InCluster("node1");
        await one.Type("!start_cluster", "Started cluster server!");
        await one.Screen.Shows("node1 joined");
        await other.Type(
            $"!join_cluster 127.0.0.1 {one.Port}", $"The alias is taken by akka.tcp://iridium@127.0.0.1:{one.Port}.");
        await other.Type("!start_cluster", "Started cluster server!");
        Assert.DoesNotContain("leav", one.Screen.Text, StringComparison.Ordinal);
    }

    /// <summary>A node that joins without asking, by seed nodes, finds its alias taken and goes; the first one
    /// stays.</summary>
    [Fact]
    public async Task A_taken_alias_that_came_in_by_seed_nodes_leaves()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await one.Type("!start_cluster", "Started cluster server!");
        await one.Screen.Shows("node1 joined");
        await using LocalNode other = LocalNode.InCluster(
            "node1", $"akka.cluster.seed-nodes = [\"akka.tcp://iridium@127.0.0.1:{one.Port}\"]");
        await other.Screen.Shows(
            $"The alias node1 is taken by akka.tcp://iridium@127.0.0.1:{one.Port}: this node leaves.");
        await other.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
        await one.Screen.Shows("node1 left");
        await one.Type("!cluster_members", "(this node)");
        Assert.False(one.System.WhenTerminated.IsCompleted);
    }

    /// <summary>Two that join at the same time, neither of which asked first: exactly one of them stays.</summary>
    [Fact]
    public async Task Of_two_that_join_with_one_alias_at_once_exactly_one_stays()
    {
        await using LocalNode first = LocalNode.InCluster("first");
        await first.Type("!start_cluster", "Started cluster server!");
        string seed = $"akka.cluster.seed-nodes = [\"akka.tcp://iridium@127.0.0.1:{first.Port}\"]";
        await using LocalNode one = LocalNode.InCluster("twin", seed);
        await using LocalNode other = LocalNode.InCluster("twin", seed);
        LocalNode[] twins = [one, other];
        Task gone = await Task.WhenAny(twins.Select(twin => twin.System.WhenTerminated))
            .WaitAsync(TimeSpan.FromSeconds(20));
        LocalNode stayed = twins.Single(twin => twin.System.WhenTerminated != gone);
        await first.Screen.Shows("twin left");
        await stayed.Screen.Shows("twin left");
        await first.Type("!spawn hello.iasm --on twin", "twin/1 | Hello from Iridium");
        Assert.False(stayed.System.WhenTerminated.IsCompleted);
    }

    /// <summary>Three nodes know one another without having been introduced, and list one another's
    /// programs.</summary>
    [Fact]
    public async Task Three_nodes_are_one_machine()
    {
        await using LocalNode one = LocalNode.InCluster("node1");
        await using LocalNode two = LocalNode.InCluster("node2");
        await using LocalNode three = LocalNode.InCluster("node3");
        await Form(one, two, three);
        await two.Screen.Shows("Hello from node3");
        await three.Screen.Shows("Hello from node2");
        await one.Type("!spawn forever.iasm --on node3", "Spawned node3/1 forever.iasm");
        await two.Type("!spawn forever.iasm --on node1", "Spawned node1/1 forever.iasm");
        int at = await three.Type("!ps", "node1/1  node1  forever.iasm  running");
        await three.Screen.Shows("node3/1  node3  forever.iasm  running", at);
        await two.Type("!state node3/1", "node3/1 forever.iasm is running\n  at ");
        await two.Type("!trace node3/1 3", "inc $0");
        await two.Type("!kill node3/1", "Killed node3/1.");
        await one.Screen.Shows("node3/1 forever.iasm was killed");
    }

    private static async Task Form(LocalNode first, params LocalNode[] others)
    {
        await first.Type("!start_cluster", "Started cluster server!");
        foreach (LocalNode other in others)
        {
            await other.Type(
                $"!join_cluster 127.0.0.1 {first.Port}", "Attempting to join cluster...\nConnected to cluster!");
            await other.Screen.Shows($"{other.Settings.Alias} joined");
            await other.Screen.Shows($"Hello from {first.Settings.Alias}");
            await first.Screen.Shows($"Hello from {other.Settings.Alias}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
