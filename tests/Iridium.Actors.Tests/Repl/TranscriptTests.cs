using System.Collections.Immutable;
using Iridium.Actors.Protocol;
using Iridium.Actors.Repl;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Tests.Repl;

/// <summary>Whole sessions as a person sees them, kept as golden files.</summary>
public sealed class TranscriptTests
{
    private const string Hello = ".data\ntext: .asciiz 'Hello from Iridium'\n.code\nprts @text\nhlt\n";
    private const string Forever = ".data\n.code\nload $1 #1\nagain: inc $0\neq $1 $1\ndjmpe @again\n";
    private const string Crash = ".data\n.code\nload $0 #7\ndiv $0 $1 $2\nhlt\n";

    [Fact]
    public void The_machine_at_the_prompt() => Expect("machine", new Transcript().Type(
        "", "load $0 #100", "load $1 #7", "add $0 $1 $2", "here: inc $2", "!registers", "!program", "!symbols",
        "!clear_registers", "!clear_program", "!program", "!symbols", "hlt", "!history", "!quit"));

    [Fact]
    public void Errors_at_the_prompt() => Expect("errors", new Transcript().Type(
        "add $1 $40 $2", "frobnicate", "!regsters", "!nonsense", "!", "!join_cluster 127.0.0.1", "!spawn a b --on",
        "!kill x", "!kill", "!join_cluster 127.0.0.1 99999", "!spawn x --on a/b", "!spawn x --off",
        "load $0 #7", "div $0 $1 $2", "!help frobnicate", "!help regsters", "!help ''",
        "inc $0 ; it goes on"));

    [Fact]
    public void Help() => Expect("help", new Transcript().Type(
        ["!help", .. CommandTable.Entries.Select(entry => $"!help {entry.Name[1..]}")]));

    [Fact]
    public void A_file_is_loaded_with_and_without_its_path_on_the_line()
    {
        var transcript = new Transcript
        {
            Files = { ["hello.iasm"] = Hello, ["a b.iasm"] = Crash, ["junk"] = "\0\u00ff\u00fe" },
        };
        Expect("load", transcript.Type(
            "!load_file hello.iasm", "!load_file", "hello.iasm", "!load_file", "a b.iasm", "!load_file 'a b.iasm'",
            "!load_file", "", "!load_file missing.iasm", "!load_file junk"));
    }

    [Fact]
    public void A_loop_without_end_gives_the_prompt_back_and_is_killed()
    {
        var transcript = new Transcript { Files = { ["forever.iasm"] = Forever } };
        transcript.Type("!load_file forever.iasm").Fire(SessionTimer.Patience)
            .Type("inc $0", "!clear_program", "!kill", "inc $3", "!load_file forever.iasm").Interrupt().Type("!quit");
        Expect("forever", transcript);
    }

    [Fact]
    public void A_program_is_spawned_here_and_on_another_node()
    {
        var transcript = new Transcript
        {
            Files = { ["hello.iasm"] = Hello },
            Node = message => message is NodeProtocol.Spawn spawn ? Run(spawn) : [],
        };
        transcript.Type("!spawn hello.iasm --on node2", "!spawn hello.iasm -- one two", "!spawn", "hello.iasm");
        transcript.Type("!spawn hello.iasm --on node9", "!spawn hello.iasm --on silent").Fire(SessionTimer.Answer);
        Expect("spawn", transcript);

        static IEnumerable<object> Run(NodeProtocol.Spawn spawn)
        {
            if (spawn.On == "silent") yield break;
            if (spawn.On == "node9")
            {
                yield return new NodeProtocol.SpawnRefused(spawn.Request, SpawnRefusal.UnknownNode, "node9");
                yield break;
            }
            var pid = new Pid(spawn.On ?? "node1", spawn.Request);
            yield return new NodeProtocol.Spawned(spawn.Request, pid, spawn.Program.Name);
            yield return new VmProtocol.Started(pid, spawn.Program.Name, 1);
            yield return new VmProtocol.Printed(pid, "Hello\u001b[31m fr");
            yield return new VmProtocol.Printed(pid, "om\r\nIridium");
            yield return new VmProtocol.Ended(pid, spawn.Program.Name, ProcessState.Finished, 0, 2, null, null);
        }
    }

    [Fact]
    public void Processes_of_all_nodes()
    {
        var transcript = new Transcript
        {
            Node = message => message is NodeProtocol.ListProcesses list
                ?
                [
                    new NodeProtocol.Processes(
                        list.Request, "node2", [Row(11, "sieve.iasm", ProcessState.Running, 1234567)], 3),
                    new NodeProtocol.Listing(list.Request, ["node1", "node2"], ["node3"]),
                    new NodeProtocol.Processes(
                        list.Request, "node1",
                        [
                            Row(1, "hello.iasm", ProcessState.Finished, 2),
                            Row(2, "a-very-long-name-of-a-program-that-goes-on.iasm", ProcessState.Crashed, 99),
                            Row(3, "loud.iasm", ProcessState.Throttled, 12),
                        ],
                        0),
                ]
                : message is NodeProtocol.Kill kill
                    ? [new NodeProtocol.KillAnswer(kill.Request, kill.Pid, OutcomeOf(kill.Pid))]
                    : [],
        };
        Expect("processes", transcript.Type("!ps", "!kill node2/11", "!kill 1"));

        static ProcessOutcome OutcomeOf(Pid pid) =>
            pid.Number > 9 ? ProcessOutcome.Done : ProcessOutcome.AlreadyEnded;

        static ProcessRow Row(int number, string name, ProcessState state, long instructions)
        {
            int code = state == ProcessState.Crashed ? 2 : 0;
            return new(number, name, state, code, instructions, 0, TimeSpan.FromSeconds(number * 31));
        }
    }

    [Fact]
    public void A_crash_in_the_background_is_explained_and_a_running_program_looked_into()
    {
        var pid = new Pid("node2", 1);
        CrashReport report = Protocol.WireManifestTests.Crash;
        var transcript = new Transcript
        {
            Files = { ["crash.iasm"] = Crash },
            Node = message => message switch
            {
                NodeProtocol.Spawn spawn => [new NodeProtocol.Spawned(spawn.Request, pid, spawn.Program.Name)],
                NodeProtocol.Inspect { Pid.Number: 1 } look =>
                [
                    new NodeProtocol.Inspected(
                        look.Request, pid, "crash.iasm", ProcessState.Running,
                        [.. Enumerable.Range(0, look.Steps).Select(step => $"{72 + step,6}  inc $0   $0={step}")],
                        report),
                ],
                NodeProtocol.Inspect look =>
                    [new NodeProtocol.KillAnswer(look.Request, look.Pid, ProcessOutcome.NoSuchProcess)],
                _ => [],
            },
        };
        transcript.Type("!spawn crash.iasm --restart", "!state node2/1", "!trace node2/1 3", "!trace 9", "!trace 1 0")
            .Hear(new VmProtocol.Ended(
                pid, "crash.iasm", ProcessState.Crashed, 2, 77, report, TimeSpan.FromMilliseconds(200)))
            .Hear(new VmProtocol.Started(pid, "crash.iasm", 2))
            .Hear(new VmProtocol.Ended(pid, "crash.iasm", ProcessState.Failed, 0, 80, null, null));
        Expect("crash", transcript);
    }

    [Fact]
    public void A_cluster_is_started_and_its_members_listed()
    {
        const string Address = "akka.tcp://iridium@127.0.0.1:2254";
        const string Other = "akka.tcp://iridium@127.0.0.1:2255";
        const string Far = "akka.tcp://iridium@127.0.0.1:22541";
        int started = 0;
        var transcript = new Transcript { Node = Answer };
        transcript.Type("!cluster_members", "!start_cluster", "!start_cluster")
            .Hear(new ClusterProtocol.NodeEvent(NodeChange.Joined, "node1", Address, "Up"))
            .Hear(new ClusterProtocol.NodeEvent(NodeChange.Joining, "node2", Other, "Joining"))
            .Hear(new ClusterProtocol.NodeEvent(NodeChange.Hello, "node2", Other, "Up"))
            .Hear(new ClusterProtocol.NodeEvent(NodeChange.Unreachable, "node2", Other, "Up"))
            .Hear(new ClusterProtocol.NodeEvent(NodeChange.Left, "node2", Other, "Removed"))
            .Type("!cluster_members", "!join_cluster 127.0.0.1 2256")
            .Hear(new ClusterProtocol.AliasTaken("node1", "akka.tcp://iridium@127.0.0.1:2254"));
        Expect("cluster", transcript);

        IEnumerable<object> Answer(object message) => message switch
        {
            ClusterProtocol.StartCluster start =>
                [new ClusterProtocol.ClusterStarted(start.Request, Address, started++ > 0)],
            ClusterProtocol.ListMembers list => [new ClusterProtocol.Members(list.Request, started > 0 ? Rows() : [])],
            ClusterProtocol.JoinCluster join =>
                [new ClusterProtocol.JoinFailed(join.Request, JoinRefusal.AlreadyMember, Address)],
            _ => [],
        };

        ImmutableArray<NodeRow> Rows() =>
        [
            new("node1", Address, "Up", ["alias-node1"], true, true, true, true),
            new("a-longer-alias", Far, "WeaklyUp", ["alias-a-longer-alias", "x"], false, false, false, true),
            new(null, "akka.tcp://iridium@10.0.0.1:1", "Up", [], true, false, false, false),
        ];
    }

    [Fact]
    public void Joining_succeeds_or_says_why_not()
    {
        var transcript = new Transcript
        {
            Node = message => message is ClusterProtocol.JoinCluster join ? [Answer(join)] : [],
        };
        transcript.Type("!join_cluster 127.0.0.1 2254");
        foreach (JoinRefusal refusal in Enum.GetValues<JoinRefusal>())
            transcript.Type($"!join_cluster host {(int)refusal}");
        Expect("join", transcript);

        // A port below 100 is the number of a refusal.
        static object Answer(ClusterProtocol.JoinCluster join) => join.Port < 100
            ? new ClusterProtocol.JoinFailed(join.Request, (JoinRefusal)join.Port, $"{join.Host}:{join.Port}")
            : new ClusterProtocol.Joined(join.Request, $"akka.tcp://iridium@{join.Host}:{join.Port}");
    }

    [Fact]
    public void A_script_runs_to_its_end_and_waits_for_what_it_spawned()
    {
        var pid = new Pid("node1", 1);
        var transcript = new Transcript(interactive: false)
        {
            Files = { ["hello.iasm"] = Hello },
            Node = message => message is NodeProtocol.Spawn spawn
                ? [new NodeProtocol.Spawned(spawn.Request, pid, spawn.Program.Name)]
                : [],
        };
        transcript.Type("load $0 #1", "!spawn hello.iasm").EndInput();
        Assert.False(transcript.Session.IsClosed);
        transcript.Hear(new VmProtocol.Printed(pid, "Hello"))
            .Hear(new VmProtocol.Ended(pid, "hello.iasm", ProcessState.Finished, 0, 2, null, null));
        Assert.True(transcript.Session.IsClosed);
        Expect("script", transcript);
    }

    [Fact]
    public void A_program_asks_for_lines()
    {
        const string Echo = """
            .version #1
            .data
            .code
            load $1 #64
            aloc $1
            load $0 #0
            load $1 #64
            readln $0 $1
            prtm $0 $1
            hlt
            """;
        var transcript = new Transcript { Files = { ["echo.iasm"] = Echo } };
        Expect("input", transcript.Type("!load_file echo.iasm", "some words", "!registers"));
    }

    [Fact]
    public void A_flood_of_lines_is_counted_not_shown()
    {
        var pid = new Pid("node1", 1);
        var transcript = new Transcript(Transcript.Settings with { MaxLinesPerSecond = 3 })
        {
            Files = { ["hello.iasm"] = Hello },
            Node = message => [new NodeProtocol.Spawned(((NodeProtocol.Spawn)message).Request, pid, "hello.iasm")],
        };
        string flood = string.Concat(Enumerable.Repeat("y\n", 1000));
        transcript.Type("!spawn hello.iasm").Hear(new VmProtocol.Printed(pid, flood));
        Expect("flood", transcript.Fire(SessionTimer.Suppressed).Type("!quit"));
    }

    /// <summary>Whoever knows a session's address may send it letters; what it did not ask for is not shown.</summary>
    [Fact]
    public void News_of_programs_that_are_not_ours_is_not_shown()
    {
        var pid = new Pid("evil", 1);
        var transcript = new Transcript();
        string before = transcript.Text;
        transcript.Hear(new NodeProtocol.Spawned(1, pid, "fake"))
            .Hear(new VmProtocol.Started(pid, "fake", 2))
            .Hear(new VmProtocol.Printed(pid, "Enter your password:\n"))
            .Hear(new VmProtocol.Ended(pid, "fake", ProcessState.Finished, 0, 2, null, null))
            .Hear(new NodeProtocol.KillAnswer(1, pid, ProcessOutcome.Done))
            .Hear(new ClusterProtocol.Joined(1, "akka.tcp://x@h:1"));
        Assert.Equal(before, transcript.Text);
    }

    private static void Expect(string name, Transcript transcript) =>
        Golden.Expect(transcript.Text, $"../Transcripts/{name}.txt");
}
