using System.Text.RegularExpressions;
using Akka.Actor;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Tests.Actors;

public sealed class NodeActorTests
{
    [Fact]
    public async Task A_program_runs_and_its_audience_hears_of_it_in_order()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(7, null, LocalNode.Assemble(Programs.Hello)), audience.Ref);
        var pid = new Pid("node1", 1);
        Assert.Equal(new NodeProtocol.Spawned(7, pid, "test.iasm"), await audience.Hears<object>());
        Assert.Equal(new VmProtocol.Started(pid, "test.iasm", 1), await audience.Hears<object>());
        Assert.Equal(new VmProtocol.Printed(pid, "Hello from Iridium"), await audience.Hears<object>());
        Assert.Equal(
            new VmProtocol.Ended(pid, "test.iasm", ProcessState.Finished, 0, 2, null, null),
            await audience.Hears<object>());
    }

    [Fact]
    public async Task A_crash_is_reported_and_the_node_lives()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        foreach (string source in new[] { Programs.Crash, Programs.Bomb, Programs.Deep })
        {
            node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(source)), audience.Ref);
            VmProtocol.Ended ended = await audience.Hears<VmProtocol.Ended>();
            Assert.Equal(ProcessState.Crashed, ended.State);
            Assert.NotNull(ended.Crash);
            Assert.Equal(ended.Code, ended.Crash.Result.Code);
            Assert.Equal(2, ended.Crash.Events.Length);
        }
        ProcessRow[] rows = await Rows(node, audience);
        Assert.All(rows, row => Assert.Equal(ProcessState.Crashed, row.State));
        Assert.Equal(3, rows.Length);
    }

    [Fact]
    public async Task What_is_no_program_is_refused_with_a_reason()
    {
        await using var node =
            new LocalNode("iridium.node { max-processes = 1, max-program-bytes = 200 }", withSession: false);
        var audience = new Audience(node.System);
        await Refused(new ProgramFile("junk", new byte[100], RestartPolicy.Never, []), null, SpawnRefusal.BadImage);
        await Refused(new ProgramFile("empty", default, RestartPolicy.Never, []), null, SpawnRefusal.BadImage);
        await Refused(new ProgramFile("long", new byte[201], RestartPolicy.Never, []), null, SpawnRefusal.TooLong);
        await Refused(LocalNode.Assemble(Programs.Hello), "node9", SpawnRefusal.UnknownNode);
        node.Node.Tell(new NodeProtocol.Spawn(1, "node1", LocalNode.Assemble(Programs.Forever)), audience.Ref);
        await audience.Hears<NodeProtocol.Spawned>();
        await Refused(LocalNode.Assemble(Programs.Hello), null, SpawnRefusal.NodeFull);

        async Task Refused(ProgramFile program, string? on, SpawnRefusal reason)
        {
            node.Node.Tell(new NodeProtocol.Spawn(3, on, program), audience.Ref);
            NodeProtocol.SpawnRefused refused = await audience.Hears<NodeProtocol.SpawnRefused>();
            Assert.Equal((3, reason), (refused.Request, refused.Reason));
        }
    }

    [Fact]
    public async Task An_endless_loop_is_killed_and_its_killer_told()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(Programs.Forever)), audience.Ref);
        Pid pid = (await audience.Hears<NodeProtocol.Spawned>()).Pid;
        var killer = new Audience(node.System);
        Assert.Equal(ProcessOutcome.Done, await Kill(pid));
        VmProtocol.Ended ended = await audience.Hears<VmProtocol.Ended>();
        Assert.Equal(ProcessState.Killed, ended.State);
        await Until(node, audience, rows => rows.Single().State == ProcessState.Killed);
        Assert.Equal(ProcessOutcome.AlreadyEnded, await Kill(pid));
        Assert.Equal(ProcessOutcome.NoSuchProcess, await Kill(new Pid("node1", 99)));
        Assert.Equal(ProcessOutcome.UnknownNode, await Kill(new Pid("node9", 1)));

        async Task<ProcessOutcome> Kill(Pid which)
        {
            node.Node.Tell(new NodeProtocol.Kill(5, which), killer.Ref);
            NodeProtocol.KillAnswer answer = await killer.Hears<NodeProtocol.KillAnswer>();
            Assert.Equal((5, which), (answer.Request, answer.Pid));
            return answer.Outcome;
        }
    }

    /// <summary>A hundred endless loops, and a program that has something to do still does it, and the desk still
    /// answers.</summary>
    [Fact]
    public async Task Endless_loops_keep_nobody_from_running()
    {
        await using var node = new LocalNode(withSession: false);
        var crowd = new Audience(node.System);
        for (int count = 0; count < 100; count++)
        {
            node.Node.Tell(new NodeProtocol.Spawn(count, null, LocalNode.Assemble(Programs.Forever)), crowd.Ref);
        }
        for (int count = 0; count < 100; count++) await crowd.Hears<NodeProtocol.Spawned>();
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(Programs.Hello)), audience.Ref);
        Assert.Equal("Hello from Iridium", (await audience.Hears<VmProtocol.Printed>()).Text);
        await Until(
            node, audience,
            rows => rows.Count(row => row is { State: ProcessState.Running, Instructions: > 0 }) == 100);
        for (int number = 1; number <= 100; number++)
        {
            node.Node.Tell(new NodeProtocol.Kill(number, new Pid("node1", number)), audience.Ref);
            Assert.Equal(ProcessOutcome.Done, (await audience.Hears<NodeProtocol.KillAnswer>()).Outcome);
        }
    }

    /// <summary>What is printed too fast waits; nothing is lost and nothing piles up.</summary>
    [Fact]
    public async Task A_program_that_prints_for_ever_is_slowed_down()
    {
        await using var node =
            new LocalNode("iridium.vm.output { rate = 1000, burst = 100, piece = 64 }", withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(Programs.Loud)), audience.Ref);
        Assert.True((await audience.Hears<VmProtocol.Printed>()).Text.Length <= 64);
        await Until(node, audience, rows => rows.Single().State == ProcessState.Throttled);
        node.Node.Tell(new NodeProtocol.Kill(1, new Pid("node1", 1)), audience.Ref);
        Assert.Equal(ProcessOutcome.Done, (await audience.Hears<NodeProtocol.KillAnswer>()).Outcome);
    }

    [Fact]
    public async Task A_program_that_crashes_is_restarted_as_often_as_allowed()
    {
        await using var node = new LocalNode(
            "iridium.vm.restart { max-restarts = 2, within = 60s, min-backoff = 1ms, max-backoff = 2ms }",
            withSession: false);
        var audience = new Audience(node.System);
        ProgramFile program = LocalNode.Assemble(Programs.Crash, RestartPolicy.OnCrash);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, program), audience.Ref);
        for (int run = 1; run <= 3; run++)
        {
            Assert.Equal(run, (await audience.Hears<VmProtocol.Started>()).Run);
            VmProtocol.Ended ended = await audience.Hears<VmProtocol.Ended>();
            Assert.Equal(run < 3, ended.RestartsIn is not null);
            Assert.Equal(2 * run, ended.Instructions);
        }
        await Until(
            node, audience, rows => rows.Single() is { State: ProcessState.Crashed, Restarts: 2, Instructions: 6 });
    }

    [Fact]
    public async Task A_program_outlives_its_audience()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(Programs.Forever)), audience.Ref);
        await audience.Hears<NodeProtocol.Spawned>();
        await audience.Ref.GracefulStop(TimeSpan.FromSeconds(5));
        var other = new Audience(node.System);
        await Until(node, other, rows => rows.Single() is { State: ProcessState.Running, Instructions: > 1_000_000 });
    }

    [Fact]
    public async Task A_running_program_can_be_looked_into_and_followed()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new NodeProtocol.Spawn(1, null, LocalNode.Assemble(Programs.Forever)), audience.Ref);
        Pid pid = (await audience.Hears<NodeProtocol.Spawned>()).Pid;
        node.Node.Tell(new NodeProtocol.Inspect(5, pid, 4), audience.Ref);
        NodeProtocol.Inspected seen = await audience.Hears<NodeProtocol.Inspected>();
        Assert.Equal((5, pid, ProcessState.Running, 4), (seen.Request, seen.Pid, seen.State, seen.Trace.Length));
        Assert.Contains(seen.Trace, line => Regex.IsMatch(line, @"inc \$0 +\$0=\d+$"));
        Assert.Equal(1, seen.Report.Registers[1]);
        node.Node.Tell(new NodeProtocol.Inspect(6, new Pid("node1", 9), 0), audience.Ref);
        Assert.Equal(ProcessOutcome.NoSuchProcess, (await audience.Hears<NodeProtocol.KillAnswer>()).Outcome);
    }

    [Fact]
    public async Task A_node_without_a_cluster_says_so()
    {
        await using var node = new LocalNode(withSession: false);
        var audience = new Audience(node.System);
        node.Node.Tell(new ClusterProtocol.ListMembers(1), audience.Ref);
        Assert.Empty((await audience.Hears<ClusterProtocol.Members>()).Nodes);
        node.Node.Tell(new ClusterProtocol.JoinCluster(2, "127.0.0.1", 2254), audience.Ref);
        Assert.Equal(JoinRefusal.NoEndpoint, (await audience.Hears<ClusterProtocol.JoinFailed>()).Reason);
    }

    private static async Task<ProcessRow[]> Rows(LocalNode node, Audience audience)
    {
        node.Node.Tell(new NodeProtocol.ListProcesses(9), audience.Ref);
        return [.. (await audience.Hears<NodeProtocol.Processes>()).Rows];
    }

    private static async Task Until(LocalNode node, Audience audience, Func<ProcessRow[], bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition(await Rows(node, audience))) timeout.Token.ThrowIfCancellationRequested();
    }
}
