using System.Collections.Immutable;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Interactive;

/// <summary>What came of adding a line.</summary>
/// <param name="Diagnostics">Its errors; with any, nothing was added.</param>
/// <param name="Address">Where its first instruction stands.</param>
/// <param name="CodeBytes">How many bytes of code it added; 0 if there is nothing to run.</param>
public sealed record AppendResult(ImmutableArray<Diagnostic> Diagnostics, int Address, int CodeBytes)
{
    public bool Succeeded => Diagnostics.IsEmpty;

    /// <summary>Whether the machine now stands before instructions that were never run.</summary>
    public bool IsReady => Succeeded && CodeBytes > 0;
}

/// <summary>
/// The program behind a prompt: each line is assembled behind what was typed before, into a machine that lives on.
/// Its code starts at address 0, sections may be left out, labels and constants of earlier lines are known, and a
/// name may be declared anew. After a line was added the host runs <see cref="Machine"/> in slices until it stops;
/// running past the end is how a line normally ends.
/// </summary>
public sealed class InteractiveProgram
{
    private readonly AssemblerOptions _options;
    private byte[] _code = [];
    private byte[] _data = [];

    /// <param name="limits">What the machine may take.</param>
    /// <param name="include">Finds what <c>.include</c> asks for; without one, it is an error.</param>
    /// <param name="id">Names the machine's runs in their events.</param>
    public InteractiveProgram(Limits? limits = null, SourceResolver? include = null, Guid id = default)
    {
        _options = new AssemblerOptions { Limits = limits ?? Limits.Default, Include = include };
        Machine = new Machine(Compose(), _options.Limits) { Id = id };
    }

    /// <summary>
    /// The one machine. Add nothing while it is in the middle of a line: that would abandon the line.
    /// </summary>
    public Machine Machine { get; }

    public SymbolTable Symbols { get; private set; } = SymbolTable.Empty;

    public ReadOnlyMemory<byte> Code => _code;

    public ReadOnlyMemory<byte> ReadOnlyData => _data;

    /// <summary>
    /// Adds a line, or a whole source with sections, and moves the machine to its first instruction.
    /// </summary>
    /// <param name="include">Finds what this source includes, in the place of the program's own.</param>
    public AppendResult Append(string source, string fileName = "line", SourceResolver? include = null)
    {
        AssemblyRun run = Assembler.Continue(source, fileName, _options with { Include = include ?? _options.Include },
            new AssemblyStart { Interactive = true, Symbols = Symbols.Symbols, Code = _code, Data = _data });
        int address = _code.Length;
        ImmutableArray<Diagnostic> diagnostics = run.SortedDiagnostics();
        if (!diagnostics.IsEmpty) return new AppendResult(diagnostics, address, 0);
        _code = [.. run.Code];
        _data = [.. run.Data];
        Symbols = run.Symbols;
        Machine.Extend(Compose(), address);
        return new AppendResult([], address, _code.Length - address);
    }

    /// <summary>
    /// Empties the program: code, data, symbols, and the stack with its return addresses. Registers and heap stay.
    /// </summary>
    public void Clear()
    {
        _code = [];
        _data = [];
        Symbols = SymbolTable.Empty;
        Machine.ClearStack();
        Machine.Extend(Compose(), 0);
    }

    public void ClearRegisters() => Machine.ClearRegisters();

    /// <summary>The program as instructions, one a line, each with its address.</summary>
    public string Listing() => Disassembler.Listing(Machine.Image, Symbols, marked: null);

    private VerifiedImage Compose() => VerifiedImage.FromCode(_code, _data, InstructionSet.NewestVersion);
}
