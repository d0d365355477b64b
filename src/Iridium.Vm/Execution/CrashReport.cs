using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Iridium.Vm.Assembly;

namespace Iridium.Vm.Execution;

/// <summary>
/// Everything a person needs to understand how a run ended: which instruction, where, with which registers, and what
/// happened before.
/// </summary>
public sealed record CrashReport
{
    public required Guid Id { get; init; }
    public required RunResult Result { get; init; }
    public required int Address { get; init; }

    /// <summary>The instruction at that address, as it could be written.</summary>
    public required string Instruction { get; init; }

    /// <summary>Where it was written, if the host knows the source.</summary>
    public SourceLine? Source { get; init; }

    public required ImmutableArray<int> Registers { get; init; }
    public required ImmutableArray<double> FloatRegisters { get; init; }
    public required bool EqualFlag { get; init; }
    public required int Remainder { get; init; }
    public required uint LoopCounter { get; init; }
    public required int BasePointer { get; init; }
    public required int StackDepth { get; init; }

    /// <summary>The top of the stack, the topmost slot first.</summary>
    public required ImmutableArray<int> StackTop { get; init; }

    public required int HeapBytes { get; init; }
    public required long FuelUsed { get; init; }

    /// <summary>The last events of the run, the oldest first.</summary>
    public required ImmutableArray<VmEvent> Events { get; init; }

    private const int StackSlotsShown = 8;

    /// <param name="machine">A machine that is not running.</param>
    /// <param name="events">What the host recorded.</param>
    /// <param name="lines">Where instructions were written, as the assembler told.</param>
    public static CrashReport Of(Machine machine, IEnumerable<VmEvent> events, IEnumerable<SourceLine>? lines = null)
    {
        int address = machine.ProgramCounter;
        ReadOnlySpan<int> stack = machine.Stack;
        int[] top = stack[Math.Max(0, stack.Length - StackSlotsShown)..].ToArray();
        Array.Reverse(top);
        return new CrashReport
        {
            Id = machine.Id,
            Result = machine.State,
            Address = address,
            Instruction = Disassembler.ToText(machine.Image, address),
            Source = lines?.Where(line => line.Address == address).Select(line => (SourceLine?)line).FirstOrDefault(),
            Registers = [.. machine.Registers],
            FloatRegisters = [.. machine.FloatRegisters],
            EqualFlag = machine.EqualFlag,
            Remainder = machine.Remainder,
            LoopCounter = machine.LoopCounter,
            BasePointer = machine.BasePointer,
            StackDepth = stack.Length,
            StackTop = [.. top],
            HeapBytes = machine.HeapBytes,
            FuelUsed = machine.FuelUsed,
            Events = [.. events],
        };
    }

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The program {Result.ToText()}\n");
        text.Append(CultureInfo.InvariantCulture, $"  at {Address}: {Instruction}");
        if (Source is { } source) text.Append(CultureInfo.InvariantCulture, $"  ({source.File}:{source.Line})");
        text.Append(CultureInfo.InvariantCulture,
            $"\n  after {FuelUsed} instructions, equal flag {(EqualFlag ? "set" : "clear")}");
        text.Append(CultureInfo.InvariantCulture, $", remainder {Remainder}, loop counter {LoopCounter}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"  heap {HeapBytes} bytes, stack {StackDepth} slots, frame at {BasePointer}");
        if (!StackTop.IsEmpty) text.Append(", top first: ").AppendJoin(' ', StackTop);
        text.Append('\n').Append(RegisterText(Registers, FloatRegisters));
        foreach (VmEvent happened in Events) text.Append("  ").Append(happened.ToText()).Append('\n');
        return text.ToString();
    }

    /// <summary>The registers that are not zero, eight a line; the float registers after them.</summary>
    public static string RegisterText(ReadOnlySpan<int> registers, ReadOnlySpan<double> floats)
    {
        var shown = new List<string>();
        for (int i = 0; i < registers.Length; i++)
            if (registers[i] != 0) shown.Add(string.Create(CultureInfo.InvariantCulture, $"${i}={registers[i]}"));
        for (int i = 0; i < floats.Length; i++)
            if (floats[i] != 0) shown.Add(string.Create(CultureInfo.InvariantCulture, $"f${i}={floats[i]:R}"));
        if (shown.Count == 0) return "  all registers are 0\n";
        return string.Concat(shown.Chunk(8).Select(line => $"  {string.Join(' ', line)}\n"));
    }

    private static string RegisterText(ImmutableArray<int> registers, ImmutableArray<double> floats) =>
        RegisterText(registers.AsSpan(), floats.AsSpan());
}
