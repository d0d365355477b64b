using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Iridium.Vm.Assembly;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>One instruction that was run: where it stood, and what it changed.</summary>
/// <param name="Address">Byte address.</param>
/// <param name="Instruction">As it could be written.</param>
/// <param name="Changes">The registers that it changed, with their new values, and the flag.</param>
public sealed record TraceEntry(int Address, string Instruction, string Changes)
{
    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Address,8}  {Instruction,-32}  {Changes}").TrimEnd();
}

/// <summary>
/// Runs a machine an instruction at a time: with breakpoints, and a trace of the last instructions. It is an engine
/// as any other, only slower, so a host can put it in the place of the fast one for a program it wants to look into.
/// </summary>
public sealed class Debugger : IEngine
{
    private readonly SortedSet<int> _breakpoints = [];
    private readonly Queue<TraceEntry> _trace = new();
    private readonly int _traceLength;
    private Machine? _standsAtBreakpoint;

    /// <param name="traceLength">How many instructions the trace remembers; 0 for none.</param>
    public Debugger(int traceLength = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(traceLength);
        _traceLength = traceLength;
    }

    /// <summary>Byte addresses before which a run stops.</summary>
    public IReadOnlyCollection<int> Breakpoints => _breakpoints;

    /// <summary>The last instructions that were run, the oldest first.</summary>
    public ImmutableArray<TraceEntry> Trace => [.. _trace];

    /// <returns>False if no instruction starts there, or there is one already.</returns>
    public bool AddBreakpoint(Machine machine, int address) =>
        machine.Image.Program.IndexOf(address) is var index && index >= 0 && index < machine.Image.Program.Length &&
        _breakpoints.Add(address);

    public bool RemoveBreakpoint(int address) => _breakpoints.Remove(address);

    /// <summary>
    /// Runs to a breakpoint, the end, or until the fuel is used up; here that is exact to the instruction.
    /// </summary>
    public RunResult Run(Machine machine, long fuel, List<VmEffect> effects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fuel, 1);
        long used = 0;
        long output = machine.OutputBytes + machine.Limits.SliceOutputBytes;
        RunResult result = machine.State;
        while (used < fuel && machine.OutputBytes < output)
        {
            if (_breakpoints.Contains(machine.ProgramCounter) && _standsAtBreakpoint != machine
                && !machine.State.Ended)
            {
                _standsAtBreakpoint = machine;
                return machine.Last = new RunResult(Stop.Breakpoint, Fault.None, 0, used);
            }
            _standsAtBreakpoint = null;
            result = StepOnce(machine, effects);
            used += result.FuelUsed;
            if (result.Stop != Stop.OutOfFuel) break;
        }
        return result with { FuelUsed = used };
    }

    /// <summary>Runs one instruction, whatever stands in the way.</summary>
    public RunResult Step(Machine machine, List<VmEffect> effects)
    {
        _standsAtBreakpoint = null;
        return StepOnce(machine, effects);
    }

    /// <summary>The code with the instruction that comes next marked, and breakpoints starred.</summary>
    public string Listing(Machine machine, SymbolTable? symbols = null) =>
        Disassembler.Listing(machine.Image, symbols, machine.ProgramCounter, _breakpoints);

    private RunResult StepOnce(Machine machine, List<VmEffect> effects)
    {
        if (_traceLength == 0 || machine.State.Ended || machine.State.Stop == Stop.Waiting)
            return Interpreter.Step(machine, 1, effects);
        int address = machine.ProgramCounter;
        int[] integers = machine.Registers.ToArray();
        double[] floats = machine.FloatRegisters.ToArray();
        bool flag = machine.EqualFlag;
        RunResult result = Interpreter.Step(machine, 1, effects);
        if (_trace.Count == _traceLength) _trace.Dequeue();
        string changes = Changes(machine, integers, floats, flag);
        if (result.Ended) changes = $"{changes} {result.ToText()}".TrimStart();
        _trace.Enqueue(new TraceEntry(address, Disassembler.ToText(machine.Image, address), changes));
        return result;
    }

    private static string Changes(Machine machine, int[] integers, double[] floats, bool flag)
    {
        var text = new StringBuilder();
        for (int register = 0; register < InstructionSet.RegisterCount; register++)
        {
            if (machine.Registers[register] != integers[register])
                text.Append(CultureInfo.InvariantCulture, $" ${register}={machine.Registers[register]}");
            if (!machine.FloatRegisters[register].Equals(floats[register]))
                text.Append(CultureInfo.InvariantCulture, $" f${register}={machine.FloatRegisters[register]:R}");
        }
        if (machine.EqualFlag != flag) text.Append(flag ? " flag clear" : " flag set");
        return text.ToString().TrimStart();
    }
}
