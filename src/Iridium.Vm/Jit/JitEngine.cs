using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;

namespace Iridium.Vm.Jit;

/// <summary>
/// Runs cold code in the interpreter and hot code compiled. A region is compiled once it has used up the fuel that
/// says it is hot, elsewhere, while the interpreter runs on. Compiled code hands whatever is rare back to the
/// interpreter, so both engines agree by construction on faults, effects and text, and by test on all the rest.
/// </summary>
public sealed class JitEngine : IEngine
{
    /// <summary>
    /// Compiling costs about a millisecond; half a million instructions cost the interpreter about as much.
    /// </summary>
    public const int DefaultHotFuel = 500_000;

    /// <summary>How long cold code runs before it is asked again whether it has come to compiled code.</summary>
    private const int ColdFuel = 256;

    /// <summary>Slots of stack that compiled code finds when it is entered, if the limit allows.</summary>
    private const int RoomMade = 32;

    private readonly Action<Action> _compileLater;
    private readonly int _hotFuel;

    /// <param name="compileLater">Runs a compilation some time, on any thread; null compiles at once.</param>
    /// <param name="hotFuel">How much fuel of interpreted instructions makes a region hot.</param>
    public JitEngine(Action<Action>? compileLater = null, int hotFuel = DefaultHotFuel)
    {
        _compileLater = compileLater ?? (compile => compile());
        _hotFuel = hotFuel;
    }

    /// <summary>Whether this runtime can make code; where it cannot, the interpreter serves alone.</summary>
    public static bool IsSupported => RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>As <see cref="IsSupported"/> says, unless a test says otherwise.</summary>
    internal bool Compiles { get; init; } = IsSupported;

    /// <summary>Whether any code of the image is compiled by now.</summary>
    public static bool HasCompiled(VerifiedImage image) => image.Program.Compiled.HasCode;

    public RunResult Run(Machine machine, long fuel, List<VmEffect> effects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fuel, 1);
        if (!Compiles) return Interpreter.Instance.Run(machine, fuel, effects);
        if (machine.Last.Ended || machine.Last.Stop == Stop.Waiting) return machine.Last with { FuelUsed = 0 };
        CompiledProgram program = machine.Image.Program.Compiled;
        long left = fuel;
        long outputEnd = machine.Output + machine.Limits.SliceOutputBytes;
        machine.EnsureIntegers();
        if (program.Program.UsesFloats) machine.EnsureFloats();
        bool mayEnd = false;
        while (true)
        {
            int region = program.RegionOf(machine.Index);
            if (program.At(region) is { } compiled && machine.Index < program.Program.Length &&
                compiled.Entries[machine.Index - compiled.Start] is >= 0 and short entry && left > 0)
            {
                mayEnd = Enter(machine, program, region, compiled, entry, ref left);
                if (mayEnd && left <= 0) break;
                if (mayEnd) continue;
            }
            // From here the interpreter goes on, at least to the next place where a slice may end.
            long most = program.HasCode ? ColdFuel : long.MaxValue;
            long cold = Math.Min(left, program.At(region) is null ? most : 1);
            RunResult result = Interpreter.Continue(machine, cold, effects, outputEnd);
            left -= result.FuelUsed;
            if (program.Heat(region, result.FuelUsed, _hotFuel)) CompileLater(program, region);
            if (result.Stop != Stop.OutOfFuel) return machine.Last = result with { FuelUsed = fuel - left };
            if (left <= 0 || machine.Output >= outputEnd) break;
        }
        return machine.Last = new RunResult(Stop.OutOfFuel, Fault.None, 0, fuel - left);
    }

    /// <summary>Compiles a whole program now, for tests and benchmarks.</summary>
    /// <param name="checksFuel">Without, jumps cost nothing and no slice ends at one: to measure what fuel
    /// costs.</param>
    /// <param name="guesses">Without, no register is taken to hold a constant.</param>
    internal static void CompileAll(VerifiedImage image, bool checksFuel = true, bool guesses = true)
    {
        CompiledProgram program = image.Program.Compiled;
        for (int region = 0; region < program.RegionCount; region++)
            Compile(program, region, checksFuel, guesses);
    }

    private void CompileLater(CompiledProgram program, int region, bool guesses = true) =>
        _compileLater(() => Compile(program, region, checksFuel: true, guesses));

    private static void Compile(CompiledProgram program, int region, bool checksFuel = true, bool guesses = true)
    {
        (int start, int end) = program.BoundsOf(region);
        if (end > start)
            program.Install(region, RegionCompiler.Compile(program.Program, start, end, checksFuel, guesses));
    }

    /// <returns>Whether a slice may end where it came out.</returns>
    private bool Enter(
        Machine machine, CompiledProgram program, int region, CompiledRegion compiled, short entry, ref long left)
    {
        // Compiled code cannot make room; where there is too little it would come back for every push.
        if (compiled.UsesStack && machine.Depth + RoomMade > machine.StackArray.Length)
            machine.TryReserve(machine.Depth, RoomMade);
        long now = compiled.Code(machine, ref MemoryMarshal.GetArrayDataReference(machine.IntegerFile),
            ref MemoryMarshal.GetArrayDataReference(machine.FloatFile), left, entry);
        if (now == CompiledRegion.WrongGuess)
        {
            if (compiled.GuessedWrong()) CompileLater(program, region, guesses: false);
            return false;
        }
        bool mayEnd = machine.Index < 0;
        if (mayEnd) machine.Index = ~machine.Index;
        machine.Fuel += left - now;
        left = now;
        return mayEnd;
    }
}
