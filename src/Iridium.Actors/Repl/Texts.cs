using System.Collections.Immutable;
using System.Globalization;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Repl;

/// <summary>Every text that a person sees in a session, in one place. Tables are in <see cref="Tables"/>.</summary>
internal static class Texts
{
    public const string Banner = "Welcome to Iridium! Let's be productive!";
    public const string Prompt = ">>> ";
    public const string PathPrompt = "Please enter the path to the file you wish to load: ";
    public const string InputPrompt = "";
    public const string Farewell = "Farewell! Have a great day!";
    public const string InvalidCommand = "Invalid command!";
    public const string ClusterStarted = "Started cluster server!";
    public const string JoinAttempt = "Attempting to join cluster...";
    public const string JoinSuccess = "Connected to cluster!";
    public const string JoinFailure = "Could not connect to cluster!";
    public const string KnownNodes = "Listing Known Nodes:";
    public const string NoNodes = "None yet: !start_cluster starts a cluster, !join_cluster <ip> <port> joins one.";
    public const string NoProcesses = "No programs run. !spawn <file> starts one.";
    public const string Registers = "Listing registers and all contents:";
    public const string Program = "Listing instructions currently in VM's program vector:";
    public const string EmptyProgram = "The program is empty. A line of assembly is added to it and run.";
    public const string Symbols = "Listing symbols table:";
    public const string NoSymbols = "No symbols. A label is declared as in `start: inc $0`.";
    public const string RegistersCleared = "All registers are zero.";
    public const string ProgramCleared = "The program is empty.";
    public const string Commands = "A line that starts with ! is a command; anything else is assembly, run at once:";
    public const string ListOfCommands = "!help lists the commands.";
    public const string HelpHint = "!help <command> says more about one of them.";
    public const string StillRunning = "The program is still running. Ctrl+C or !kill ends it.";
    public const string Busy = "A program is still running in this shell's machine. Ctrl+C or !kill ends it.";
    public const string WaitsForLine = "The program waits for a line: it gets the next one typed.";
    public const string NothingRuns = "No program runs in this shell's machine. `!ps` lists those in the background.";
    public const string Stopped = "Stopped.";
    public const string Forgotten = "Never mind.";
    public const string NoFile = "No file was given.";
    public const string TooManyLines = "Too many lines are waiting; this one is left out.";

    public static string LineTooLong(int limit) =>
        Invariant($"A line has at most {limit} characters; this one was left out. Put the program into a file.");

    public static string DidYouMean(string name) => $"Did you mean {name}? {ListOfCommands}";

    public static string Usage(CommandEntry entry) => $"Usage: {entry.Syntax}";

    public static string BadAlias(string text) =>
        $"`{text}` is not an alias: 1 to {Alias.MaxLength} of A-Z a-z 0-9 . _ -";

    public static string BadPid(string text) =>
        $"`{text}` is not a program's number. `!kill 3` means program 3 of this node, `!kill node2/3` that of node2.";

    public static string BadCount(string text) =>
        Invariant($"`{text}` is not a number of instructions: 1 to {WireLimits.Steps}.");

    /// <summary>Where a program stands.</summary>
    public static string Inspected(NodeProtocol.Inspected inspected)
    {
        string state = inspected.State.ToString().ToLowerInvariant();
        return $"{inspected.Pid} {inspected.Program} is {state}\n{Details(inspected.Report)}";
    }

    public static string BadPort(string text) => $"`{text}` is not a port: 1 to 65535.";

    public static string Unreadable(string path, string reason) => $"{path} cannot be read: {reason}";

    public static string NotText(string name) =>
        $"{name} is neither assembly text nor an Iridium image. A source is text in UTF-8.";

    public static string ImageInShell(string name) =>
        $"{name} is an image. !spawn runs it; !load_file takes the source.";

    public static string RejectedImage(string name, string reason) => $"{name} is not an image that can run: {reason}";

    public static string Spawned(Pid pid, string program) => $"Spawned {pid} {program}";

    public static string Refused(SpawnRefusal reason, string detail) => reason switch
    {
        SpawnRefusal.UnknownNode => $"There is no node {detail}. !cluster_members lists the nodes.",
        SpawnRefusal.UnreachableNode => $"{detail} cannot be reached now. !cluster_members shows where it stands.",
        SpawnRefusal.TooLong => $"The program is too long to be sent: {detail}.",
        SpawnRefusal.BadImage => $"The image was refused: {detail}",
        SpawnRefusal.NodeFull => $"The node runs as many programs as it may ({detail}). !kill ends one.",
        SpawnRefusal.Leaving => $"{detail} is leaving the cluster.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Killed(Pid pid, ProcessOutcome outcome) => outcome switch
    {
        ProcessOutcome.Done => $"Killed {pid}.",
        ProcessOutcome.NoSuchProcess => $"There is no program {pid}. !ps lists the programs.",
        ProcessOutcome.AlreadyEnded => $"{pid} has ended already.",
        ProcessOutcome.UnknownNode => $"There is no node {pid.Node}. !cluster_members lists the nodes.",
        ProcessOutcome.UnreachableNode => $"{pid.Node} cannot be reached now.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public static string JoinFailed(JoinRefusal reason, string detail) => reason switch
    {
        JoinRefusal.AliasTaken =>
            $"The alias is taken by {detail}. Start this node with another --node-alias.",
        JoinRefusal.NoCluster => $"{detail} is in no cluster yet. Type !start_cluster there first.",
        JoinRefusal.BadAlias =>
            $"This node's alias is not one: 1 to {Alias.MaxLength} of A-Z a-z 0-9 . _ -",
        JoinRefusal.TimedOut =>
            $"No answer from {detail}. Is a node running there, and is that the address it shows at !start_cluster?",
        JoinRefusal.CannotConnect => $"No connection to {detail}.",
        JoinRefusal.AlreadyMember => "This node is in a cluster already. !cluster_members lists the nodes.",
        JoinRefusal.BadEndpoint => $"{detail} is not another node's address.",
        JoinRefusal.NoEndpoint => "This node was started without a cluster endpoint.",
        JoinRefusal.Leaving => $"{detail} is leaving its cluster.",
        JoinRefusal.Busy => "This node is joining a cluster already.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string AliasTaken(string alias, string holder) =>
        $"The alias {alias} is taken by {holder}: this node leaves. Start it with another --node-alias.";

    public static string MachineLost(string reason) =>
        $"This shell's machine failed and was started anew, empty: {reason}";

    public static string AlreadyMember(string address) => $"It runs already, at {address}.";

    public static string Endpoint(string address) => $"Others join with !join_cluster {HostAndPort(address)}";

    public static string NoAnswer(string who) => $"No answer from {who}.";

    /// <summary>What happened to a node, in the tutorial's words, with Akka's status beside them.</summary>
    public static ScreenLine NodeEvent(ClusterProtocol.NodeEvent happened)
    {
        string who = happened.Alias;
        (string text, TextStyle style) = happened.Change switch
        {
            NodeChange.Hello => ($"Hello from {who}", TextStyle.Good),
            NodeChange.Joining => ($"{who} is joining", TextStyle.Quiet),
            NodeChange.Joined => ($"{who} joined", TextStyle.Good),
            NodeChange.Unreachable => ($"{who} is unreachable", TextStyle.Warning),
            NodeChange.Reachable => ($"{who} is reachable again", TextStyle.Good),
            NodeChange.Leaving => ($"{who} is leaving", TextStyle.Quiet),
            NodeChange.Left => ($"{who} left", TextStyle.Warning),
            NodeChange.Removed => ($"{who} was removed", TextStyle.Warning),
            NodeChange.Downed => ($"{who} was downed", TextStyle.Warning),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Change, null),
        };
        return ScreenLine.Of(
            new TextSpan(style, text), new TextSpan(TextStyle.Quiet, $"  {happened.Address} {happened.Status}"));
    }

    /// <summary>How a line, or a file run in the shell's machine, ended; null where nothing needs to be
    /// said.</summary>
    public static (string Text, TextStyle Style)? TurnEnded(RunResult result) => result.Stop switch
    {
        // A line runs past its end: that is how lines end.
        Stop.RanOff => null,
        Stop.Halted => ($"The program {result.ToText()}.", TextStyle.Quiet),
        Stop.Crashed or Stop.Illegal => ($"The program {result.ToText()}.", TextStyle.Bad),
        _ => (Stopped, TextStyle.Warning),
    };

    public static (string Text, TextStyle Style) ProcessEnded(VmProtocol.Ended ended)
    {
        string who = $"{ended.Pid} {ended.Program}";
        string after = Invariant($" after {ended.Instructions} instructions");
        (string text, TextStyle style) = ended.State switch
        {
            ProcessState.Finished => (Invariant($"{who} finished with code {ended.Code}{after}"), TextStyle.Quiet),
            ProcessState.Crashed => ($"{who} {Crash(ended)}{after}", TextStyle.Bad),
            ProcessState.Killed => ($"{who} was killed{after}", TextStyle.Warning),
            _ => ($"{who} was lost{after}: its node failed to run it", TextStyle.Bad),
        };
        string next = ended.RestartsIn is { } pause
            ? Invariant($"; starts again in {pause.TotalSeconds:0.0##} s")
            : "";
        return (text + next, style);
    }

    /// <summary>The report of a crash without its first line, which says how the program ended.</summary>
    public static string Details(CrashReport report)
    {
        string text = report.ToText();
        return text[(text.IndexOf('\n') + 1)..];
    }

    public static string ProcessRestarted(Pid pid, string program, int run) =>
        Invariant($"{pid} {program} started again, run {run}");

    public static string Suppressed(int lines) => Invariant($"... {lines} more lines left out, they came too fast");

    public static string MoreProcesses(string node, int omitted) =>
        Invariant($"... and {omitted} more on {node}");

    private static string Crash(VmProtocol.Ended ended) =>
        ended.Crash?.Result.ToText() ?? Invariant($"crashed with code {ended.Code}");

    private static string HostAndPort(string address)
    {
        string endpoint = address[(address.LastIndexOf('@') + 1)..];
        int colon = endpoint.LastIndexOf(':');
        return colon < 0 ? endpoint : $"{endpoint[..colon]} {endpoint[(colon + 1)..]}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
