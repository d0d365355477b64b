using Akka.Actor;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Tests.Actors;

public sealed class ReplActorTests
{
    [Fact]
    public async Task A_session_from_banner_to_farewell()
    {
        await using var node = new LocalNode();
        int at = await node.Screen.Shows("Welcome to Iridium! Let's be productive!\n[>>> ]\n");
        node.Type("load $0 #42");
        node.Type("inc $0");
        at = await node.Type("!registers", "$0  43 ", at);
        at = await node.Type("!load_file hello.iasm", "Hello from Iridium\n", at);
        at = await node.Type("div $1 $2 $3", "division by zero", at);
        at = await node.Type("!spawn hello.iasm", "node1/1 hello.iasm finished with code 0", at);
        at = await node.Type("!ps", "node1/1  node1  hello.iasm  finished 0", at);
        at = await node.Type("!cluster_members", "None yet", at);
        await node.Type("!quit", "Farewell! Have a great day!\n[closed 0]\n", at);
    }

    [Fact]
    public async Task A_loop_typed_at_the_prompt_blocks_nothing()
    {
        await using var node = new LocalNode("iridium.shell.patience = 50ms");
        int at = await node.Type("again: inc $0 eq $1 $1 djmpe @again", "The program is still running");
        at = await node.Type("!help ps", "Lists the programs of all nodes.", at);
        at = await node.Type("!registers", "loop counter 0", at);
        at = await node.Type("!kill", "Stopped.\n[>>> ]", at);
        await node.Type("load $0 #7", "[>>> ]", at);
    }

    [Fact]
    public async Task Ctrl_C_stops_a_loop_before_the_prompt_is_back()
    {
        await using var node = new LocalNode("iridium.shell.patience = 1h");
        await node.Screen.Shows("[>>> ]");
        node.Type("!load_file forever.iasm");
        node.Repl.Tell(ReplProtocol.Interrupted.Instance);
        await node.Screen.Shows("[>>> ]", await node.Screen.Shows("[>>> ]"));
        await node.Type("!quit", "[closed 0]");
    }

    /// <summary>The lines of a script are carried out one after another, and its end waits for what they
    /// began.</summary>
    [Fact]
    public async Task A_script_is_carried_out_in_order()
    {
        await using var node = new LocalNode(interactive: false);
        node.Type("load $0 #1");
        node.Type("!spawn hello.iasm");
        node.Type("!registers");
        node.Repl.Tell(ReplProtocol.InputEnded.Instance);
        await node.Screen.Shows("[closed 0]");
        string text = node.Screen.Text;
        Assert.Contains("node1/1 | Hello from Iridium\n", text, StringComparison.Ordinal);
        Assert.Contains("$0  1 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_over_stops()
    {
        await using var node = new LocalNode();
        await node.Screen.Shows("[>>> ]");
        Assert.True(await node.Repl.GracefulStop(TimeSpan.FromSeconds(20), ReplProtocol.InputEnded.Instance));
        Assert.EndsWith("Farewell! Have a great day!\n[closed 0]\n", node.Screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task News_of_nodes_reach_every_session()
    {
        await using var node = new LocalNode();
        await node.Screen.Shows("[>>> ]");
        node.System.EventStream.Publish(
            new ClusterProtocol.NodeEvent(NodeChange.Hello, "node2", "akka.tcp://x@h:1", "Up"));
        await node.Screen.Shows("Hello from node2  akka.tcp://x@h:1 Up");
    }
}
