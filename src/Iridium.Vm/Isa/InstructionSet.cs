using System.Collections.Frozen;

namespace Iridium.Vm.Isa;

/// <summary>One row of the instruction table.</summary>
/// <param name="Opcode">The byte.</param>
/// <param name="Name">The mnemonic, in capitals; sources may write it in any case.</param>
/// <param name="Form">The operands and where their bytes lie.</param>
/// <param name="Version">The first image version that has the instruction.</param>
/// <param name="Effect">What it does, for the reference and for help.</param>
public sealed record Instruction(Opcode Opcode, string Name, OperandForm Form, int Version, string Effect)
{
    /// <summary>How it is written, for example <c>ADD $r1 $r2 $r3</c>.</summary>
    public string Syntax => string.Join(' ', Form.Operands.Select(Written).Prepend(Name));

    private static string Written(Operand operand) => operand.Kind switch
    {
        OperandKind.Register or OperandKind.FloatRegister => "$" + operand.Name,
        OperandKind.CodeAddress or OperandKind.DataOffset => "@" + operand.Name,
        _ => "#" + operand.Name,
    };
}

/// <summary>
/// THE instruction table. Assembler, disassembler, verifier, decoder, help and the reference in this room's README
/// read it; a test walks every row through all of them. "addr" is the address of the instruction itself.
/// </summary>
public static class InstructionSet
{
    /// <summary>Each register file has 32 registers: five bits would do, a byte holds the number.</summary>
    public const int RegisterCount = 32;

    /// <summary>Every instruction starts at a multiple of four bytes from the start of the code.</summary>
    public const int WordBytes = 4;

    /// <summary>The newest image version this machine runs.</summary>
    public const int NewestVersion = 1;

    public static IReadOnlyList<Instruction> Table { get; } =
    [
        new(Opcode.Load, "LOAD", OperandForm.RegisterNumber16, 0, "r = imm16 (zero-extended)"),
        new(Opcode.Add, "ADD", OperandForm.RRR, 0, "r3 = r1 + r2"),
        new(Opcode.Sub, "SUB", OperandForm.RRR, 0, "r3 = r1 - r2"),
        new(Opcode.Mul, "MUL", OperandForm.RRR, 0, "r3 = r1 * r2"),
        new(Opcode.Div, "DIV", OperandForm.RRR, 0, "r3 = r1 / r2 (truncating), remainder = r1 % r2"),
        new(Opcode.Hlt, "HLT", OperandForm.None, 0, "stop with code 0"),
        new(Opcode.Jmp, "JMP", OperandForm.R, 0, "pc = r"),
        new(Opcode.Jmpf, "JMPF", OperandForm.R, 0, "pc = addr + 2 + r"),
        new(Opcode.Jmpb, "JMPB", OperandForm.R, 0, "pc = addr + 2 - r"),
        new(Opcode.Eq, "EQ", OperandForm.RR, 0, "flag = r1 == r2"),
        new(Opcode.Neq, "NEQ", OperandForm.RR, 0, "flag = r1 != r2"),
        new(Opcode.Gte, "GTE", OperandForm.RR, 0, "flag = r1 >= r2"),
        new(Opcode.Lte, "LTE", OperandForm.RR, 0, "flag = r1 <= r2"),
        new(Opcode.Lt, "LT", OperandForm.RR, 0, "flag = r1 < r2"),
        new(Opcode.Gt, "GT", OperandForm.RR, 0, "flag = r1 > r2"),
        new(Opcode.Jmpe, "JMPE", OperandForm.R, 0, "if flag: pc = r"),
        new(Opcode.Nop, "NOP", OperandForm.None, 0, "nothing"),
        new(Opcode.Aloc, "ALOC", OperandForm.R, 0, "heap grows by r bytes"),
        new(Opcode.Inc, "INC", OperandForm.R, 0, "r = r + 1"),
        new(Opcode.Dec, "DEC", OperandForm.R, 0, "r = r - 1"),
        new(Opcode.Djmpe, "DJMPE", OperandForm.Target16, 0, "if flag: pc = target"),
        new(Opcode.Prts, "PRTS", OperandForm.Text16, 0,
            "print the NUL-terminated UTF-8 text in the read-only section"),
        new(Opcode.Loadf64, "LOADF64", OperandForm.FloatNumber16, 0, "f = imm16 as f64"),
        new(Opcode.Addf64, "ADDF64", OperandForm.FFF, 0, "f3 = f1 + f2"),
        new(Opcode.Subf64, "SUBF64", OperandForm.FFF, 0, "f3 = f1 - f2"),
        new(Opcode.Mulf64, "MULF64", OperandForm.FFF, 0, "f3 = f1 * f2"),
        new(Opcode.Divf64, "DIVF64", OperandForm.FFF, 0, "f3 = f1 / f2"),
        new(Opcode.Eqf64, "EQF64", OperandForm.FF, 0, "flag = |f1 - f2| < 2^-52"),
        new(Opcode.Neqf64, "NEQF64", OperandForm.FF, 0, "flag = |f1 - f2| > 2^-52"),
        new(Opcode.Gtf64, "GTF64", OperandForm.FF, 0, "flag = f1 > f2"),
        new(Opcode.Gtef64, "GTEF64", OperandForm.FF, 0, "flag = f1 >= f2"),
        new(Opcode.Ltf64, "LTF64", OperandForm.FF, 0, "flag = f1 < f2"),
        new(Opcode.Ltef64, "LTEF64", OperandForm.FF, 0, "flag = f1 <= f2"),
        new(Opcode.Shl, "SHL", OperandForm.RegisterBits, 0, "r = r << bits mod 32 (bits 0 means 16)"),
        new(Opcode.Shr, "SHR", OperandForm.RegisterBits, 0, "r = r >> bits mod 32, arithmetic (bits 0 means 16)"),
        new(Opcode.And, "AND", OperandForm.RRR, 0, "r3 = r1 & r2"),
        new(Opcode.Or, "OR", OperandForm.RRR, 0, "r3 = r1 | r2"),
        new(Opcode.Xor, "XOR", OperandForm.RRR, 0, "r3 = r1 ^ r2"),
        new(Opcode.Not, "NOT", OperandForm.RR, 0, "r2 = ~r1"),
        new(Opcode.Lui, "LUI", OperandForm.RegisterNumber16, 0, "r = (r << 16) | imm16"),
        new(Opcode.Cloop, "CLOOP", OperandForm.Number16, 0, "loop counter = imm16"),
        new(Opcode.Loop, "LOOP", OperandForm.Target16, 0, "if the loop counter is not 0: counter -= 1, pc = target"),
        new(Opcode.Loadm, "LOADM", OperandForm.RR, 0, "r2 = the i32 at heap[r1]"),
        new(Opcode.Setm, "SETM", OperandForm.RR, 0, "the i32 at heap[r1] = r2"),
        new(Opcode.Push, "PUSH", OperandForm.R, 0, "push r"),
        new(Opcode.Pop, "POP", OperandForm.R, 0, "r = pop"),
        new(Opcode.Call, "CALL", OperandForm.Target16, 0, "push addr + 4, push bp, bp = depth, pc = target"),
        new(Opcode.Ret, "RET", OperandForm.None, 0, "depth = bp, bp = pop, pc = pop"),

        new(Opcode.Rem, "REM", OperandForm.R, 1, "r = remainder of the last DIV or DIVU"),
        new(Opcode.Mov, "MOV", OperandForm.RR, 1, "r2 = r1"),
        new(Opcode.Movf64, "MOVF64", OperandForm.FF, 1, "f2 = f1"),
        new(Opcode.Loadi32, "LOADI32", OperandForm.RegisterNumber32, 1, "r = imm32"),
        new(Opcode.Constf64, "CONSTF64", OperandForm.FloatNumber64, 1, "f = the f64 with the bits imm64"),
        new(Opcode.Itof, "ITOF", OperandForm.RF, 1, "f = r as f64"),
        new(Opcode.Ftoi, "FTOI", OperandForm.FR, 1, "r = f truncated, the nearest i32 if beyond, 0 if NaN"),
        new(Opcode.Ldb, "LDB", OperandForm.RegisterRegisterOffset, 1, "r2 = the byte at heap[r1 + offset]"),
        new(Opcode.Stb, "STB", OperandForm.RegisterRegisterOffset, 1, "the byte at heap[r1 + offset] = r2"),
        new(Opcode.Ldw, "LDW", OperandForm.RegisterRegisterOffset, 1, "r2 = the i32 at heap[r1 + offset]"),
        new(Opcode.Stw, "STW", OperandForm.RegisterRegisterOffset, 1, "the i32 at heap[r1 + offset] = r2"),
        new(Opcode.Ldf, "LDF", OperandForm.RegisterFloatOffset, 1, "f = the f64 at heap[r + offset]"),
        new(Opcode.Stf, "STF", OperandForm.RegisterFloatOffset, 1, "the f64 at heap[r + offset] = f"),
        new(Opcode.Goto, "GOTO", OperandForm.Target24, 1, "pc = target"),
        new(Opcode.Gotoe, "GOTOE", OperandForm.Target24, 1, "if flag: pc = target"),
        new(Opcode.Gotone, "GOTONE", OperandForm.Target24, 1, "if not flag: pc = target"),
        new(Opcode.Callw, "CALLW", OperandForm.Target24, 1, "as CALL, with a target beyond 64 KiB"),
        new(Opcode.Loopw, "LOOPW", OperandForm.Target24, 1, "as LOOP, with a target beyond 64 KiB"),
        new(Opcode.Callr, "CALLR", OperandForm.R, 1, "as CALL, with the target in r"),
        new(Opcode.Lds, "LDS", OperandForm.RegisterSlot, 1, "r = stack[bp + slot]; the last argument is slot -3"),
        new(Opcode.Sts, "STS", OperandForm.RegisterSlot, 1, "stack[bp + slot] = r"),
        new(Opcode.Enter, "ENTER", OperandForm.Number16, 1, "push imm16 zeros: room for locals from slot 0"),
        new(Opcode.Drop, "DROP", OperandForm.Number16, 1, "pop imm16 slots"),
        new(Opcode.Retn, "RETN", OperandForm.Number16, 1, "as RET, then pop imm16 slots: the arguments"),
        new(Opcode.Pushf, "PUSHF", OperandForm.F, 1, "push f as two slots, the low half first"),
        new(Opcode.Popf, "POPF", OperandForm.F, 1, "f = pop two slots"),
        new(Opcode.Mulh, "MULH", OperandForm.RRR, 1, "r3 = the high 32 bits of r1 * r2, signed"),
        new(Opcode.Mulhu, "MULHU", OperandForm.RRR, 1, "r3 = the high 32 bits of r1 * r2, unsigned"),
        new(Opcode.Divu, "DIVU", OperandForm.RRR, 1, "r3 = r1 / r2, remainder = r1 % r2, unsigned"),
        new(Opcode.Ltu, "LTU", OperandForm.RR, 1, "flag = r1 < r2, unsigned"),
        new(Opcode.Gtu, "GTU", OperandForm.RR, 1, "flag = r1 > r2, unsigned"),
        new(Opcode.Shru, "SHRU", OperandForm.RegisterBits, 1, "r = r >> bits mod 32, unsigned (bits 0 means 0)"),
        new(Opcode.Prti, "PRTI", OperandForm.R, 1, "print r as a decimal number"),
        new(Opcode.Prtf, "PRTF", OperandForm.F, 1, "print f in its shortest decimal form"),
        new(Opcode.Prtc, "PRTC", OperandForm.R, 1, "print the Unicode character r (U+FFFD if there is none)"),
        new(Opcode.Prtm, "PRTM", OperandForm.RR, 1, "print the r2 bytes at heap[r1] as UTF-8"),
        new(Opcode.Readln, "READLN", OperandForm.RR, 1,
            "wait for a line; store at most r2 of its bytes at heap[r1]; r2 = bytes stored, or -1 at the end"),
        new(Opcode.Arg, "ARG", OperandForm.RRR, 1,
            "store at most r3 bytes of argument r1 at heap[r2]; r3 = bytes stored, or -1 if there is none"),
        new(Opcode.Clock, "CLOCK", OperandForm.F, 1, "f = milliseconds since 1970-01-01 UTC, from the host"),
        new(Opcode.Random, "RANDOM", OperandForm.R, 1, "r = a random number, any i32, from the host"),
        new(Opcode.Ldrb, "LDRB", OperandForm.RegisterRegisterOffset, 1, "r2 = the byte at data[r1 + offset]"),
        new(Opcode.Ldrw, "LDRW", OperandForm.RegisterRegisterOffset, 1, "r2 = the i32 at data[r1 + offset]"),
        new(Opcode.Ldrf, "LDRF", OperandForm.RegisterFloatOffset, 1, "f = the f64 at data[r + offset]"),
        new(Opcode.Heap, "HEAP", OperandForm.R, 1, "r = size of the heap in bytes"),
        new(Opcode.Exit, "EXIT", OperandForm.R, 1, "stop with code r"),
        new(Opcode.Sqrtf64, "SQRTF64", OperandForm.FF, 1, "f2 = the square root of f1"),
        new(Opcode.Floorf64, "FLOORF64", OperandForm.FF, 1, "f2 = f1 rounded down"),
        new(Opcode.Negf64, "NEGF64", OperandForm.FF, 1, "f2 = -f1"),
        new(Opcode.Sete, "SETE", OperandForm.R, 1, "r = 1 if flag, else 0"),
        new(Opcode.Addi, "ADDI", OperandForm.RegisterRegisterSigned8, 1, "r2 = r1 + s8"),
        new(Opcode.Shlr, "SHLR", OperandForm.RRR, 1, "r3 = r1 << r2 mod 32"),
        new(Opcode.Shrr, "SHRR", OperandForm.RRR, 1, "r3 = r1 >> r2 mod 32, arithmetic"),

        new(Opcode.Igl, "IGL", OperandForm.None, 0, "illegal instruction: stop with code 1"),
    ];

    private static readonly Instruction?[] ByOpcode = Index();

    private static readonly FrozenDictionary<string, Instruction> ByName =
        Table.ToFrozenDictionary(row => row.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The row of an opcode byte, or null if an image of that version has no such instruction.</summary>
    public static Instruction? Find(byte opcode, int version = NewestVersion) =>
        ByOpcode[opcode] is { } row && row.Version <= version ? row : null;

    /// <summary>The row of a mnemonic in any case, or null.</summary>
    public static Instruction? Find(string name) => ByName.GetValueOrDefault(name);

    public static Instruction Get(Opcode opcode) => ByOpcode[(int)opcode]!;

    private static Instruction?[] Index()
    {
        var rows = new Instruction?[256];
        foreach (Instruction row in Table) rows[(int)row.Opcode] = row;
        return rows;
    }
}
