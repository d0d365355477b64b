using System.Runtime.InteropServices;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;

namespace Iridium.Vm.Execution;

/// <summary>
/// What the interpreter dispatches on: the opcodes' own numbers, then what decoding adds. Decoding settles every
/// question that has the same answer each time, so a register that does not exist is an operation of its own, not a
/// check.
/// </summary>
internal static class Operation
{
    /// <summary>Behind the last instruction.</summary>
    public const ushort RanOff = 101;

    /// <summary>Names a register over 31.</summary>
    public const ushort BadRegister = 102;

    /// <summary>An extension word: never executed, and no jump may arrive here.</summary>
    public const ushort Extension = 103;

    /// <summary>A direct jump whose target is not an instruction: the same jump, but taken it is a fault.</summary>
    public const ushort BadDjmpe = 104, BadLoop = 105, BadCall = 106, BadGoto = 107, BadGotone = 108;

    /// <summary>PRTS of a text that does not end.</summary>
    public const ushort BadText = 109;

    /// <summary>A jump whose target lies ahead needs no fuel check.</summary>
    public const ushort DjmpeAhead = 110, GotoAhead = 111, GotoneAhead = 112, LoopAhead = 113;

    // Pairs and triples that run as one operation. The words behind the first stay what they are, for whoever jumps
    // there. Each kind is a row of comparisons in the order of the instruction table.

    /// <summary>EQ … GT and DJMPE, back and ahead.</summary>
    public const ushort FusedBack = 114, FusedAhead = 120;

    /// <summary>EQF64 … LTEF64 and DJMPE.</summary>
    public const ushort FusedFloatBack = 126, FusedFloatAhead = 132;

    /// <summary>INC, DEC or ADDI of one register, EQ … GT and DJMPE back: how a loop ends.</summary>
    public const ushort FusedStepBack = 138;

    /// <summary>ADD, EQ … GT and DJMPE back.</summary>
    public const ushort FusedAddBack = 144;

    /// <summary>
    /// ADD SUB MUL AND OR XOR twice, the second with the result of the first; then SHL or SHR of that result.
    /// </summary>
    public const ushort Chain = 150, ChainShift = 186;

    /// <summary>ADDF64 … DIVF64 twice.</summary>
    public const ushort FloatPair = 198;

    /// <summary>EQ … GT and a DJMPE ahead to a RET: how a recursion ends.</summary>
    public const ushort FusedReturn = 214;

    /// <summary>SETM, ADD to its address, EQ … GT of the address and DJMPE back: how memory is filled.</summary>
    public const ushort FusedStoreBack = 220;

    /// <summary>PUSH, then INC, DEC or ADDI of one register, then CALL.</summary>
    public const ushort PushStepCall = 226;

    /// <summary>POP, PUSH, ADD or SUB, CALL; and POP, ADD or SUB, RET.</summary>
    public const ushort PopPushCall = 227, PopReturn = 229;

    /// <summary>LOADM, EQ … GT with what was loaded, DJMPE ahead.</summary>
    public const ushort FusedLoadAhead = 231;
}

/// <summary>
/// One word of the code, decoded: 16 bytes, so four share a cache line. An instruction with extension words has its
/// constant here and leaves the words behind it as <see cref="Operation.Extension"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = 16)]
internal struct Decoded
{
    public ushort Code;
    public byte A;
    public byte B;
    public byte C;
    public byte D;
    public byte E;

    /// <summary>How many words it takes; in a fused operation, a sixth operand.</summary>
    public byte F;

    /// <summary>
    /// The constant; for direct jumps, how many bytes further the decoded word lies that they go to.
    /// </summary>
    public int Value;

    /// <summary>
    /// For direct jumps the index of the word they go to; for CONSTF64 an index of the constants; for returns their
    /// own.
    /// </summary>
    public int Target;

    public readonly int Length => Math.Max((byte)1, F);
}

/// <summary>
/// The code of an image as an array of decoded words and one <see cref="Operation.RanOff"/> behind them.
/// </summary>
internal sealed class DecodedProgram(Decoded[] words, double[] constants, int codeStart, bool usesFloats)
{
    public readonly Decoded[] Words = words;

    /// <summary>The same with pairs and triples fused: what runs when nobody wants to stop in between.</summary>
    public Decoded[] FusedWords { get; internal set; } = words;

    private CompiledProgram? _compiled;

    /// <summary>What is compiled of it. Two threads may race to make one: the first to come stays.</summary>
    public CompiledProgram Compiled =>
        Volatile.Read(ref _compiled) ??
        Interlocked.CompareExchange(ref _compiled, new CompiledProgram(this), null) ??
        _compiled;

    public readonly double[] Constants = constants;

    public readonly int CodeStart = codeStart;

    /// <summary>Whether any instruction names a float register: without, no machine makes them.</summary>
    public readonly bool UsesFloats = usesFloats;

    /// <summary>Number of words without the last, which is where a program runs off.</summary>
    public int Length => Words.Length - 1;

    public int AddressOf(int index) => CodeStart + index * InstructionSet.WordBytes;

    /// <summary>The index of the instruction at an address, the end included; -1 if none starts there.</summary>
    public int IndexOf(int address)
    {
        uint offset = (uint)address - (uint)CodeStart;
        uint index = offset / InstructionSet.WordBytes;
        return offset % InstructionSet.WordBytes == 0 && index < (uint)Words.Length &&
            Words[index].Code != Operation.Extension ? (int)index : -1;
    }
}
