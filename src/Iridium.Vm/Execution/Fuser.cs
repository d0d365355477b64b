using System.Runtime.CompilerServices;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>
/// Makes one operation of two or three that often stand together, so that the interpreter dispatches less. Only the
/// last of them may jump, and none of the others may fault, so nothing can be seen from outside in between.
/// </summary>
internal static class Fuser
{
    public static Decoded[] Fuse(Decoded[] words)
    {
        var fused = (Decoded[])words.Clone();
        for (int index = 0; index + 1 < words.Length; index++)
        {
            if ((TryLong(words, index) ?? TryFuse(words.AsSpan(index))) is { } one) fused[index] = one;
        }
        return fused;
    }

    /// <summary>What looks at more than a jump and the compare before it: calls, returns, memory.</summary>
    private static Decoded? TryLong(Decoded[] words, int index)
    {
        Decoded one = words[index];
        Decoded two = words[index + 1];
        Decoded three = index + 2 < words.Length ? words[index + 2] : default;
        Decoded four = index + 3 < words.Length ? words[index + 3] : default;
        if (IsInteger(one.Code) && two.Code == Operation.DjmpeAhead &&
            words[two.Target].Code == (ushort)Opcode.Ret)
            return Jump(Operation.FusedReturn, one, two, before: 1);
        switch ((Opcode)one.Code)
        {
            case Opcode.Push when TryStep(two) is { } step && (Opcode)three.Code == Opcode.Call:
                return one with { Code = Operation.PushStepCall, B = two.A, C = (byte)step };
            case Opcode.Pop when (Opcode)two.Code is Opcode.Add or Opcode.Sub && (Opcode)three.Code == Opcode.Ret:
                return two with { Code = (ushort)(Operation.PopReturn + two.Code - (int)Opcode.Add), D = one.A };
            case Opcode.Pop when (Opcode)two.Code == Opcode.Push &&
                (Opcode)three.Code is Opcode.Add or Opcode.Sub && (Opcode)four.Code == Opcode.Call:
                return three with
                {
                    Code = (ushort)(Operation.PopPushCall + three.Code - (int)Opcode.Add), D = one.A, E = two.A,
                };
            case Opcode.Loadm when IsInteger(two.Code) && two.A == one.B && three.Code == Operation.DjmpeAhead:
                return Jump(Operation.FusedLoadAhead, two, three, before: 2) with { C = one.A };
            case Opcode.Setm when (Opcode)two.Code == Opcode.Add && two.C == one.A &&
                (two.A == one.A || two.B == one.A) && IsInteger(three.Code) && three.A == one.A &&
                (Opcode)four.Code == Opcode.Djmpe:
                return Jump(Operation.FusedStoreBack, three, four, before: 3) with
                {
                    C = one.B, D = two.A == one.A ? two.B : two.A,
                };
            default:
                return null;
        }
    }

    private static Decoded? TryFuse(ReadOnlySpan<Decoded> words)
    {
        if (words.Length >= 3 && IsInteger(words[1].Code) && words[2].Code == (ushort)Opcode.Djmpe)
        {
            if (TryStep(words[0]) is { } step)
                return Jump(Operation.FusedStepBack, words[1], words[2], before: 2) with
                {
                    C = words[0].A, D = (byte)step,
                };
            if (words[0].Code == (ushort)Opcode.Add)
                return Jump(Operation.FusedAddBack, words[1], words[2], before: 2) with
                {
                    C = words[0].A, D = words[0].B, E = words[0].C,
                };
        }
        bool back = words[1].Code == (ushort)Opcode.Djmpe;
        if (!back && words[1].Code != Operation.DjmpeAhead) return TryPair(words[0], words[1]);
        if (IsInteger(words[0].Code))
            return Jump(back ? Operation.FusedBack : Operation.FusedAhead, words[0], words[1], before: 1);
        return IsFloat(words[0].Code)
            ? Jump(back ? Operation.FusedFloatBack : Operation.FusedFloatAhead, words[0], words[1], before: 1)
            : null;
    }

    /// <summary>Two sums, products and the like in a row.</summary>
    private static Decoded? TryPair(in Decoded one, in Decoded two)
    {
        int first = ArithmeticOf(one.Code);
        int second = ArithmeticOf(two.Code);
        if (first >= 0 && second >= 0)
        {
            bool commutes = (Opcode)two.Code != Opcode.Sub;
            if (two.A != one.C && !(commutes && two.B == one.C)) return null;
            byte other = two.A == one.C ? two.B : two.A;
            return one with { Code = (ushort)(Operation.Chain + 6 * first + second), D = other, E = two.C };
        }
        if (first >= 0 && (Opcode)two.Code is Opcode.Shl or Opcode.Shr && two.A == one.C)
            return one with
            {
                Code = (ushort)(Operation.ChainShift + 2 * first + ((Opcode)two.Code == Opcode.Shr ? 1 : 0)),
                Value = two.Value,
            };
        if ((Opcode)one.Code is >= Opcode.Addf64 and <= Opcode.Divf64 &&
            (Opcode)two.Code is >= Opcode.Addf64 and <= Opcode.Divf64)
            return one with
            {
                Code = (ushort)(
                    Operation.FloatPair + 4 * (one.Code - (int)Opcode.Addf64) + two.Code - (int)Opcode.Addf64),
                D = two.A, E = two.B, F = two.C,
            };
        return null;
    }

    private static int ArithmeticOf(ushort code) => (Opcode)code switch
    {
        Opcode.Add => 0,
        Opcode.Sub => 1,
        Opcode.Mul => 2,
        Opcode.And => 3,
        Opcode.Or => 4,
        Opcode.Xor => 5,
        _ => -1,
    };

    /// <summary>A compare and its jump, which stands so many words behind the first of what is fused.</summary>
    private static Decoded Jump(ushort row, in Decoded compare, in Decoded jump, int before) => new()
    {
        Code = (ushort)(row + compare.Code - (ushort)(IsInteger(compare.Code) ? Opcode.Eq : Opcode.Eqf64)),
        A = compare.A, B = compare.B, Value = jump.Value + before * Unsafe.SizeOf<Decoded>(), Target = jump.Target,
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
