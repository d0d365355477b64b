using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>
/// Turns code bytes into what the interpreter runs, once per image. It accepts any bytes; what is wrong with them
/// becomes an operation that faults.
/// </summary>
internal static class Decoder
{
    public static DecodedProgram Decode(ReadOnlySpan<byte> code, int codeStart, int version)
    {
        int length = code.Length / InstructionSet.WordBytes;
        var words = new Decoded[length + 1];
        var constants = new List<double>();
        bool usesFloats = false;
        for (int index = 0; index < length;)
        {
            ReadOnlySpan<byte> rest = code[(index * InstructionSet.WordBytes)..];
            Instruction? row = InstructionSet.Find(rest[0], version);
            int taken = row?.Form.Words ?? 1;
            if (index + taken > length)
            {
                // The last instruction is cut: nothing of it can run.
                row = null;
                taken = length - index;
            }
            words[index] = DecodeOne(row, rest, constants);
            words[index].F = (byte)taken;
            usesFloats |= row is not null
                && row.Form.Operands.Any(operand => operand.Kind == OperandKind.FloatRegister);
            for (int extension = 1; extension < taken; extension++)
                words[index + extension].Code = Operation.Extension;
            index += taken;
        }
        words[length].Code = Operation.RanOff;
        var program = new DecodedProgram(words, [.. constants], codeStart, usesFloats);
        for (int index = 0; index < length; index++) Aim(program, index);
        program.FusedWords = Fuser.Fuse(words);
        return program;
    }

    private static Decoded DecodeOne(Instruction? row, ReadOnlySpan<byte> bytes, List<double> constants)
    {
        if (row is null) return new Decoded { Code = (ushort)Opcode.Igl };
        var word = new Decoded { Code = bytes[0], A = bytes[1], B = bytes[2], C = bytes[3], Target = -1 };
        foreach (Operand operand in row.Form.Operands)
        {
            long value = operand.Read(bytes);
            switch (operand.Kind)
            {
                case OperandKind.Register or OperandKind.FloatRegister when value > operand.Maximum:
                    return new Decoded { Code = Operation.BadRegister };
                case OperandKind.Register or OperandKind.FloatRegister:
                    break;
                case OperandKind.Float:
                    word.Target = constants.Count;
                    constants.Add(BinaryPrimitives.ReadDoubleBigEndian(bytes[operand.Offset..]));
                    break;
                default:
                    word.Value = (int)value;
                    break;
            }
        }
        if (row.Opcode is Opcode.Shl or Opcode.Shr) word.Value = word.Value == 0 ? 16 : word.Value % 32;
        if (row.Opcode is Opcode.Shru) word.Value %= 32;
        return word;
    }

    /// <summary>Turns the address of a direct jump into an index, now that all instructions are known.</summary>
    private static void Aim(DecodedProgram program, int index)
    {
        ref Decoded word = ref program.Words[index];
        ushort bad;
        ushort ahead;
        switch ((Opcode)word.Code)
        {
            case Opcode.Djmpe or Opcode.Gotoe:
                (word.Code, bad, ahead) = ((ushort)Opcode.Djmpe, Operation.BadDjmpe, Operation.DjmpeAhead);
                break;
            case Opcode.Loop or Opcode.Loopw:
                (word.Code, bad, ahead) = ((ushort)Opcode.Loop, Operation.BadLoop, Operation.LoopAhead);
                break;
            case Opcode.Call or Opcode.Callw:
                (word.Code, bad, ahead) = ((ushort)Opcode.Call, Operation.BadCall, (ushort)Opcode.Call);
                break;
            case Opcode.Ret or Opcode.Retn:
                word.Target = index;
                return;
            case Opcode.Goto:
                (bad, ahead) = (Operation.BadGoto, Operation.GotoAhead);
                break;
            case Opcode.Gotone:
                (bad, ahead) = (Operation.BadGotone, Operation.GotoneAhead);
                break;
            default:
                return;
        }
        word.Target = program.IndexOf(word.Value);
        // How far it is, in bytes of decoded words: one addition takes the interpreter there.
        word.Value = (word.Target - index) * Unsafe.SizeOf<Decoded>();
        if (word.Target < 0) word.Code = bad;
        else if (word.Target > index) word.Code = ahead;
    }
}
