using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>Which registers an operation reads and writes, a bit each.</summary>
internal readonly record struct RegisterUse(uint Reads, uint Writes, uint FloatReads = 0, uint FloatWrites = 0)
{
    public uint Integers => Reads | Writes;

    public uint Floats => FloatReads | FloatWrites;

    public static RegisterUse Of(in Decoded word)
    {
        (uint a, uint b, uint c) = (1u << word.A, 1u << word.B, 1u << word.C);
        return (Opcode)word.Code switch
        {
            Opcode.Load or Opcode.Loadi32 or Opcode.Rem or Opcode.Pop or Opcode.Lds or Opcode.Heap or Opcode.Sete =>
                new(0, a),
            Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div or Opcode.And or Opcode.Or or Opcode.Xor or
                Opcode.Mulh or
                Opcode.Mulhu or Opcode.Divu or Opcode.Shlr or Opcode.Shrr => new(a | b, c),
            Opcode.Jmp or Opcode.Jmpf or Opcode.Jmpb or Opcode.Jmpe or Opcode.Push or Opcode.Sts or Opcode.Callr =>
                new(a, 0),
            Opcode.Eq or Opcode.Neq or Opcode.Gte or Opcode.Lte or Opcode.Lt or Opcode.Gt or Opcode.Ltu or
                Opcode.Gtu =>
                new(a | b, 0),
            Opcode.Inc or Opcode.Dec or Opcode.Shl or Opcode.Shr or Opcode.Shru or Opcode.Lui => new(a, a),
            Opcode.Not or Opcode.Mov or Opcode.Addi => new(a, b),
            Opcode.Loadm or Opcode.Ldb or Opcode.Ldw or Opcode.Ldrb or Opcode.Ldrw => new(a, b),
            Opcode.Setm or Opcode.Stb or Opcode.Stw => new(a | b, 0),
            Opcode.Loadf64 or Opcode.Constf64 or Opcode.Popf => new(0, 0, 0, a),
            Opcode.Addf64 or Opcode.Subf64 or Opcode.Mulf64 or Opcode.Divf64 => new(0, 0, a | b, c),
            Opcode.Eqf64 or Opcode.Neqf64 or Opcode.Gtf64 or Opcode.Gtef64 or Opcode.Ltf64 or Opcode.Ltef64 =>
                new(0, 0, a | b, 0),
            Opcode.Movf64 or Opcode.Sqrtf64 or Opcode.Floorf64 or Opcode.Negf64 => new(0, 0, a, b),
            Opcode.Itof => new(a, 0, 0, b),
            Opcode.Ftoi => new(0, b, a, 0),
            Opcode.Ldf or Opcode.Ldrf => new(a, 0, 0, b),
            Opcode.Stf => new(a, 0, b, 0),
            Opcode.Pushf => new(0, 0, a, 0),
            _ => default,
        };
    }
}
