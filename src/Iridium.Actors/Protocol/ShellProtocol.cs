using System.Collections.Immutable;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Protocol;

/// <summary>
/// What a session and its own machine tell each other. They live side by side on one node, apart only so that a
/// program that never ends keeps no session from hearing what is typed. A turn is one line, or one file, from start to
/// end; its number tells late letters from those of the turn that runs.
/// </summary>
public static class ShellProtocol
{
    /// <summary>Add this to the program and run it. Answered with <see cref="Rejected"/>, or with <see cref="Ended"/>
    /// after any number of <see cref="Printed"/> and <see cref="WantsLine"/>.</summary>
    /// <param name="Name">What errors call the source.</param>
    /// <param name="Arguments">What the program is given.</param>
    public sealed record Run(int Turn, string Source, string Name, ImmutableArray<string> Arguments)
    {
        /// <summary>Finds what the source includes.</summary>
        public SourceResolver? Include { get; init; }
    }

    /// <summary>End the turn, if it still runs.</summary>
    public sealed record Stop(int Turn);

    /// <summary>The answer to <see cref="WantsLine"/>; null is the end of input.</summary>
    public sealed record Input(int Turn, string? Line);

    /// <summary>Show what the machine holds now. Answered with <see cref="Seen"/>.</summary>
    public sealed record Look(int Request, MachinePart Part);

    /// <summary>Empty a part. Answered with <see cref="Cleared"/>.</summary>
    public sealed record Clear(int Request, MachinePart Part);

    /// <summary>The source has errors; nothing was run.</summary>
    public sealed record Rejected(int Turn, ImmutableArray<Diagnostic> Diagnostics);

    /// <summary>A piece of what the program printed; pieces break anywhere.</summary>
    public sealed record Printed(int Turn, string Text);

    /// <summary>The program waits for a line of input.</summary>
    public sealed record WantsLine(int Turn);

    /// <param name="Result">How it ended; still running if it was stopped.</param>
    /// <param name="Crash">The report, if it crashed.</param>
    public sealed record Ended(int Turn, RunResult Result, CrashReport? Crash);

    public sealed record Seen(int Request, MachineView View);

    /// <param name="Done">False if a turn runs, which needs what was to be emptied.</param>
    public sealed record Cleared(int Request, MachinePart Part, bool Done);
}

/// <summary>What of a machine can be looked at.</summary>
public enum MachinePart
{
    Registers,
    Program,
    Symbols,
}

/// <summary>A copy of a part of a machine.</summary>
public abstract record MachineView
{
    private MachineView() { }

    public sealed record Registers(
        ImmutableArray<int> Integers, ImmutableArray<double> Floats,
        int ProgramCounter, bool EqualFlag, int Remainder, uint LoopCounter, int StackSlots, int HeapBytes)
        : MachineView;

    /// <param name="Listing">The disassembly, a line per instruction.</param>
    public sealed record Program(string Listing) : MachineView;

    public sealed record Symbols(ImmutableArray<Symbol> Table) : MachineView;
}
