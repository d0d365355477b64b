using Iridium.Vm.Execution;

namespace Iridium.Vm.Jit;

/// <summary>
/// Machine code for one region. It runs from an entry until the fuel is used up or something comes that only the
/// interpreter does, stores the whole state, and says how much budget is left.
/// </summary>
/// <param name="machine">Whose state it is.</param>
/// <param name="r">Its first integer register.</param>
/// <param name="f">Its first float register.</param>
/// <param name="fuel">Fuel left.</param>
/// <param name="entry">Which entry.</param>
/// <returns>Fuel left, or <see cref="CompiledRegion.WrongGuess"/>.</returns>
internal delegate long RegionCode(Machine machine, ref int r, ref double f, long fuel, int entry);

/// <summary>A compiled region and where it can be entered.</summary>
/// <param name="Start">Index of its first word.</param>
/// <param name="Entries">For each of its words the number of its entry, or -1.</param>
/// <param name="UsesStack">Whether room on the stack should be made before it is entered.</param>
internal sealed record CompiledRegion(int Start, short[] Entries, bool UsesStack, RegionCode Code)
{
    /// <summary>What the code gives back if a register does not hold what it was guessed to hold.</summary>
    public const long WrongGuess = long.MinValue;

    /// <summary>So often a guess may be wrong before the region is compiled without.</summary>
    private const int MostWrongGuesses = 1000;

    private int _wrongGuesses;

    /// <returns>True once: when it is time to compile the region without guesses.</returns>
    public bool GuessedWrong() => Interlocked.Increment(ref _wrongGuesses) == MostWrongGuesses;
}

/// <summary>What is compiled of a program, and how hot the rest is. Shared by all machines that run it.</summary>
internal sealed class CompiledProgram
{
    private readonly int[] _bounds;
    private readonly CompiledRegion?[] _regions;
    private readonly int[] _heat;
    private readonly int[] _asked;
    private bool _hasCode;

    public CompiledProgram(DecodedProgram program)
    {
        Program = program;
        _bounds = RegionCutter.Cut(program);
        _regions = new CompiledRegion?[_bounds.Length - 1];
        _heat = new int[_regions.Length];
        _asked = new int[_regions.Length];
    }

    public DecodedProgram Program { get; }

    public int RegionCount => _regions.Length;

    public bool HasCode
    {
        get => Volatile.Read(ref _hasCode);
        private set => Volatile.Write(ref _hasCode, value);
    }

    public (int Start, int End) BoundsOf(int region) => (_bounds[region], _bounds[region + 1]);

    public int RegionOf(int index)
    {
        int found = Array.BinarySearch(_bounds, index);
        return Math.Min(found >= 0 ? found : ~found - 1, _regions.Length - 1);
    }

    public CompiledRegion? At(int region) => Volatile.Read(ref _regions[region]);

    /// <summary>Counts fuel that the interpreter used there.</summary>
    /// <returns>True once: when it is time to compile it.</returns>
    public bool Heat(int region, long fuel, int hot)
    {
        // Two threads may lose a count; nobody needs it exactly.
        int heat = _heat[region] = (int)Math.Min(int.MaxValue, _heat[region] + fuel);
        return heat >= hot && _asked[region] == 0 && Interlocked.Exchange(ref _asked[region], 1) == 0;
    }

    public void Install(int region, CompiledRegion code)
    {
        Volatile.Write(ref _regions[region], code);
        HasCode = true;
    }
}
