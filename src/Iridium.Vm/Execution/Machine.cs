using System.Text;
using System.Text.Unicode;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

/// <summary>
/// The state of one run, and nothing else: an <see cref="IEngine"/> moves it. It is allocated as it is used, so a
/// machine that waits costs a few hundred bytes. One thread at a time may touch it.
/// </summary>
public sealed class Machine
{
    internal int Index;
    internal int[] IntegerFile = [];
    internal double[] FloatFile = [];
    internal byte[] HeapArray = [];
    internal int[] StackArray = [];
    internal int Depth;
    internal bool Flag;
    internal int RemainderValue;
    internal uint Counter;
    internal int FrameBase;
    internal long Fuel;
    internal long Output;
    internal int HeapLength = Limits.InitialHeapBytes;

    /// <summary>How much of the heap is there in memory: all of it, or what was used before it last grew.</summary>
    internal int HeapTop;
    internal RunResult Last;
    internal Want Question;

    // What belongs to the slice that is running.
    internal long SliceFuel;
    internal long SliceOutputEnd;
    internal Decoded[] SliceWords = [];
    internal List<VmEffect>? SliceEffects;

    public Machine(VerifiedImage image, Limits? limits = null)
    {
        Image = image;
        Program = image.Program;
        Limits = limits ?? Limits.Default;
        HeapLength = Math.Min(Limits.InitialHeapBytes, Limits.HeapBytes);
    }

    /// <summary>Names the run in its events.</summary>
    public Guid Id { get; init; }

    public VerifiedImage Image { get; private set; }

    /// <summary>The image's decoded code, one step nearer for who needs it at every turn.</summary>
    internal DecodedProgram Program;

    public Limits Limits { get; }

    /// <summary>Byte address of the next instruction; after a crash, of the one that crashed.</summary>
    public int ProgramCounter => Image.Program.AddressOf(Index);

    /// <summary>The 32 integer registers.</summary>
    public ReadOnlySpan<int> Registers => EnsureIntegers();

    /// <summary>The 32 registers of the F64 instructions.</summary>
    public ReadOnlySpan<double> FloatRegisters => EnsureFloats();

    /// <summary>Result of the last comparison.</summary>
    public bool EqualFlag => Flag;

    public int Remainder => RemainderValue;

    public uint LoopCounter => Counter;

    /// <summary>Where the current call frame starts on the stack.</summary>
    public int BasePointer => FrameBase;

    /// <summary>Size of the heap in bytes. It is zero wherever it was never written.</summary>
    public int HeapBytes => HeapLength;

    public ReadOnlySpan<byte> Heap => EnsureHeap();

    /// <summary>The used slots of the stack, the bottom first.</summary>
    public ReadOnlySpan<int> Stack => StackArray.AsSpan(0, Depth);

    /// <summary>Since the machine was made.</summary>
    public long FuelUsed => Fuel;

    /// <summary>UTF-8 bytes printed since the machine was made.</summary>
    public long OutputBytes => Output;

    /// <summary>How the last slice ended; <see cref="Stop.OutOfFuel"/> if there was none yet.</summary>
    public RunResult State => Last;

    /// <summary>What a machine in <see cref="Stop.Waiting"/> wants to know, else null.</summary>
    public Want? Wanted => Last.Stop == Stop.Waiting ? Question : null;

    public void SetRegister(int register, int value) => EnsureIntegers()[register] = value;

    public void SetFloatRegister(int register, double value) => EnsureFloats()[register] = value;

    public void ClearRegisters()
    {
        IntegerFile.AsSpan().Clear();
        FloatFile.AsSpan().Clear();
    }

    /// <summary>Writes into the heap from outside, for a debugger or a test.</summary>
    public void SetHeap(int address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(EnsureHeap()[address..]);

    /// <summary>Answers the question of a waiting machine and moves it to its next instruction.</summary>
    /// <exception cref="InvalidOperationException">It does not wait, or for something else.</exception>
    public void Answer(VmAnswer answer)
    {
        if (Last.Stop != Stop.Waiting)
            throw new InvalidOperationException("The machine is not waiting for an answer.");
        ref Decoded word = ref Image.Program.Words[Index];
        switch (Question.Kind, answer)
        {
            case (WantKind.Line, VmAnswer.Text text):
                IntegerFile[word.B] = StoreText(IntegerFile[word.A], text.Value);
                break;
            case (WantKind.Line, VmAnswer.End):
                IntegerFile[word.B] = -1;
                break;
            case (WantKind.Argument, VmAnswer.Text text):
                IntegerFile[word.C] = StoreText(IntegerFile[word.B], text.Value);
                break;
            case (WantKind.Argument, VmAnswer.End):
                IntegerFile[word.C] = -1;
                break;
            case (WantKind.Clock, VmAnswer.Milliseconds time):
                FloatFile[word.A] = time.Value;
                break;
            case (WantKind.Random, VmAnswer.Number number):
                IntegerFile[word.A] = number.Value;
                break;
            default:
                throw new InvalidOperationException($"{answer} is no answer to the question {Question}.");
        }
        Index++;
        Last = default;
    }

    internal void ClearStack()
    {
        Depth = 0;
        FrameBase = 0;
    }

    /// <summary>Gives a live machine a longer program; what it has done so far keeps its addresses.</summary>
    internal void Extend(VerifiedImage image, int address)
    {
        Image = image;
        Program = image.Program;
        Index = image.Program.IndexOf(address);
        Last = default;
    }

    internal int[] EnsureIntegers() =>
        IntegerFile.Length > 0 ? IntegerFile : IntegerFile = new int[InstructionSet.RegisterCount];

    internal double[] EnsureFloats() =>
        FloatFile.Length > 0 ? FloatFile : FloatFile = new double[InstructionSet.RegisterCount];

    internal Span<byte> EnsureHeap()
    {
        if (HeapArray.Length < HeapLength)
        {
            // Doubling, or a program that asks for a byte at a time would copy its heap each time.
            long capacity = Math.Max(HeapLength, Math.Min(2L * HeapArray.Length, Limits.HeapBytes));
            Array.Resize(ref HeapArray, (int)capacity);
        }
        HeapTop = HeapLength;
        return HeapArray.AsSpan(0, HeapLength);
    }

    /// <summary>Room on the stack for more slots.</summary>
    /// <returns>False if that is beyond the limit.</returns>
    internal bool TryReserve(int depth, int slots)
    {
        long wanted = (long)depth + slots;
        if (wanted > Limits.StackSlots) return false;
        if (wanted > StackArray.Length)
        {
            long doubled = Math.Max(Math.Max(wanted, 16), 2L * StackArray.Length);
            // What an engine has pushed and not yet stored the depth of is in the array all the same.
            Array.Resize(ref StackArray, (int)Math.Min(doubled, Limits.StackSlots));
        }
        return true;
    }

    /// <summary>ALOC. The bytes are made when somebody looks at them.</summary>
    internal Fault Allocate(int bytes)
    {
        if (bytes < 0) return Fault.NegativeAllocation;
        long wanted = (long)HeapLength + bytes;
        if (wanted > Limits.HeapBytes) return Fault.HeapLimit;
        HeapLength = (int)wanted;
        return Fault.None;
    }

    internal bool IsInHeap(int address, int bytes) =>
        address >= 0 && bytes >= 0 && (long)address + bytes <= HeapLength;

    /// <summary>Lists a text to print, if the program may still print that much.</summary>
    internal Fault Print(ReadOnlySpan<byte> utf8, List<VmEffect> effects)
    {
        if (utf8.Length > Limits.OutputBytes - Output) return Fault.OutputLimit;
        Output += utf8.Length;
        if (utf8.Length > 0) effects.Add(new VmEffect.Print(Encoding.UTF8.GetString(utf8)));
        return Fault.None;
    }

    /// <summary>Stores what fits into the room that was asked for, never half a character.</summary>
    private int StoreText(int address, string text)
    {
        Span<byte> room = EnsureHeap().Slice(address, Question.Bytes);
        Utf8.FromUtf16(text, room, out _, out int stored);
        return stored;
    }
}
