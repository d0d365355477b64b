using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>
/// Registers that hold a constant wherever it matters: the program loads one number into them, or writes them
/// nowhere. Compiled code takes the number for granted and asks once, when it is entered, whether it is there; where
/// it is not (the load is still to come, or a host has set the register), the interpreter runs on. Such numbers need no
/// processor register, and dividing by one is a multiplication.
/// </summary>
internal sealed class RegisterGuesses
{
    public static readonly RegisterGuesses None = new();

    private readonly int[] _values = new int[InstructionSet.RegisterCount];

    private RegisterGuesses()
    {
    }

    /// <summary>A bit for each register that is guessed.</summary>
    public uint Registers { get; private set; }

    public bool Has(int register) => (Registers >> register & 1) != 0;

    public int this[int register] => _values[register];

    public static RegisterGuesses Of(DecodedProgram program, RegionGraph graph)
    {
        var guesses = new RegisterGuesses();
        uint loaded = 0;
        uint wrong = 0;
        for (int index = 0; index < program.Length; index += program.Words[index].Length)
        {
            ref Decoded word = ref program.Words[index];
            if (TryLoad(program, index, out int value))
            {
                uint bit = 1u << word.A;
                if ((loaded & bit) != 0 && guesses._values[word.A] != value) wrong |= bit;
                guesses._values[word.A] = value;
                loaded |= bit;
                // Nothing may come between the halves: nobody who jumps there, and no end of the region.
                bool isApart = graph.IsLeader(index + 1) || index + 1 == graph.End;
                if (isApart && IsHalf(program, index)) wrong |= bit;
            }
            else if (!(index > 0 && IsHalf(program, index - 1)))
            {
                wrong |= WrittenBy(in word);
            }
        }
        uint read = 0;
        for (int index = graph.Start; index < graph.End; index = graph.Next(index))
            if ((Opcode)graph[index].Code != Opcode.Lui) read |= RegisterUse.Of(in graph[index]).Reads;
        guesses.Registers = read & ~wrong;
        return guesses;
    }

    /// <summary>Whether a LOAD is the high half of a number whose low half the LUI behind it adds.</summary>
    private static bool IsHalf(DecodedProgram program, int index) =>
        (Opcode)program.Words[index].Code == Opcode.Load && index + 1 < program.Length &&
        (Opcode)program.Words[index + 1].Code == Opcode.Lui && program.Words[index + 1].A == program.Words[index].A;

    private static bool TryLoad(DecodedProgram program, int index, out int value)
    {
        ref Decoded word = ref program.Words[index];
        value = word.Value;
        if (IsHalf(program, index)) value = (value << 16) | program.Words[index + 1].Value;
        return (Opcode)word.Code is Opcode.Load or Opcode.Loadi32;
    }

    /// <summary>What only the interpreter does may write too.</summary>
    private static uint WrittenBy(in Decoded word) => (Opcode)word.Code switch
    {
        Opcode.Readln => 1u << word.B,
        Opcode.Arg => 1u << word.C,
        Opcode.Random => 1u << word.A,
        _ => RegisterUse.Of(in word).Writes,
    };
}
