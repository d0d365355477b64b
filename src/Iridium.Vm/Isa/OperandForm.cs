namespace Iridium.Vm.Isa;

/// <summary>What an operand means; decides how it is written, checked and printed.</summary>
public enum OperandKind
{
    /// <summary><c>$n</c>, an integer register.</summary>
    Register,

    /// <summary><c>$n</c>, a register of the float file.</summary>
    FloatRegister,

    /// <summary><c>#n</c>, a number within the operand's range.</summary>
    Number,

    /// <summary><c>#n</c> or <c>#n.n</c>, a whole number that becomes an f64.</summary>
    WholeFloat,

    /// <summary><c>#n.n</c>, any f64, as its eight bytes.</summary>
    Float,

    /// <summary><c>@label</c>, the byte address of an instruction in the image.</summary>
    CodeAddress,

    /// <summary><c>@label</c>, an offset in the read-only section.</summary>
    DataOffset,
}

/// <summary>One operand of a form: where its bytes lie in the instruction and which values it can hold.</summary>
/// <param name="Kind">What the operand means.</param>
/// <param name="Name">How the instruction reference calls it.</param>
/// <param name="Offset">Byte position from the opcode byte; 4 and up are extension words.</param>
/// <param name="Bytes">Width; values are big-endian.</param>
/// <param name="Minimum">Smallest value that can be written (largest too, inclusive).</param>
/// <param name="Maximum">Largest value that can be written.</param>
public sealed record Operand(OperandKind Kind, string Name, int Offset, int Bytes, long Minimum, long Maximum)
{
    internal static Operand Register(int offset, string name) =>
        new(OperandKind.Register, name, offset, 1, 0, InstructionSet.RegisterCount - 1);

    internal static Operand Float(int offset, string name) =>
        new(OperandKind.FloatRegister, name, offset, 1, 0, InstructionSet.RegisterCount - 1);

    internal static Operand Unsigned(int offset, int bytes, string name) =>
        new(OperandKind.Number, name, offset, bytes, 0, (1L << (8 * bytes)) - 1);

    internal static Operand Signed(int offset, int bytes, string name) =>
        new(OperandKind.Number, name, offset, bytes, -(1L << (8 * bytes - 1)), (1L << (8 * bytes - 1)) - 1);

    /// <summary>Whether the stored bytes are read as two's complement.</summary>
    public bool IsSigned => Minimum < 0;

    /// <summary>The value that the bytes of an instruction hold for this operand.</summary>
    public long Read(ReadOnlySpan<byte> instruction)
    {
        ulong bits = 0;
        foreach (byte part in instruction.Slice(Offset, Bytes)) bits = (bits << 8) | part;
        int unused = 64 - 8 * Bytes;
        return IsSigned ? (long)(bits << unused) >> unused : (long)bits;
    }

    /// <summary>Writes a value that is in range.</summary>
    public void Write(Span<byte> instruction, long value)
    {
        for (int i = Bytes - 1; i >= 0; i--, value >>= 8) instruction[Offset + i] = (byte)value;
    }
}

/// <summary>
/// How an instruction's bytes are laid out: the opcode in byte 0, operands after it, unused bytes zero. Most forms
/// take one word of four bytes; the forms with wide constants have extension words behind it.
/// </summary>
public sealed class OperandForm
{
    internal OperandForm(string name, int words, params Operand[] operands)
    {
        Name = name;
        Words = words;
        Operands = operands;
    }

    public string Name { get; }

    /// <summary>Length in words of four bytes, the opcode's own included.</summary>
    public int Words { get; }

    public IReadOnlyList<Operand> Operands { get; }

    public static readonly OperandForm None = new("-", 1);
    public static readonly OperandForm R = new("r", 1, Operand.Register(1, "r"));
    public static readonly OperandForm F = new("f", 1, Operand.Float(1, "f"));
    public static readonly OperandForm RR = new("r1, r2", 1, Operand.Register(1, "r1"), Operand.Register(2, "r2"));
    public static readonly OperandForm FF = new("f1, f2", 1, Operand.Float(1, "f1"), Operand.Float(2, "f2"));
    public static readonly OperandForm RF = new("r, f", 1, Operand.Register(1, "r"), Operand.Float(2, "f"));
    public static readonly OperandForm FR = new("f, r", 1, Operand.Float(1, "f"), Operand.Register(2, "r"));

    public static readonly OperandForm RRR = new("r1, r2, r3", 1,
        Operand.Register(1, "r1"), Operand.Register(2, "r2"), Operand.Register(3, "r3"));

    public static readonly OperandForm FFF = new("f1, f2, f3", 1,
        Operand.Float(1, "f1"), Operand.Float(2, "f2"), Operand.Float(3, "f3"));

    public static readonly OperandForm RegisterNumber16 = new("r, imm16 (b2 b3)", 1,
        Operand.Register(1, "r"), Operand.Unsigned(2, 2, "imm16"));

    public static readonly OperandForm FloatNumber16 = new("f, imm16 (b2 b3)", 1,
        Operand.Float(1, "f"), Operand.Unsigned(2, 2, "imm16") with { Kind = OperandKind.WholeFloat });

    public static readonly OperandForm Number16 = new("imm16 (b1 b2)", 1, Operand.Unsigned(1, 2, "imm16"));

    public static readonly OperandForm Target16 = new("imm16 (b1 b2)", 1,
        Operand.Unsigned(1, 2, "target") with { Kind = OperandKind.CodeAddress });

    public static readonly OperandForm Text16 = new("imm16 (b1 b2)", 1,
        Operand.Unsigned(1, 2, "text") with { Kind = OperandKind.DataOffset });

    public static readonly OperandForm RegisterBits = new("r, bits (b2)", 1,
        Operand.Register(1, "r"), Operand.Unsigned(2, 1, "bits"));

    public static readonly OperandForm Target24 = new("imm24 (b1 b2 b3)", 1,
        Operand.Unsigned(1, 3, "target") with { Kind = OperandKind.CodeAddress });

    public static readonly OperandForm RegisterSlot = new("r, s16 (b2 b3)", 1,
        Operand.Register(1, "r"), Operand.Signed(2, 2, "slot"));

    public static readonly OperandForm RegisterRegisterOffset = new("r1, r2, offset (b3)", 1,
        Operand.Register(1, "r1"), Operand.Register(2, "r2"), Operand.Unsigned(3, 1, "offset"));

    public static readonly OperandForm RegisterFloatOffset = new("r, f, offset (b3)", 1,
        Operand.Register(1, "r"), Operand.Float(2, "f"), Operand.Unsigned(3, 1, "offset"));

    public static readonly OperandForm RegisterRegisterSigned8 = new("r1, r2, s8 (b3)", 1,
        Operand.Register(1, "r1"), Operand.Register(2, "r2"), Operand.Signed(3, 1, "s8"));

    public static readonly OperandForm RegisterNumber32 = new("r, imm32 (word 1)", 2,
        Operand.Register(1, "r"), Operand.Signed(4, 4, "imm32") with { Maximum = uint.MaxValue });

    public static readonly OperandForm FloatNumber64 = new("f, imm64 (words 1, 2)", 3, Operand.Float(1, "f"),
        new Operand(OperandKind.Float, "imm64", 4, 8, long.MinValue, long.MaxValue));
}
