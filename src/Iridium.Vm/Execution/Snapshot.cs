using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>Why a snapshot cannot be restored.</summary>
public enum SnapshotReject
{
    None,

    /// <summary>Cut, or longer than it says.</summary>
    Length,

    /// <summary>It does not start as snapshots do.</summary>
    Magic,

    /// <summary>Made by a version of this format that is not known here.</summary>
    Version,

    /// <summary>The checksum does not match: bytes were changed on the way.</summary>
    Checksum,

    /// <summary>It belongs to another program.</summary>
    Program,

    /// <summary>It needs more heap or stack than this machine may have.</summary>
    Limits,

    /// <summary>The checksum is right, but no machine can be in such a state.</summary>
    State,
}

/// <summary>A machine as it was, or the reason why not.</summary>
public sealed record Restoration(Machine? Machine, SnapshotReject Reject)
{
    [MemberNotNullWhen(true, nameof(Machine))]
    public bool Succeeded => Machine is not null;

    public string ToText() => Reject switch
    {
        SnapshotReject.None => "restored",
        SnapshotReject.Length => "the snapshot is cut or has bytes behind its end",
        SnapshotReject.Magic => "this is not a snapshot of an Iridium machine",
        SnapshotReject.Version => "the snapshot was made by another version of its format",
        SnapshotReject.Checksum => "the snapshot's checksum does not match its bytes",
        SnapshotReject.Program => "the snapshot belongs to another program",
        SnapshotReject.Limits => "the snapshot needs more heap or stack than the machine may have",
        SnapshotReject.State => "the snapshot describes a state that no machine can be in",
        _ => throw new ArgumentOutOfRangeException(nameof(Reject), Reject, null),
    };
}

/// <summary>
/// The whole state of a machine between two instructions, as bytes that any machine, engine and processor can go on
/// from. All numbers are little-endian:
/// <code>
///    0  magic "ESNP"          4  format version, 1         5  equal flag       6  stop       7  fault
///    8  program hash, 32      40  id, 16                   56  pc              60  remainder 64  loop counter
///   68  base pointer          72  code                     76  fuel used, 8    84  output bytes, 8
///   92  heap bytes            96  heap bytes stored        100  stack slots    104  float registers stored: 0 or 32
///  108  integer registers, 128; float registers; stack; heap without the zeros at its end; CRC-32C of all before, 4
/// </code>
/// </summary>
public static class Snapshot
{
    private const byte FormatVersion = 1;
    private const int FixedBytes = 108 + 4 * InstructionSet.RegisterCount;
    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "ESNP"u8;

    public static byte[] Take(Machine machine)
    {
        ReadOnlySpan<byte> heap = machine.HeapArray.AsSpan(0, Math.Min(machine.HeapArray.Length, machine.HeapLength));
        heap = heap[..(heap.LastIndexOfAnyExcept((byte)0) + 1)];
        ReadOnlySpan<byte> stack = MemoryMarshal.AsBytes(machine.Stack);
        ReadOnlySpan<byte> floats = MemoryMarshal.AsBytes(machine.FloatFile.AsSpan());
        byte[] bytes = new byte[FixedBytes + floats.Length + stack.Length + heap.Length + ChecksumBytes];
        Span<byte> to = bytes;
        Magic.CopyTo(to);
        to[4] = FormatVersion;
        to[5] = machine.Flag ? (byte)1 : (byte)0;
        to[6] = (byte)machine.Last.Stop;
        to[7] = (byte)machine.Last.Fault;
        machine.Image.Hash.Span.CopyTo(to[8..]);
        machine.Id.TryWriteBytes(to[40..]);
        Write(to, 56, machine.ProgramCounter);
        Write(to, 60, machine.RemainderValue);
        Write(to, 64, (int)machine.Counter);
        Write(to, 68, machine.FrameBase);
        Write(to, 72, machine.Last.Code);
        BinaryPrimitives.WriteInt64LittleEndian(to[76..], machine.Fuel);
        BinaryPrimitives.WriteInt64LittleEndian(to[84..], machine.Output);
        Write(to, 92, machine.HeapLength);
        Write(to, 96, heap.Length);
        Write(to, 100, machine.Depth);
        Write(to, 104, machine.FloatFile.Length);
        MemoryMarshal.AsBytes(machine.IntegerFile.AsSpan()).CopyTo(to[108..]);
        floats.CopyTo(to[FixedBytes..]);
        stack.CopyTo(to[(FixedBytes + floats.Length)..]);
        heap.CopyTo(to[(FixedBytes + floats.Length + stack.Length)..]);
        Write(to, bytes.Length - ChecksumBytes, (int)Checksum(to[..^ChecksumBytes]));
        return bytes;
    }

    /// <param name="bytes">From anywhere: they are not trusted.</param>
    /// <param name="image">The program it was taken of.</param>
    /// <param name="limits">Of the new machine.</param>
    public static Restoration Restore(ReadOnlySpan<byte> bytes, VerifiedImage image, Limits? limits = null)
    {
        var machine = new Machine(image, limits)
        {
            Id = bytes.Length >= FixedBytes ? new Guid(bytes.Slice(40, 16)) : default,
        };
        SnapshotReject reject = Judge(bytes, machine);
        if (reject == SnapshotReject.None && !TryFill(machine, bytes)) reject = SnapshotReject.State;
        return new Restoration(reject == SnapshotReject.None ? machine : null, reject);
    }

    private static int Read(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadInt32LittleEndian(from[at..]);

    private static void Write(Span<byte> to, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(to[at..], value);

    private static SnapshotReject Judge(ReadOnlySpan<byte> bytes, Machine machine)
    {
        if (!bytes.StartsWith(Magic)) return SnapshotReject.Magic;
        if (bytes.Length < FixedBytes + ChecksumBytes) return SnapshotReject.Length;
        if (bytes[4] != FormatVersion) return SnapshotReject.Version;
        if (Checksum(bytes[..^ChecksumBytes]) != (uint)Read(bytes, bytes.Length - ChecksumBytes))
            return SnapshotReject.Checksum;
        if (!machine.Image.Hash.Span.SequenceEqual(bytes.Slice(8, 32))) return SnapshotReject.Program;
        (int heap, int heapStored, int stack, int floats) =
            (Read(bytes, 92), Read(bytes, 96), Read(bytes, 100), Read(bytes, 104));
        if (heap < 0 || heapStored < 0 || heapStored > heap || stack < 0
            || floats is not 0 and not InstructionSet.RegisterCount)
            return SnapshotReject.State;
        if (heap > machine.Limits.HeapBytes || stack > machine.Limits.StackSlots) return SnapshotReject.Limits;
        return bytes.Length == FixedBytes + 8L * floats + 4L * stack + heapStored + ChecksumBytes
            ? SnapshotReject.None
            : SnapshotReject.Length;
    }

    private static bool TryFill(Machine machine, ReadOnlySpan<byte> bytes)
    {
        machine.Index = machine.Image.Program.IndexOf(Read(bytes, 56));
        machine.Flag = bytes[5] == 1;
        machine.RemainderValue = Read(bytes, 60);
        machine.Counter = (uint)Read(bytes, 64);
        machine.FrameBase = Read(bytes, 68);
        machine.Fuel = BinaryPrimitives.ReadInt64LittleEndian(bytes[76..]);
        machine.Output = BinaryPrimitives.ReadInt64LittleEndian(bytes[84..]);
        machine.HeapLength = Read(bytes, 92);
        machine.Depth = Read(bytes, 100);
        machine.Last = new RunResult((Stop)bytes[6], (Fault)bytes[7], Read(bytes, 72), 0);
        int floats = 8 * Read(bytes, 104);
        int stack = 4 * machine.Depth;
        int heap = Read(bytes, 96);
        bytes.Slice(108, 4 * InstructionSet.RegisterCount).CopyTo(
            MemoryMarshal.AsBytes(machine.EnsureIntegers().AsSpan()));
        if (floats > 0)
            bytes.Slice(FixedBytes, floats).CopyTo(MemoryMarshal.AsBytes(machine.EnsureFloats().AsSpan()));
        machine.StackArray = new int[machine.Depth];
        bytes.Slice(FixedBytes + floats, stack).CopyTo(MemoryMarshal.AsBytes(machine.StackArray.AsSpan()));
        if (heap > 0) bytes.Slice(FixedBytes + floats + stack, heap).CopyTo(machine.EnsureHeap());
        return bytes[5] <= 1 && machine.Index >= 0 && machine.Fuel >= 0 && machine.Output >= 0 &&
            machine.Output <= machine.Limits.OutputBytes && IsConsistent(machine.Last) &&
            (machine.Last.Stop != Stop.Waiting || Interpreter.TryAskAgain(machine));
    }

    private static bool IsConsistent(RunResult last) => last.Stop switch
    {
        Stop.OutOfFuel or Stop.Waiting or Stop.Breakpoint => last is { Fault: Fault.None, Code: 0 },
        Stop.Halted => last.Fault == Fault.None,
        Stop.RanOff or Stop.Illegal => last is { Fault: Fault.None, Code: 1 },
        Stop.Crashed => Enum.IsDefined(last.Fault) && last.Fault != Fault.None && last.Code == (int)last.Fault,
        _ => false,
    };

    /// <summary>CRC-32C: eight bytes an instruction on the processors we know.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte rest in bytes) sum = BitOperations.Crc32C(sum, rest);
        return ~sum;
    }
}
