using System.Runtime.CompilerServices;

namespace Iridium.Vm.Execution;

// What the fused operations do. Each operator is a type, so that a row of the loop names two of them and the
// compiler makes one piece of code of it.
public sealed partial class Interpreter
{
    private interface IArithmetic
    {
        static abstract int Of(int a, int b);
    }

    private interface IFloatArithmetic
    {
        static abstract double Of(double a, double b);
    }

    private interface IComparison
    {
        static abstract bool Of(int a, int b);
    }

    private interface IFloatComparison
    {
        static abstract bool Of(double a, double b);
    }

    private readonly struct Sum : IArithmetic, IFloatArithmetic
    {
        public static int Of(int a, int b) => a + b;
        public static double Of(double a, double b) => a + b;
    }

    private readonly struct Difference : IArithmetic, IFloatArithmetic
    {
        public static int Of(int a, int b) => a - b;
        public static double Of(double a, double b) => a - b;
    }

    private readonly struct Product : IArithmetic, IFloatArithmetic
    {
        public static int Of(int a, int b) => a * b;
        public static double Of(double a, double b) => a * b;
    }

    private readonly struct Quotient : IFloatArithmetic
    {
        public static double Of(double a, double b) => a / b;
    }

    private readonly struct Both : IArithmetic
    {
        public static int Of(int a, int b) => a & b;
    }

    private readonly struct Either : IArithmetic
    {
        public static int Of(int a, int b) => a | b;
    }

    private readonly struct OneOf : IArithmetic
    {
        public static int Of(int a, int b) => a ^ b;
    }

    private readonly struct Left : IArithmetic
    {
        public static int Of(int a, int b) => a << b;
    }

    private readonly struct Right : IArithmetic
    {
        public static int Of(int a, int b) => a >> b;
    }

    private readonly struct Equal : IComparison
    {
        public static bool Of(int a, int b) => a == b;
    }

    private readonly struct NotEqual : IComparison
    {
        public static bool Of(int a, int b) => a != b;
    }

    private readonly struct AtLeast : IComparison, IFloatComparison
    {
        public static bool Of(int a, int b) => a >= b;
        public static bool Of(double a, double b) => a >= b;
    }

    private readonly struct AtMost : IComparison, IFloatComparison
    {
        public static bool Of(int a, int b) => a <= b;
        public static bool Of(double a, double b) => a <= b;
    }

    private readonly struct Less : IComparison, IFloatComparison
    {
        public static bool Of(int a, int b) => a < b;
        public static bool Of(double a, double b) => a < b;
    }

    private readonly struct Greater : IComparison, IFloatComparison
    {
        public static bool Of(int a, int b) => a > b;
        public static bool Of(double a, double b) => a > b;
    }

    private readonly struct Near : IFloatComparison
    {
        public static bool Of(double a, double b) => Math.Abs(a - b) < Epsilon;
    }

    private readonly struct NotNear : IFloatComparison
    {
        public static bool Of(double a, double b) => Math.Abs(a - b) > Epsilon;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Holds<TComparison>(ref int r, in Decoded op)
        where TComparison : struct, IComparison => TComparison.Of(Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool FloatsHold<TComparison>(ref double f, in Decoded op)
        where TComparison : struct, IFloatComparison =>
        TComparison.Of(Unsafe.Add(ref f, op.A), Unsafe.Add(ref f, op.B));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool StepHolds<TComparison>(ref int r, in Decoded op)
        where TComparison : struct, IComparison
    {
        Unsafe.Add(ref r, op.C) += (sbyte)op.D;
        return Holds<TComparison>(ref r, in op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SumHolds<TComparison>(ref int r, in Decoded op)
        where TComparison : struct, IComparison
    {
        Unsafe.Add(ref r, op.E) = Unsafe.Add(ref r, op.C) + Unsafe.Add(ref r, op.D);
        return Holds<TComparison>(ref r, in op);
    }

    /// <summary>POP, PUSH, and a sum or the like.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PopPush<TArithmetic>(Machine machine, ref int r, in Decoded op, int depth)
        where TArithmetic : struct, IArithmetic
    {
        ref int slot = ref Slot(machine, depth - 1);
        Unsafe.Add(ref r, op.D) = slot;
        slot = Unsafe.Add(ref r, op.E);
        Unsafe.Add(ref r, op.C) = TArithmetic.Of(Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B));
    }

    /// <summary>POP, and a sum or the like.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PopInto<TArithmetic>(Machine machine, ref int r, in Decoded op, int depth)
        where TArithmetic : struct, IArithmetic
    {
        Unsafe.Add(ref r, op.D) = Slot(machine, depth);
        Unsafe.Add(ref r, op.C) = TArithmetic.Of(Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B));
    }

    /// <summary>SETM at an address that is there, ADD to it, and a compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool StoreHolds<TComparison>(Machine machine, ref int r, in Decoded op)
        where TComparison : struct, IComparison
    {
        int address = Unsafe.Add(ref r, op.A);
        Unsafe.WriteUnaligned(ref HeapAt(machine, address), Unsafe.Add(ref r, op.C));
        Unsafe.Add(ref r, op.A) = address + Unsafe.Add(ref r, op.D);
        return Holds<TComparison>(ref r, in op);
    }

    /// <summary>LOADM from an address that is there, and a compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool LoadHolds<TComparison>(Machine machine, ref int r, in Decoded op)
        where TComparison : struct, IComparison
    {
        Unsafe.Add(ref r, op.A) = Unsafe.ReadUnaligned<int>(ref HeapAt(machine, Unsafe.Add(ref r, op.C)));
        return Holds<TComparison>(ref r, in op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chain<TFirst, TSecond>(ref int r, in Decoded op)
        where TFirst : struct, IArithmetic
        where TSecond : struct, IArithmetic
    {
        int between = TFirst.Of(Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B));
        Unsafe.Add(ref r, op.C) = between;
        Unsafe.Add(ref r, op.E) = TSecond.Of(between, Unsafe.Add(ref r, op.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ChainShift<TFirst, TShift>(ref int r, in Decoded op)
        where TFirst : struct, IArithmetic
        where TShift : struct, IArithmetic =>
        Unsafe.Add(ref r, op.C) = TShift.Of(TFirst.Of(Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B)), op.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FloatPair<TFirst, TSecond>(ref double f, in Decoded op)
        where TFirst : struct, IFloatArithmetic
        where TSecond : struct, IFloatArithmetic
    {
        Unsafe.Add(ref f, op.C) = TFirst.Of(Unsafe.Add(ref f, op.A), Unsafe.Add(ref f, op.B));
        Unsafe.Add(ref f, op.F) = TSecond.Of(Unsafe.Add(ref f, op.D), Unsafe.Add(ref f, op.E));
    }
}
