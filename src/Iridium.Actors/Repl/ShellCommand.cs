namespace Iridium.Actors.Repl;

/// <summary>What a person can ask of the shell; <see cref="CommandTable"/> says how it is written.</summary>
public enum ShellCommand
{
    Help,
    Quit,
    History,
    Program,
    ClearProgram,
    Registers,
    ClearRegisters,
    Symbols,
    LoadFile,
    Spawn,
    Processes,
    Kill,
    State,
    Trace,
    StartCluster,
    JoinCluster,
    ClusterMembers,
}
