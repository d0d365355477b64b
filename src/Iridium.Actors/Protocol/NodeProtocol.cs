using System.Collections.Immutable;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Protocol;

/// <summary>
/// The conversation with a node's front desk, <c>/user/node</c>. A session talks to its own node only; what is meant
/// for another is forwarded there, and the answer comes straight back to whoever asked. Every question carries a
/// number that its answers repeat, so that an answer that comes too late is not taken for another question's.
/// </summary>
public static class NodeProtocol
{
    /// <summary>Run this program on a node. The asker becomes its audience: it is sent the program's output and
    /// events. Answered with <see cref="Spawned"/> or <see cref="SpawnRefused"/>.</summary>
    /// <param name="On">The node's alias; null is the node asked.</param>
    public sealed record Spawn(int Request, string? On, ProgramFile Program);

    /// <summary>Run this program on the node that receives this.</summary>
    public sealed record SpawnHere(int Request, ProgramFile Program) : IWireMessage;

    public sealed record Spawned(int Request, Pid Pid, string Program) : IWireMessage;

    /// <param name="Detail">What the reason is about: a name, a limit, the verifier's words.</param>
    public sealed record SpawnRefused(int Request, SpawnRefusal Reason, string Detail) : IWireMessage;

    /// <summary>List the processes of every node that can be reached. Answered with <see cref="Listing"/>, and by each
    /// node it names with <see cref="Processes"/>.</summary>
    public sealed record ListProcesses(int Request);

    /// <summary>List the processes of the node that receives this.</summary>
    public sealed record ListProcessesHere(int Request) : IWireMessage;

    /// <summary>The aliases of the nodes that have been asked, in the order to show them.</summary>
    /// <param name="Unreachable">Members that were not asked because they cannot be reached.</param>
    public sealed record Listing(int Request, ImmutableArray<string> Nodes, ImmutableArray<string> Unreachable);

    /// <param name="Rows">In the order of their numbers.</param>
    /// <param name="Omitted">How many ended ones were left out to keep the letter short.</param>
    public sealed record Processes(int Request, string Node, ImmutableArray<ProcessRow> Rows, int Omitted)
        : IWireMessage;

    /// <summary>End a process anywhere. Answered with <see cref="KillAnswer"/>.</summary>
    public sealed record Kill(int Request, Pid Pid);

    /// <summary>End a process of the node that receives this.</summary>
    public sealed record KillHere(int Request, int Number) : IWireMessage;

    /// <summary>What became of <see cref="Kill"/>; or why an <see cref="Inspect"/> was in vain.</summary>
    public sealed record KillAnswer(int Request, Pid Pid, ProcessOutcome Outcome) : IWireMessage;

    /// <summary>Look into a running process anywhere, and follow it for some instructions. Answered with
    /// <see cref="Inspected"/>, or with <see cref="KillAnswer"/> if there is nothing to look into.</summary>
    /// <param name="Steps">How many instructions to follow, 0 to <see cref="WireLimits.Steps"/>.</param>
    public sealed record Inspect(int Request, Pid Pid, int Steps);

    /// <summary>Look into a process of the node that receives this.</summary>
    public sealed record InspectHere(int Request, int Number, int Steps) : IWireMessage;

    /// <param name="Trace">The instructions followed, a line each: address, instruction, what it changed.</param>
    /// <param name="Report">The machine behind them.</param>
    public sealed record Inspected(
        int Request, Pid Pid, string Program, ProcessState State, ImmutableArray<string> Trace, CrashReport Report)
        : IWireMessage;
}

/// <summary>A program on its way to the machine that runs it.</summary>
/// <param name="Name">The file's name, for people.</param>
/// <param name="Image">The assembled image; the machine that runs it verifies it first.</param>
/// <param name="Restart">What its node does when it ends.</param>
/// <param name="Arguments">What the program can ask for.</param>
public sealed record ProgramFile(
    string Name, ReadOnlyMemory<byte> Image, RestartPolicy Restart, ImmutableArray<string> Arguments);

/// <summary>When a program that ended is started again.</summary>
public enum RestartPolicy
{
    Never = 0,

    /// <summary>After a crash, but not after a halt.</summary>
    OnCrash = 1,

    Always = 2,
}

/// <summary>Why a program was not spawned.</summary>
public enum SpawnRefusal
{
    /// <summary>No member has this alias.</summary>
    UnknownNode = 1,

    /// <summary>The node is a member, but cannot be reached now.</summary>
    UnreachableNode = 2,

    /// <summary>The image is longer than the limit.</summary>
    TooLong = 3,

    /// <summary>The verifier does not admit the image.</summary>
    BadImage = 4,

    /// <summary>The node runs as many processes as it may.</summary>
    NodeFull = 5,

    /// <summary>The node is on its way out.</summary>
    Leaving = 6,
}

/// <summary>What became of something that was to be done to a process.</summary>
public enum ProcessOutcome
{
    Done = 1,

    /// <summary>The node has, or remembers, no process of this number.</summary>
    NoSuchProcess = 2,

    AlreadyEnded = 3,
    UnknownNode = 4,
    UnreachableNode = 5,
}

/// <summary>Where a process stands.</summary>
public enum ProcessState
{
    Running = 1,

    /// <summary>It printed faster than it may, and waits.</summary>
    Throttled = 2,

    /// <summary>It ended and is about to be started again.</summary>
    Restarting = 3,

    /// <summary>It ended by itself; its code says how.</summary>
    Finished = 4,

    Crashed = 5,
    Killed = 6,

    /// <summary>The actor that ran it failed: a fault of the node, not of the program.</summary>
    Failed = 7,
}

/// <summary>One line of a list of processes.</summary>
/// <param name="Code">The stop code, once it has ended.</param>
/// <param name="Instructions">Executed so far, over all its restarts; of a running one, at most a second old.</param>
/// <param name="Age">Since it was spawned; of an ended one, how long it lived.</param>
public sealed record ProcessRow(
    int Number, string Program, ProcessState State, int Code, long Instructions, int Restarts, TimeSpan Age);
