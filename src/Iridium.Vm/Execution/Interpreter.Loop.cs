using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Execution;

public sealed partial class Interpreter
{
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>A decoded word has 16 bytes, and jumps know their way in bytes.</summary>
    private const int WordShift = 4;

    // The dispatch loop: a case for each operation, in the order of the instruction table. The loop may be long; a
    // case may not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TMode>(Machine machine, long fuel)
        where TMode : struct, IMode
    {
        ref Decoded op = ref machine.SliceWords[machine.Index];
        ref int r = ref MemoryMarshal.GetArrayDataReference(machine.IntegerFile);
        // Without float instructions there is no file, and nobody looks.
        ref double f = ref MemoryMarshal.GetArrayDataReference(machine.FloatFile);
        bool holds;
        int depth = machine.Depth;
        long budget = machine.Index + fuel;
        Fault fault;
        int address;
        int target;
        uint offset;

        while (true)
        {
            if (TMode.StopsEverywhere && budget <= IndexOf(machine, ref op))
            {
                Leave(machine, ref op, depth, budget, Stop.OutOfFuel);
                return;
            }
            switch (op.Code)
            {
                case (int)Opcode.Load:
                    Unsafe.Add(ref r, op.A) = op.Value;
                    break;
                case (int)Opcode.Loadi32:
                    Unsafe.Add(ref r, op.A) = op.Value;
                    goto Next2;
                case (int)Opcode.Add:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) + Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Sub:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) - Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Mul:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) * Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Div:
                    fault = Divide(machine, Unsafe.Add(ref r, op.A), Unsafe.Add(ref r, op.B),
                        ref Unsafe.Add(ref r, op.C));
                    if (fault != Fault.None) goto Crash;
                    break;
                case (int)Opcode.Hlt:
                    Leave(machine, ref op, depth, budget - 1, Stop.Halted);
                    return;
                case (int)Opcode.Jmp:
                    address = Unsafe.Add(ref r, op.A);
                    goto Jump;
                case (int)Opcode.Jmpf:
                    address = machine.Program.AddressOf(IndexOf(machine, ref op)) + 2 +
                        Unsafe.Add(ref r, op.A);
                    goto Jump;
                case (int)Opcode.Jmpb:
                    address = machine.Program.AddressOf(IndexOf(machine, ref op)) + 2 -
                        Unsafe.Add(ref r, op.A);
                    goto Jump;
                case (int)Opcode.Eq:
                    machine.Flag = Unsafe.Add(ref r, op.A) == Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Neq:
                    machine.Flag = Unsafe.Add(ref r, op.A) != Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Gte:
                    machine.Flag = Unsafe.Add(ref r, op.A) >= Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Lte:
                    machine.Flag = Unsafe.Add(ref r, op.A) <= Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Lt:
                    machine.Flag = Unsafe.Add(ref r, op.A) < Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Gt:
                    machine.Flag = Unsafe.Add(ref r, op.A) > Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Jmpe:
                    if (!machine.Flag) break;
                    address = Unsafe.Add(ref r, op.A);
                    goto Jump;
                case (int)Opcode.Nop:
                    break;
                case (int)Opcode.Aloc:
                    fault = machine.Allocate(Unsafe.Add(ref r, op.A));
                    if (fault != Fault.None) goto Crash;
                    break;
                case (int)Opcode.Inc:
                    Unsafe.Add(ref r, op.A)++;
                    break;
                case (int)Opcode.Dec:
                    Unsafe.Add(ref r, op.A)--;
                    break;
                case (int)Opcode.Djmpe:
                    if (!machine.Flag) break;
                    goto Back;
                case Operation.DjmpeAhead:
                    if (!machine.Flag) break;
                    goto Ahead;
                case (int)Opcode.Prts:
                    fault = PrintText(machine, op.Value, machine.SliceEffects!);
                    goto Printed;
                case (int)Opcode.Loadf64:
                    Unsafe.Add(ref f, op.A) = op.Value;
                    break;
                case (int)Opcode.Addf64:
                    Unsafe.Add(ref f, op.C) = Unsafe.Add(ref f, op.A) + Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Subf64:
                    Unsafe.Add(ref f, op.C) = Unsafe.Add(ref f, op.A) - Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Mulf64:
                    Unsafe.Add(ref f, op.C) = Unsafe.Add(ref f, op.A) * Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Divf64:
                    Unsafe.Add(ref f, op.C) = Unsafe.Add(ref f, op.A) / Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Eqf64:
                    machine.Flag = Math.Abs(Unsafe.Add(ref f, op.A) - Unsafe.Add(ref f, op.B)) < Epsilon;
                    break;
                case (int)Opcode.Neqf64:
                    machine.Flag = Math.Abs(Unsafe.Add(ref f, op.A) - Unsafe.Add(ref f, op.B)) > Epsilon;
                    break;
                case (int)Opcode.Gtf64:
                    machine.Flag = Unsafe.Add(ref f, op.A) > Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Gtef64:
                    machine.Flag = Unsafe.Add(ref f, op.A) >= Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Ltf64:
                    machine.Flag = Unsafe.Add(ref f, op.A) < Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Ltef64:
                    machine.Flag = Unsafe.Add(ref f, op.A) <= Unsafe.Add(ref f, op.B);
                    break;
                case (int)Opcode.Shl:
                    Unsafe.Add(ref r, op.A) <<= op.Value;
                    break;
                case (int)Opcode.Shr:
                    Unsafe.Add(ref r, op.A) >>= op.Value;
                    break;
                case (int)Opcode.And:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) & Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Or:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) | Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Xor:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) ^ Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Not:
                    Unsafe.Add(ref r, op.B) = ~Unsafe.Add(ref r, op.A);
                    break;
                case (int)Opcode.Lui:
                    Unsafe.Add(ref r, op.A) = (Unsafe.Add(ref r, op.A) << 16) | op.Value;
                    break;
                case (int)Opcode.Cloop:
                    machine.Counter = (uint)op.Value;
                    break;
                case (int)Opcode.Loop:
                    if (machine.Counter == 0) break;
                    machine.Counter--;
                    goto Back;
                case Operation.LoopAhead:
                    if (machine.Counter == 0) break;
                    machine.Counter--;
                    goto Ahead;
                case (int)Opcode.Loadm:
                    address = Unsafe.Add(ref r, op.A);
                    if ((ulong)(uint)address + 4 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.Add(ref r, op.B) = Unsafe.ReadUnaligned<int>(ref HeapAt(machine, address));
                    break;
                case (int)Opcode.Setm:
                    address = Unsafe.Add(ref r, op.A);
                    if ((ulong)(uint)address + 4 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.WriteUnaligned(ref HeapAt(machine, address), Unsafe.Add(ref r, op.B));
                    break;
                case (int)Opcode.Push:
                    if (depth == machine.StackArray.Length && !machine.TryReserve(depth, 1)) goto StackOverflow;
                    Slot(machine, depth++) = Unsafe.Add(ref r, op.A);
                    break;
                case (int)Opcode.Pop:
                    if (depth == 0) goto StackUnderflow;
                    Unsafe.Add(ref r, op.A) = Slot(machine, --depth);
                    break;
                case (int)Opcode.Call:
                    goto CallDirect;
                case (int)Opcode.Ret:
                    goto ReturnPlain;

                case (int)Opcode.Rem:
                    Unsafe.Add(ref r, op.A) = machine.RemainderValue;
                    break;
                case (int)Opcode.Mov:
                    Unsafe.Add(ref r, op.B) = Unsafe.Add(ref r, op.A);
                    break;
                case (int)Opcode.Movf64:
                    Unsafe.Add(ref f, op.B) = Unsafe.Add(ref f, op.A);
                    break;
                case (int)Opcode.Constf64:
                    Unsafe.Add(ref f, op.A) = machine.Program.Constants[op.Target];
                    op = ref Unsafe.Add(ref op, 3);
                    continue;
                case (int)Opcode.Itof:
                    Unsafe.Add(ref f, op.B) = Unsafe.Add(ref r, op.A);
                    break;
                case (int)Opcode.Ftoi:
                    Unsafe.Add(ref r, op.B) = (int)Unsafe.Add(ref f, op.A);
                    break;
                case (int)Opcode.Ldb:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 1 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.Add(ref r, op.B) = HeapAt(machine, address);
                    break;
                case (int)Opcode.Stb:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 1 > (ulong)machine.HeapTop) goto Touch;
                    HeapAt(machine, address) = (byte)Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Ldw:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 4 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.Add(ref r, op.B) = Unsafe.ReadUnaligned<int>(ref HeapAt(machine, address));
                    break;
                case (int)Opcode.Stw:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 4 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.WriteUnaligned(ref HeapAt(machine, address), Unsafe.Add(ref r, op.B));
                    break;
                case (int)Opcode.Ldf:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 8 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.Add(ref f, op.B) = Unsafe.ReadUnaligned<double>(ref HeapAt(machine, address));
                    break;
                case (int)Opcode.Stf:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if ((ulong)(uint)address + 8 > (ulong)machine.HeapTop) goto Touch;
                    Unsafe.WriteUnaligned(ref HeapAt(machine, address), Unsafe.Add(ref f, op.B));
                    break;
                case (int)Opcode.Goto:
                    goto Back;
                case Operation.GotoAhead:
                    goto Ahead;
                case (int)Opcode.Gotone:
                    if (machine.Flag) break;
                    goto Back;
                case Operation.GotoneAhead:
                    if (machine.Flag) break;
                    goto Ahead;
                case (int)Opcode.Callr:
                    target = machine.Program.IndexOf(Unsafe.Add(ref r, op.A));
                    if (target < 0) goto JumpTarget;
                    goto Call;
                case (int)Opcode.Lds:
                    address = machine.FrameBase + op.Value;
                    if ((uint)address >= (uint)depth) goto StackUnderflow;
                    Unsafe.Add(ref r, op.A) = Slot(machine, address);
                    break;
                case (int)Opcode.Sts:
                    address = machine.FrameBase + op.Value;
                    if ((uint)address >= (uint)depth) goto StackUnderflow;
                    Slot(machine, address) = Unsafe.Add(ref r, op.A);
                    break;
                case (int)Opcode.Enter:
                    if (depth + op.Value > machine.StackArray.Length && !machine.TryReserve(depth, op.Value))
                        goto StackOverflow;
                    machine.StackArray.AsSpan(depth, op.Value).Clear();
                    depth += op.Value;
                    break;
                case (int)Opcode.Drop:
                    if (depth < op.Value) goto StackUnderflow;
                    depth -= op.Value;
                    break;
                case (int)Opcode.Retn:
                    target = op.Value;
                    goto Return;
                case (int)Opcode.Pushf:
                    if (depth + 2 > machine.StackArray.Length && !machine.TryReserve(depth, 2)) goto StackOverflow;
                    PushFloat(machine.StackArray, depth, Unsafe.Add(ref f, op.A));
                    depth += 2;
                    break;
                case (int)Opcode.Popf:
                    if (depth < 2) goto StackUnderflow;
                    depth -= 2;
                    Unsafe.Add(ref f, op.A) = PopFloat(machine.StackArray, depth);
                    break;
                case (int)Opcode.Mulh:
                    Unsafe.Add(ref r, op.C) =
                        (int)(((long)Unsafe.Add(ref r, op.A) * Unsafe.Add(ref r, op.B)) >> 32);
                    break;
                case (int)Opcode.Mulhu:
                    Unsafe.Add(ref r, op.C) =
                        (int)(((ulong)(uint)Unsafe.Add(ref r, op.A) * (uint)Unsafe.Add(ref r, op.B)) >> 32);
                    break;
                case (int)Opcode.Divu:
                    if (Unsafe.Add(ref r, op.B) == 0) goto DivideByZero;
                    DivideUnsigned(machine, ref r, in op);
                    break;
                case (int)Opcode.Ltu:
                    machine.Flag = (uint)Unsafe.Add(ref r, op.A) < (uint)Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Gtu:
                    machine.Flag = (uint)Unsafe.Add(ref r, op.A) > (uint)Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Shru:
                    Unsafe.Add(ref r, op.A) >>>= op.Value;
                    break;
                case (int)Opcode.Prti or (int)Opcode.Prtc:
                    fault = PrintNumber(machine, (Opcode)op.Code, Unsafe.Add(ref r, op.A), machine.SliceEffects!);
                    goto Printed;
                case (int)Opcode.Prtf:
                    fault = PrintFloat(machine, Unsafe.Add(ref f, op.A), machine.SliceEffects!);
                    goto Printed;
                case (int)Opcode.Prtm:
                    address = Unsafe.Add(ref r, op.A);
                    target = Unsafe.Add(ref r, op.B);
                    if (!machine.IsInHeap(address, target)) goto HeapBounds;
                    fault = machine.Print(machine.EnsureHeap().Slice(address, target), machine.SliceEffects!);
                    goto Printed;
                case (int)Opcode.Readln or (int)Opcode.Arg or (int)Opcode.Clock or (int)Opcode.Random:
                    if (!TryAsk(machine, ref r, in op)) goto HeapBounds;
                    Leave(machine, ref op, depth, budget - 1, Stop.Waiting);
                    return;
                case (int)Opcode.Ldrb:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if (!IsInData(machine, address, 1)) goto ReadOnlyBounds;
                    Unsafe.Add(ref r, op.B) = machine.Image.ReadOnlyBytes[address];
                    break;
                case (int)Opcode.Ldrw:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if (!IsInData(machine, address, 4)) goto ReadOnlyBounds;
                    Unsafe.Add(ref r, op.B) =
                        Unsafe.ReadUnaligned<int>(ref machine.Image.ReadOnlyBytes[address]);
                    break;
                case (int)Opcode.Ldrf:
                    address = Unsafe.Add(ref r, op.A) + op.Value;
                    if (!IsInData(machine, address, 8)) goto ReadOnlyBounds;
                    Unsafe.Add(ref f, op.B) =
                        Unsafe.ReadUnaligned<double>(ref machine.Image.ReadOnlyBytes[address]);
                    break;
                case (int)Opcode.Heap:
                    Unsafe.Add(ref r, op.A) = machine.HeapLength;
                    break;
                case (int)Opcode.Exit:
                    Leave(machine, ref op, depth, budget - 1, Stop.Halted,
                        code: Unsafe.Add(ref r, op.A));
                    return;
                case (int)Opcode.Sqrtf64:
                    Unsafe.Add(ref f, op.B) = Math.Sqrt(Unsafe.Add(ref f, op.A));
                    break;
                case (int)Opcode.Floorf64:
                    Unsafe.Add(ref f, op.B) = Math.Floor(Unsafe.Add(ref f, op.A));
                    break;
                case (int)Opcode.Negf64:
                    Unsafe.Add(ref f, op.B) = -Unsafe.Add(ref f, op.A);
                    break;
                case (int)Opcode.Sete:
                    Unsafe.Add(ref r, op.A) = machine.Flag ? 1 : 0;
                    break;
                case (int)Opcode.Addi:
                    Unsafe.Add(ref r, op.B) = Unsafe.Add(ref r, op.A) + op.Value;
                    break;
                case (int)Opcode.Shlr:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) << Unsafe.Add(ref r, op.B);
                    break;
                case (int)Opcode.Shrr:
                    Unsafe.Add(ref r, op.C) = Unsafe.Add(ref r, op.A) >> Unsafe.Add(ref r, op.B);
                    break;

                case (int)Opcode.Igl:
                    Leave(machine, ref op, depth, budget - 1, Stop.Illegal, code: 1);
                    return;
                case Operation.RanOff:
                    Leave(machine, ref op, depth, budget, Stop.RanOff, code: 1);
                    return;
                case Operation.BadRegister:
                    fault = Fault.Register;
                    goto Crash;
                case Operation.BadDjmpe:
                    if (!machine.Flag) break;
                    goto JumpTarget;
                case Operation.BadLoop:
                    if (machine.Counter == 0) break;
                    goto JumpTarget;
                case Operation.BadCall or Operation.BadGoto:
                    goto JumpTarget;
                case Operation.BadGotone:
                    if (machine.Flag) break;
                    goto JumpTarget;

                // Pairs and triples, in the rows of Operation: what is fused is the type's name.
                case Operation.FusedBack + 0: holds = Holds<Equal>(ref r, in op); goto BackIfFused2;
                case Operation.FusedBack + 1: holds = Holds<NotEqual>(ref r, in op); goto BackIfFused2;
                case Operation.FusedBack + 2: holds = Holds<AtLeast>(ref r, in op); goto BackIfFused2;
                case Operation.FusedBack + 3: holds = Holds<AtMost>(ref r, in op); goto BackIfFused2;
                case Operation.FusedBack + 4: holds = Holds<Less>(ref r, in op); goto BackIfFused2;
                case Operation.FusedBack + 5: holds = Holds<Greater>(ref r, in op); goto BackIfFused2;
                case Operation.FusedAhead + 0: holds = Holds<Equal>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedAhead + 1: holds = Holds<NotEqual>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedAhead + 2: holds = Holds<AtLeast>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedAhead + 3: holds = Holds<AtMost>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedAhead + 4: holds = Holds<Less>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedAhead + 5: holds = Holds<Greater>(ref r, in op); goto AheadIfFused2;
                case Operation.FusedFloatBack + 0: holds = FloatsHold<Near>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatBack + 1: holds = FloatsHold<NotNear>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatBack + 2: holds = FloatsHold<Greater>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatBack + 3: holds = FloatsHold<AtLeast>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatBack + 4: holds = FloatsHold<Less>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatBack + 5: holds = FloatsHold<AtMost>(ref f, in op); goto BackIfFused2;
                case Operation.FusedFloatAhead + 0: holds = FloatsHold<Near>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedFloatAhead + 1: holds = FloatsHold<NotNear>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedFloatAhead + 2: holds = FloatsHold<Greater>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedFloatAhead + 3: holds = FloatsHold<AtLeast>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedFloatAhead + 4: holds = FloatsHold<Less>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedFloatAhead + 5: holds = FloatsHold<AtMost>(ref f, in op); goto AheadIfFused2;
                case Operation.FusedStepBack + 0: holds = StepHolds<Equal>(ref r, in op); goto BackIfFused3;
                case Operation.FusedStepBack + 1: holds = StepHolds<NotEqual>(ref r, in op); goto BackIfFused3;
                case Operation.FusedStepBack + 2: holds = StepHolds<AtLeast>(ref r, in op); goto BackIfFused3;
                case Operation.FusedStepBack + 3: holds = StepHolds<AtMost>(ref r, in op); goto BackIfFused3;
                case Operation.FusedStepBack + 4: holds = StepHolds<Less>(ref r, in op); goto BackIfFused3;
                case Operation.FusedStepBack + 5: holds = StepHolds<Greater>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 0: holds = SumHolds<Equal>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 1: holds = SumHolds<NotEqual>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 2: holds = SumHolds<AtLeast>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 3: holds = SumHolds<AtMost>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 4: holds = SumHolds<Less>(ref r, in op); goto BackIfFused3;
                case Operation.FusedAddBack + 5: holds = SumHolds<Greater>(ref r, in op); goto BackIfFused3;
                case Operation.Chain + 0: Chain<Sum, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 1: Chain<Sum, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 2: Chain<Sum, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 3: Chain<Sum, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 4: Chain<Sum, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 5: Chain<Sum, OneOf>(ref r, in op); goto Next2;
                case Operation.Chain + 6: Chain<Difference, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 7: Chain<Difference, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 8: Chain<Difference, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 9: Chain<Difference, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 10: Chain<Difference, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 11: Chain<Difference, OneOf>(ref r, in op); goto Next2;
                case Operation.Chain + 12: Chain<Product, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 13: Chain<Product, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 14: Chain<Product, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 15: Chain<Product, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 16: Chain<Product, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 17: Chain<Product, OneOf>(ref r, in op); goto Next2;
                case Operation.Chain + 18: Chain<Both, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 19: Chain<Both, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 20: Chain<Both, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 21: Chain<Both, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 22: Chain<Both, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 23: Chain<Both, OneOf>(ref r, in op); goto Next2;
                case Operation.Chain + 24: Chain<Either, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 25: Chain<Either, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 26: Chain<Either, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 27: Chain<Either, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 28: Chain<Either, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 29: Chain<Either, OneOf>(ref r, in op); goto Next2;
                case Operation.Chain + 30: Chain<OneOf, Sum>(ref r, in op); goto Next2;
                case Operation.Chain + 31: Chain<OneOf, Difference>(ref r, in op); goto Next2;
                case Operation.Chain + 32: Chain<OneOf, Product>(ref r, in op); goto Next2;
                case Operation.Chain + 33: Chain<OneOf, Both>(ref r, in op); goto Next2;
                case Operation.Chain + 34: Chain<OneOf, Either>(ref r, in op); goto Next2;
                case Operation.Chain + 35: Chain<OneOf, OneOf>(ref r, in op); goto Next2;
                case Operation.ChainShift + 0: ChainShift<Sum, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 1: ChainShift<Sum, Right>(ref r, in op); goto Next2;
                case Operation.ChainShift + 2: ChainShift<Difference, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 3: ChainShift<Difference, Right>(ref r, in op); goto Next2;
                case Operation.ChainShift + 4: ChainShift<Product, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 5: ChainShift<Product, Right>(ref r, in op); goto Next2;
                case Operation.ChainShift + 6: ChainShift<Both, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 7: ChainShift<Both, Right>(ref r, in op); goto Next2;
                case Operation.ChainShift + 8: ChainShift<Either, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 9: ChainShift<Either, Right>(ref r, in op); goto Next2;
                case Operation.ChainShift + 10: ChainShift<OneOf, Left>(ref r, in op); goto Next2;
                case Operation.ChainShift + 11: ChainShift<OneOf, Right>(ref r, in op); goto Next2;
                case Operation.FloatPair + 0: FloatPair<Sum, Sum>(ref f, in op); goto Next2;
                case Operation.FloatPair + 1: FloatPair<Sum, Difference>(ref f, in op); goto Next2;
                case Operation.FloatPair + 2: FloatPair<Sum, Product>(ref f, in op); goto Next2;
                case Operation.FloatPair + 3: FloatPair<Sum, Quotient>(ref f, in op); goto Next2;
                case Operation.FloatPair + 4: FloatPair<Difference, Sum>(ref f, in op); goto Next2;
                case Operation.FloatPair + 5: FloatPair<Difference, Difference>(ref f, in op); goto Next2;
                case Operation.FloatPair + 6: FloatPair<Difference, Product>(ref f, in op); goto Next2;
                case Operation.FloatPair + 7: FloatPair<Difference, Quotient>(ref f, in op); goto Next2;
                case Operation.FloatPair + 8: FloatPair<Product, Sum>(ref f, in op); goto Next2;
                case Operation.FloatPair + 9: FloatPair<Product, Difference>(ref f, in op); goto Next2;
                case Operation.FloatPair + 10: FloatPair<Product, Product>(ref f, in op); goto Next2;
                case Operation.FloatPair + 11: FloatPair<Product, Quotient>(ref f, in op); goto Next2;
                case Operation.FloatPair + 12: FloatPair<Quotient, Sum>(ref f, in op); goto Next2;
                case Operation.FloatPair + 13: FloatPair<Quotient, Difference>(ref f, in op); goto Next2;
                case Operation.FloatPair + 14: FloatPair<Quotient, Product>(ref f, in op); goto Next2;
                case Operation.FloatPair + 15: FloatPair<Quotient, Quotient>(ref f, in op); goto Next2;
                case Operation.FusedReturn + 0: holds = Holds<Equal>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedReturn + 1: holds = Holds<NotEqual>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedReturn + 2: holds = Holds<AtLeast>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedReturn + 3: holds = Holds<AtMost>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedReturn + 4: holds = Holds<Less>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedReturn + 5: holds = Holds<Greater>(ref r, in op); goto ReturnIfFused2;
                case Operation.FusedStoreBack + 0:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<Equal>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.FusedStoreBack + 1:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<NotEqual>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.FusedStoreBack + 2:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<AtLeast>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.FusedStoreBack + 3:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<AtMost>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.FusedStoreBack + 4:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<Less>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.FusedStoreBack + 5:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.A) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = StoreHolds<Greater>(machine, ref r, in op);
                    goto BackIfFused4;
                case Operation.PushStepCall:
                    if (depth == machine.StackArray.Length && !machine.TryReserve(depth, 1)) goto StackOverflow;
                    Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(machine.StackArray), (uint)depth++) =
                        Unsafe.Add(ref r, op.A);
                    Unsafe.Add(ref r, op.B) += (sbyte)op.C;
                    op = ref Unsafe.Add(ref op, 2);
                    goto CallDirect;
                case Operation.PopPushCall + 0:
                    if (depth == 0) goto StackUnderflow;
                    PopPush<Sum>(machine, ref r, in op, depth);
                    op = ref Unsafe.Add(ref op, 3);
                    goto CallDirect;
                case Operation.PopPushCall + 1:
                    if (depth == 0) goto StackUnderflow;
                    PopPush<Difference>(machine, ref r, in op, depth);
                    op = ref Unsafe.Add(ref op, 3);
                    goto CallDirect;
                case Operation.PopReturn + 0:
                    if (depth == 0) goto StackUnderflow;
                    PopInto<Sum>(machine, ref r, in op, --depth);
                    op = ref Unsafe.Add(ref op, 2);
                    goto ReturnPlain;
                case Operation.PopReturn + 1:
                    if (depth == 0) goto StackUnderflow;
                    PopInto<Difference>(machine, ref r, in op, --depth);
                    op = ref Unsafe.Add(ref op, 2);
                    goto ReturnPlain;
                case Operation.FusedLoadAhead + 0:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<Equal>(machine, ref r, in op);
                    goto AheadIfFused3;
                case Operation.FusedLoadAhead + 1:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<NotEqual>(machine, ref r, in op);
                    goto AheadIfFused3;
                case Operation.FusedLoadAhead + 2:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<AtLeast>(machine, ref r, in op);
                    goto AheadIfFused3;
                case Operation.FusedLoadAhead + 3:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<AtMost>(machine, ref r, in op);
                    goto AheadIfFused3;
                case Operation.FusedLoadAhead + 4:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<Less>(machine, ref r, in op);
                    goto AheadIfFused3;
                case Operation.FusedLoadAhead + 5:
                    if ((ulong)(uint)Unsafe.Add(ref r, op.C) + 4 > (ulong)machine.HeapTop) goto Touch;
                    holds = LoadHolds<Greater>(machine, ref r, in op);
                    goto AheadIfFused3;

                default:
                    ThrowUnknown(op.Code);
                    break;
            }
            op = ref Unsafe.Add(ref op, 1);
            continue;

        Next2:
            op = ref Unsafe.Add(ref op, 2);
            continue;

        ReturnIfFused2:
            machine.Flag = holds;
            if (!holds)
            {
                op = ref Unsafe.Add(ref op, 2);
                continue;
            }
            budget += (op.Value >> WordShift) - 2;
            op = ref Unsafe.AddByteOffset(ref op, op.Value);

        ReturnPlain:
            target = 0;

        Return:
            // The slots above the return address: a frame that the program has popped itself is gone.
            address = machine.FrameBase;
            if (address > depth || address < 2 + target) goto StackUnderflow;
            ref int saved = ref Unsafe.Add(
                ref MemoryMarshal.GetArrayDataReference(machine.StackArray), (uint)(address - 2));
            offset = (uint)saved - (uint)machine.Program.CodeStart;
            Decoded[] words = machine.SliceWords;
            if (offset % InstructionSet.WordBytes != 0 || offset / InstructionSet.WordBytes >= (uint)words.Length)
                goto JumpTarget;
            ref Decoded site = ref Unsafe.Add(
                ref MemoryMarshal.GetArrayDataReference(words), offset / InstructionSet.WordBytes);
            if (site.Code == Operation.Extension) goto JumpTarget;
            machine.FrameBase = Unsafe.Add(ref saved, 1);
            depth = address - 2 - target;
            target = (int)(offset / InstructionSet.WordBytes);
            // A return knows its own place.
            budget += target - op.Target - 1;
            op = ref site;
            if (budget > target) continue;
            Leave(machine, ref op, depth, budget, Stop.OutOfFuel);
            return;

        CallDirect:
            if (depth + 2 > machine.StackArray.Length && !machine.TryReserve(depth, 2)) goto StackOverflow;
            // Calls are frequent, and what is written in a method of its own is no longer put in here: the loop is too
            // long for that.
            ref int frame = ref Unsafe.Add(
                ref MemoryMarshal.GetArrayDataReference(machine.StackArray), (uint)depth);
            target = op.Target - (op.Value >> WordShift) + 1;
            frame = machine.Program.CodeStart + target * InstructionSet.WordBytes;
            Unsafe.Add(ref frame, 1) = machine.FrameBase;
            machine.FrameBase = depth += 2;
            goto Back;

        AheadIfFused3:
            machine.Flag = holds;
            if (!holds)
            {
                op = ref Unsafe.Add(ref op, 3);
                continue;
            }
            budget += (op.Value >> WordShift) - 3;
            op = ref Unsafe.AddByteOffset(ref op, op.Value);
            continue;

        BackIfFused4:
            machine.Flag = holds;
            if (holds)
            {
                budget += (op.Value >> WordShift) - 4;
                goto Move;
            }
            op = ref Unsafe.Add(ref op, 4);
            continue;

        AheadIfFused2:
            machine.Flag = holds;
            if (!holds)
            {
                op = ref Unsafe.Add(ref op, 2);
                continue;
            }
            budget += (op.Value >> WordShift) - 2;
            op = ref Unsafe.AddByteOffset(ref op, op.Value);
            continue;

        Ahead:
            budget += (op.Value >> WordShift) - 1;
            op = ref Unsafe.AddByteOffset(ref op, op.Value);
            continue;

        BackIfFused3:
            machine.Flag = holds;
            if (holds)
            {
                budget += (op.Value >> WordShift) - 3;
                goto Move;
            }
            op = ref Unsafe.Add(ref op, 3);
            continue;

        BackIfFused2:
            machine.Flag = holds;
            if (holds)
            {
                budget += (op.Value >> WordShift) - 2;
                goto Move;
            }
            op = ref Unsafe.Add(ref op, 2);
            continue;

        Back:
            budget += (op.Value >> WordShift) - 1;

        Move:
            target = op.Target;
            op = ref Unsafe.AddByteOffset(ref op, op.Value);
            if (budget > target) continue;
            Leave(machine, ref op, depth, budget, Stop.OutOfFuel);
            return;

        Jump:
            target = machine.Program.IndexOf(address);
            if (target < 0) goto JumpTarget;

        Arrive:
            address = target - IndexOf(machine, ref op);
            budget += address - 1;
            op = ref Unsafe.Add(ref op, address);
            if (budget > target) continue;
            Leave(machine, ref op, depth, budget, Stop.OutOfFuel);
            return;

        Call:
            if (depth + 2 > machine.StackArray.Length && !machine.TryReserve(depth, 2)) goto StackOverflow;
            depth = PushFrame(machine, depth, machine.Program.AddressOf(IndexOf(machine, ref op) + 1));
            goto Arrive;

        Printed:
            if (fault != Fault.None) goto Crash;
            op = ref Unsafe.Add(ref op, 1);
            if (machine.Output < machine.SliceOutputEnd) continue;
            Leave(machine, ref op, depth, budget, Stop.OutOfFuel);
            return;

        Touch:
            // The heap in memory ends before the access: the rest was not made yet, or there is no such place.
            if (machine.HeapTop == machine.HeapLength) goto HeapBounds;
            machine.EnsureHeap();
            continue;

        DivideByZero:
            fault = Fault.DivideByZero;
            goto Crash;
        HeapBounds:
            fault = Fault.HeapBounds;
            goto Crash;
        ReadOnlyBounds:
            fault = Fault.ReadOnlyBounds;
            goto Crash;
        StackOverflow:
            fault = Fault.StackOverflow;
            goto Crash;
        StackUnderflow:
            fault = Fault.StackUnderflow;
            goto Crash;
        JumpTarget:
            fault = Fault.JumpTarget;
        Crash:
            Leave(machine, ref op, depth, budget - 1, Stop.Crashed, fault, (int)fault);
            return;
        }
    }
}
