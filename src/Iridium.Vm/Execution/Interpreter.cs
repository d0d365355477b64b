using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>
/// The law: what a program does is what this loop does. It dispatches over decoded words, keeps the few hot values in
/// locals, and leaves the loop for whatever is rare.
/// </summary>
/// <remarks>
/// Fuel costs nothing on the straight way. <c>budget</c> is the fuel left plus the index of the current word, so
/// walking on spends fuel by itself; a taken jump adds the distance it jumped. Only where the pc can go back is it
/// compared. The references into the register files and the code are safe because decoding has bounded every index.
/// </remarks>
public sealed partial class Interpreter : IEngine
{
    public static Interpreter Instance { get; } = new();

    private Interpreter()
    {
    }

    public RunResult Run(Machine machine, long fuel, List<VmEffect> effects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fuel, 1);
        if (machine.Last.Ended || machine.Last.Stop == Stop.Waiting) return machine.Last with { FuelUsed = 0 };
        return Continue(machine, fuel, effects, machine.Output + machine.Limits.SliceOutputBytes);
    }

    /// <summary>
    /// Goes on with a slice that an engine has begun. With fuel of 1 or less it runs to the next place where a slice
    /// may end.
    /// </summary>
    internal static RunResult Continue(Machine machine, long fuel, List<VmEffect> effects, long outputEnd) =>
        Begin<Freely>(machine, fuel, effects, outputEnd);

    /// <summary>
    /// Puts what the loop needs seldom into the machine, so that its registers are free for what it needs always.
    /// </summary>
    private static RunResult Begin<TMode>(Machine machine, long fuel, List<VmEffect> effects, long outputEnd)
        where TMode : struct, IMode
    {
        machine.EnsureIntegers();
        if (machine.Program.UsesFloats) machine.EnsureFloats();
        machine.SliceFuel = fuel;
        machine.SliceWords = TMode.WordsOf(machine.Program);
        machine.SliceEffects = effects;
        machine.SliceOutputEnd = outputEnd;
        Loop<TMode>(machine, fuel);
        machine.SliceEffects = null;
        return machine.Last;
    }

    /// <summary>Runs exactly that many instructions, fewer if the machine stops before.</summary>
    public static RunResult Step(Machine machine, long instructions, List<VmEffect> effects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instructions, 1);
        if (machine.Last.Ended || machine.Last.Stop == Stop.Waiting) return machine.Last with { FuelUsed = 0 };
        RunResult result = default;
        long used = 0;
        for (long count = 0; count < instructions && result.Stop == Stop.OutOfFuel; count++)
        {
            result = Begin<ByStep>(machine, 1, effects, long.MaxValue);
            used += result.FuelUsed;
        }
        return result with { FuelUsed = used };
    }

    /// <summary>Chosen when the loop is compiled, so that running freely pays nothing for stepping.</summary>
    private interface IMode
    {
        static abstract bool StopsEverywhere { get; }

        static abstract Decoded[] WordsOf(DecodedProgram program);
    }

    private readonly struct Freely : IMode
    {
        public static bool StopsEverywhere => false;

        public static Decoded[] WordsOf(DecodedProgram program) => program.FusedWords;
    }

    private readonly struct ByStep : IMode
    {
        public static bool StopsEverywhere => true;

        public static Decoded[] WordsOf(DecodedProgram program) => program.Words;
    }
}
