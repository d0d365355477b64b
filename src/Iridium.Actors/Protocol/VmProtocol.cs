using Iridium.Vm.Execution;

namespace Iridium.Actors.Protocol;

/// <summary>What a process tells its audience: the session that spawned it, wherever that is.</summary>
public static class VmProtocol
{
    /// <summary>A piece of what the program printed; pieces break anywhere.</summary>
    public sealed record Printed(Pid Pid, string Text) : IWireMessage;

    /// <summary>The program started, the first time or again.</summary>
    /// <param name="Run">1 for the first time.</param>
    public sealed record Started(Pid Pid, string Program, int Run) : IWireMessage;

    /// <summary>The program ended.</summary>
    /// <param name="Code">Its stop code, or the code of its fault.</param>
    /// <param name="Crash">What a crash looked like from inside, else null.</param>
    /// <param name="RestartsIn">When it will be started again, or null if it stays down.</param>
    public sealed record Ended(
        Pid Pid, string Program, ProcessState State, int Code, long Instructions,
        CrashReport? Crash, TimeSpan? RestartsIn) : IWireMessage;
}
