using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>
/// Makes one operation of two or three that often stand together, so that the interpreter dispatches less. Only the last of
/// them may jump, and none of the others may fault, so nothing can be seen from outside in between.
/// </summary>
internal static class Fuser
{
    public static Decoded[] Fuse(Decoded[] words)
    {
        var fused = (Decoded[])words.Clone();
        for (int index = 0; index + 1 < words.Length; index++)
        {
            if (TryFuse(words.AsSpan(index)) is { } one) fused[index] = one;
        }
        return fused;
    }

    private static Decoded? TryFuse(ReadOnlySpan<Decoded> words)
    {
        if (words.Length >= 3 && IsInteger(words[1].Code) && words[2].Code == (ushort)Opcode.Djmpe)
        {
            if (TryStep(words[0]) is { } step)
                return Jump(Operation.FusedStepBack, words[1], words[2], words: 3) with { C = words[0].A, D = (byte)step };
            if (words[0].Code == (ushort)Opcode.Add)
                return Jump(Operation.FusedAddBack, words[1], words[2], words: 3) with
                {
                    C = words[0].A, D = words[0].B, E = words[0].C,
                };
        }
        bool back = words[1].Code == (ushort)Opcode.Djmpe;
        if (!back && words[1].Code != Operation.DjmpeAhead) return null;
        if (IsInteger(words[0].Code))
            return Jump(back ? Operation.FusedBack : Operation.FusedAhead, words[0], words[1], words: 2);
        return IsFloat(words[0].Code)
            ? Jump(back ? Operation.FusedFloatBack : Operation.FusedFloatAhead, words[0], words[1], words: 2)
            : null;
    }

    /// <summary>A compare and its jump, with the numbers of the jump's own word.</summary>
    private static Decoded Jump(ushort row, in Decoded compare, in Decoded jump, byte words) => new()
    {
        Code = (ushort)(row + compare.Code - (ushort)(IsInteger(compare.Code) ? Opcode.Eq : Opcode.Eqf64)),
        A = compare.A, B = compare.B, Words = words, Value = jump.Value, Target = jump.Target,
    };

    private static bool IsInteger(ushort code) => code is >= (ushort)Opcode.Eq and <= (ushort)Opcode.Gt;

    private static bool IsFloat(ushort code) => code is >= (ushort)Opcode.Eqf64 and <= (ushort)Opcode.Ltef64;

    private static sbyte? TryStep(in Decoded word) => (Opcode)word.Code switch
    {
        Opcode.Inc => 1,
        Opcode.Dec => -1,
        Opcode.Addi when word.A == word.B => (sbyte)word.Value,
        _ => null,
    };
}
