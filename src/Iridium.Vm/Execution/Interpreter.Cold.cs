using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

// What the loop does seldom, kept out of it so that its registers go to what it does often.
public sealed partial class Interpreter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOf(Machine machine, ref Decoded op) =>
        (int)((nuint)Unsafe.ByteOffset(ref First(machine.SliceWords), ref op) / (nuint)Unsafe.SizeOf<Decoded>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T First<T>(T[] array) => ref MemoryMarshal.GetArrayDataReference(array);

    /// <summary>A slot that was compared with the depth, which is never beyond the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int Slot(Machine machine, int index) =>
        ref Unsafe.Add(ref First(machine.StackArray), (uint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte HeapAt(Machine machine, int address) =>
        ref Unsafe.Add(ref First(machine.HeapArray), (uint)address);

    /// <summary>The two slots of a call, for which there is room.</summary>
    /// <returns>The new depth, which is the new frame's base.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PushFrame(Machine machine, int depth, int returnAddress)
    {
        ref int slot = ref Slot(machine, depth);
        slot = returnAddress;
        Unsafe.Add(ref slot, 1) = machine.FrameBase;
        return machine.FrameBase = depth + 2;
    }

    /// <summary>Stores what the loop kept in locals, and says how the slice ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(Machine machine, ref Decoded op, int depth, long budget, Stop stop,
        Fault fault = Fault.None, int code = 0)
    {
        int index = IndexOf(machine, ref op);
        long used = machine.SliceFuel - (budget - index);
        machine.Index = index;
        machine.Depth = depth;
        machine.Fuel += used;
        machine.Last = new RunResult(stop, fault, code, used);
    }

    internal static Fault Divide(Machine machine, int dividend, int divisor, ref int quotient)
    {
        if (divisor == 0) return Fault.DivideByZero;
        if (divisor == -1 && dividend == int.MinValue) return Fault.DivideOverflow;
        int result = dividend / divisor;
        machine.RemainderValue = dividend - result * divisor;
        quotient = result;
        return Fault.None;
    }

    internal static void DivideUnsigned(Machine machine, ref int r, in Decoded op)
    {
        (uint quotient, uint remainder) =
            Math.DivRem((uint)Unsafe.Add(ref r, op.A), (uint)Unsafe.Add(ref r, op.B));
        machine.RemainderValue = (int)remainder;
        Unsafe.Add(ref r, op.C) = (int)quotient;
    }

    private static void PushFloat(int[] stack, int depth, double value) =>
        BinaryPrimitives.WriteDoubleLittleEndian(MemoryMarshal.AsBytes(stack.AsSpan(depth, 2)), value);

    private static double PopFloat(int[] stack, int depth) =>
        BinaryPrimitives.ReadDoubleLittleEndian(MemoryMarshal.AsBytes(stack.AsSpan(depth, 2)));

    internal static bool IsInData(Machine machine, int address, int bytes) =>
        address >= 0 && (long)address + bytes <= machine.Image.ReadOnlyBytes.Length;

    /// <summary>PRTS: the text at an offset of the read-only section, printed if it ends there.</summary>
    internal static Fault PrintText(Machine machine, int offset, List<VmEffect> effects)
    {
        ReadOnlySpan<byte> data = machine.Image.ReadOnlyBytes;
        if (offset >= data.Length) return Fault.ReadOnlyBounds;
        int length = data[offset..].IndexOf((byte)0);
        return length < 0 ? Fault.ReadOnlyBounds : machine.Print(data.Slice(offset, length), effects);
    }

    internal static Fault PrintNumber(Machine machine, Opcode opcode, int value, List<VmEffect> effects)
    {
        Span<byte> text = stackalloc byte[16];
        int length;
        if (opcode == Opcode.Prti) value.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
        else length = (Rune.TryCreate(value, out Rune rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(text);
        return machine.Print(text[..length], effects);
    }

    internal static Fault PrintFloat(Machine machine, double value, List<VmEffect> effects)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        return machine.Print(text[..length], effects);
    }

    /// <summary>Puts the question of READLN, ARG, CLOCK or RANDOM.</summary>
    /// <returns>False if the room for the answer is not within the heap.</returns>
    private static bool TryAsk(Machine machine, ref int r, in Decoded op)
    {
        machine.Question = (Opcode)op.Code switch
        {
            Opcode.Readln => new Want(WantKind.Line, 0, Unsafe.Add(ref r, op.B)),
            Opcode.Arg => new Want(WantKind.Argument, Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.C)),
            Opcode.Clock => new Want(WantKind.Clock, 0, 0),
            _ => new Want(WantKind.Random, 0, 0),
        };
        int address = (Opcode)op.Code switch
        {
            Opcode.Readln => Unsafe.Add(ref r, op.A),
            Opcode.Arg => Unsafe.Add(ref r, op.B),
            _ => 0,
        };
        return machine.IsInHeap(address, machine.Question.Bytes);
    }

    /// <summary>Puts the question anew for a machine that was restored while it waited.</summary>
    internal static bool TryAskAgain(Machine machine)
    {
        ref Decoded op = ref machine.Program.Words[machine.Index];
        if ((Opcode)op.Code is Opcode.Clock) machine.EnsureFloats();
        return (Opcode)op.Code is Opcode.Readln or Opcode.Arg or Opcode.Clock or Opcode.Random &&
            TryAsk(machine, ref MemoryMarshal.GetArrayDataReference(machine.EnsureIntegers()), in op);
    }

    [DoesNotReturn]
    private static void ThrowUnknown(int code) =>
        throw new UnreachableException($"The decoder makes no operation {code}.");
}
