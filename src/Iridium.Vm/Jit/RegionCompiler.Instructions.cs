using System.Reflection.Emit;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

// One case per instruction: the same table as the interpreter's loop, in IL.
internal sealed partial class RegionCompiler
{
    private const double Epsilon = 1.0 / (1L << 52);

    /// <returns>The index behind what was written.</returns>
    private int WriteInstruction(int index)
    {
        _current = index;
        Flow flow = _graph.FlowOf(index);
        _fallsThrough = Flows.FallsThrough(flow);
        switch (flow)
        {
            case Flow.Straight or Flow.Guarded:
                WriteStraight(index, ref _graph[index]);
                break;
            case Flow.Compare when _graph.IsFusedWithNext(index):
                WriteFusedCompare(index);
                return _graph.Next(_graph.Next(index));
            case Flow.Compare:
                WriteCompare(index);
                break;
            case Flow.Jump or Flow.JumpIf or Flow.JumpIfNot or Flow.Loop:
                WriteDirectJump(index, flow);
                break;
            case Flow.Call or Flow.CallRegister:
                WriteCall(index);
                break;
            case Flow.Return:
                WriteReturn(index);
                break;
            case Flow.RegisterJump:
                WriteRegisterJump(index);
                break;
            case Flow.RegisterJumpIf:
                Label not = _il.DefineLabel();
                _il.Emit(OpCodes.Ldloc, _flag);
                _il.Emit(OpCodes.Brfalse, not);
                WriteRegisterJump(index);
                _il.MarkLabel(not);
                break;
            default:
                _il.Emit(OpCodes.Br, Leave());
                break;
        }
        return _graph.Next(index);
    }

    private void WriteStraight(int index, ref Decoded word)
    {
        (byte a, byte b, byte c, int value) = (word.A, word.B, word.C, word.Value);
        switch ((Opcode)word.Code)
        {
            // What is guessed is there already.
            case Opcode.Load or Opcode.Loadi32 or Opcode.Lui when _guesses.Has(a): break;
            case Opcode.Load or Opcode.Loadi32: Store(a, () => Number(value)); break;
            case Opcode.Add or Opcode.Sub or Opcode.Inc or Opcode.Dec or Opcode.Addi when TryStep(ref word): break;
            case Opcode.Add: Store(c, () => Binary(a, b, OpCodes.Add)); break;
            case Opcode.Sub: Store(c, () => Binary(a, b, OpCodes.Sub)); break;
            case Opcode.Mul: Store(c, () => Binary(a, b, OpCodes.Mul)); break;
            case Opcode.And: Store(c, () => Binary(a, b, OpCodes.And)); break;
            case Opcode.Or: Store(c, () => Binary(a, b, OpCodes.Or)); break;
            case Opcode.Xor: Store(c, () => Binary(a, b, OpCodes.Xor)); break;
            case Opcode.Div or Opcode.Divu: WriteDivide(a, b, c, signed: (Opcode)word.Code == Opcode.Div); break;
            case Opcode.Nop: break;
            case Opcode.Inc: Store(a, () => WithNumber(a, 1, OpCodes.Add)); break;
            case Opcode.Dec: Store(a, () => WithNumber(a, 1, OpCodes.Sub)); break;
            case Opcode.Shl: Store(a, () => WithNumber(a, value, OpCodes.Shl)); break;
            case Opcode.Shr: Store(a, () => WithNumber(a, value, OpCodes.Shr)); break;
            case Opcode.Shru: Store(a, () => WithNumber(a, value, OpCodes.Shr_Un)); break;
            case Opcode.Addi: Store(b, () => WithNumber(a, value, OpCodes.Add)); break;
            case Opcode.Not: Store(b, () => { LoadRegister(a); _il.Emit(OpCodes.Not); }); break;
            case Opcode.Mov: Store(b, () => LoadRegister(a)); break;
            case Opcode.Lui:
                Store(a, () =>
                {
                    WithNumber(a, 16, OpCodes.Shl);
                    Number(value);
                    _il.Emit(OpCodes.Or);
                });
                break;
            case Opcode.Shlr: Store(c, () => Shift(a, b, OpCodes.Shl)); break;
            case Opcode.Shrr: Store(c, () => Shift(a, b, OpCodes.Shr)); break;
            case Opcode.Mulh: Store(c, () => HighProduct(a, b, OpCodes.Conv_I8, OpCodes.Shr)); break;
            case Opcode.Mulhu: Store(c, () => HighProduct(a, b, OpCodes.Conv_U8, OpCodes.Shr_Un)); break;
            case Opcode.Rem: Store(a, () => _il.Emit(OpCodes.Ldloc, _remainder)); break;
            case Opcode.Sete:
                if (_flagState != FlagState.InLocal) SetFlag(_flagState);
                Store(a, () => _il.Emit(OpCodes.Ldloc, _flag));
                break;
            case Opcode.Heap:
                Store(a, () => { _il.Emit(OpCodes.Ldarg_0); _il.Emit(OpCodes.Ldfld, MachineMembers.HeapLength); });
                break;
            case Opcode.Cloop:
                Number(value);
                _il.Emit(OpCodes.Stloc, _counter);
                break;
            case >= Opcode.Loadf64 and <= Opcode.Divf64 or Opcode.Movf64 or Opcode.Constf64 or Opcode.Itof or
                Opcode.Ftoi or
                >= Opcode.Sqrtf64 and <= Opcode.Negf64:
                WriteFloat(index, ref word);
                break;
            default:
                WriteMemory(index, ref word);
                break;
        }
    }

    /// <summary>A register and a number that is known, to be added up over the copies of a loop.</summary>
    private bool TryStep(ref Decoded word)
    {
        (byte a, byte b, byte c) = (word.A, word.B, word.C);
        return (Opcode)word.Code switch
        {
            Opcode.Inc => TryDefer(a, 1),
            Opcode.Dec => TryDefer(a, -1),
            Opcode.Addi when a == b => TryDefer(a, word.Value),
            Opcode.Add when a == c && _guesses.Has(b) => TryDefer(c, _guesses[b]),
            Opcode.Add when b == c && _guesses.Has(a) => TryDefer(c, _guesses[a]),
            Opcode.Sub when a == c && _guesses.Has(b) => TryDefer(c, unchecked(-_guesses[b])),
            Opcode.Add when c == _walk?.Address => StepWalker(a == c ? b : a),
            _ => false,
        };
    }

    private void WriteFloat(int index, ref Decoded word)
    {
        (byte a, byte b, byte c, int value) = (word.A, word.B, word.C, word.Value);
        switch ((Opcode)word.Code)
        {
            case Opcode.Loadf64: StoreFloat(a, () => _il.Emit(OpCodes.Ldc_R8, (double)value)); break;
            case Opcode.Constf64:
                double constant = _graph.Constant(word.Target);
                StoreFloat(a, () => _il.Emit(OpCodes.Ldc_R8, constant));
                break;
            case Opcode.Addf64: StoreFloat(c, () => BinaryFloat(a, b, OpCodes.Add)); break;
            case Opcode.Subf64: StoreFloat(c, () => BinaryFloat(a, b, OpCodes.Sub)); break;
            case Opcode.Mulf64: StoreFloat(c, () => BinaryFloat(a, b, OpCodes.Mul)); break;
            case Opcode.Divf64: StoreFloat(c, () => BinaryFloat(a, b, OpCodes.Div)); break;
            case Opcode.Movf64: StoreFloat(b, () => LoadFloat(a)); break;
            case Opcode.Itof: StoreFloat(b, () => { LoadRegister(a); _il.Emit(OpCodes.Conv_R8); }); break;
            case Opcode.Ftoi: Store(b, () => { LoadFloat(a); _il.Emit(OpCodes.Conv_I4); }); break;
            case Opcode.Sqrtf64:
                StoreFloat(b, () => { LoadFloat(a); _il.Emit(OpCodes.Call, MachineMembers.Sqrt); });
                break;
            case Opcode.Floorf64:
                StoreFloat(b, () => { LoadFloat(a); _il.Emit(OpCodes.Call, MachineMembers.Floor); });
                break;
            case Opcode.Negf64: StoreFloat(b, () => { LoadFloat(a); _il.Emit(OpCodes.Neg); }); break;
            default: throw new System.Diagnostics.UnreachableException($"{(Opcode)word.Code} at {index}");
        }
    }

    private void WriteMemory(int index, ref Decoded word)
    {
        (byte a, byte b, int value) = (word.A, word.B, word.Value);
        switch ((Opcode)word.Code)
        {
            case Opcode.Loadm or Opcode.Ldw:
                HeapGuard(a, value, 4);
                Store(b, () => { HeapAddress(); Load(OpCodes.Ldind_I4); });
                break;
            case Opcode.Setm or Opcode.Stw:
                HeapGuard(a, value, 4);
                HeapAddress();
                LoadRegister(b);
                Save(OpCodes.Stind_I4);
                break;
            case Opcode.Ldb:
                HeapGuard(a, value, 1);
                Store(b, () => { HeapAddress(); _il.Emit(OpCodes.Ldind_U1); });
                break;
            case Opcode.Stb:
                HeapGuard(a, value, 1);
                HeapAddress();
                LoadRegister(b);
                _il.Emit(OpCodes.Stind_I1);
                break;
            case Opcode.Ldf:
                HeapGuard(a, value, 8);
                StoreFloat(b, () => { HeapAddress(); Load(OpCodes.Ldind_R8); });
                break;
            case Opcode.Stf:
                HeapGuard(a, value, 8);
                HeapAddress();
                LoadFloat(b);
                Save(OpCodes.Stind_R8);
                break;
            case Opcode.Ldrb:
                DataGuard(a, value, 1);
                Store(b, () => { DataAddress(); _il.Emit(OpCodes.Ldind_U1); });
                break;
            case Opcode.Ldrw:
                DataGuard(a, value, 4);
                Store(b, () => { DataAddress(); Load(OpCodes.Ldind_I4); });
                break;
            case Opcode.Ldrf:
                DataGuard(a, value, 8);
                StoreFloat(b, () => { DataAddress(); Load(OpCodes.Ldind_R8); });
                break;
            default:
                WriteStack(index);
                break;
        }
    }

    /// <summary>Zero and the smallest number by -1 are left to the interpreter, which knows their names.</summary>
    private void WriteDivide(byte a, byte b, byte c, bool signed)
    {
        LoadRegister(b);
        _il.Emit(OpCodes.Brfalse, Leave());
        if (signed)
        {
            Label safe = _il.DefineLabel();
            LoadRegister(b);
            _il.Emit(OpCodes.Ldc_I4_M1);
            _il.Emit(OpCodes.Bne_Un, safe);
            LoadRegister(a);
            _il.Emit(OpCodes.Ldc_I4, int.MinValue);
            _il.Emit(OpCodes.Beq, Leave());
            _il.MarkLabel(safe);
        }
        Binary(a, b, signed ? OpCodes.Div : OpCodes.Div_Un);
        _il.Emit(OpCodes.Stloc, _quotient);
        LoadRegister(a);
        _il.Emit(OpCodes.Ldloc, _quotient);
        LoadRegister(b);
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _remainder);
        Store(c, () => _il.Emit(OpCodes.Ldloc, _quotient));
    }

    /// <summary>A compare whose flag is not asked for at once.</summary>
    private void WriteCompare(int index)
    {
        LoadCompared(index);
        (OpCode compare, bool negated) = (Opcode)_graph[index].Code switch
        {
            Opcode.Eq => (OpCodes.Ceq, false),
            Opcode.Neq => (OpCodes.Ceq, true),
            Opcode.Gt or Opcode.Gtf64 or Opcode.Neqf64 => (OpCodes.Cgt, false),
            Opcode.Lt or Opcode.Ltf64 or Opcode.Eqf64 => (OpCodes.Clt, false),
            Opcode.Gte => (OpCodes.Clt, true),
            Opcode.Lte => (OpCodes.Cgt, true),
            Opcode.Gtef64 => (OpCodes.Clt_Un, true),
            Opcode.Ltef64 => (OpCodes.Cgt_Un, true),
            Opcode.Ltu => (OpCodes.Clt_Un, false),
            _ => (OpCodes.Cgt_Un, false),
        };
        _il.Emit(compare);
        if (negated)
        {
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Ceq);
        }
        _il.Emit(OpCodes.Stloc, _flag);
        _flagState = FlagState.InLocal;
    }

    /// <summary>The two things that a compare compares.</summary>
    private void LoadCompared(int index)
    {
        ref Decoded word = ref _graph[index];
        switch ((Opcode)word.Code)
        {
            case Opcode.Eqf64 or Opcode.Neqf64:
                BinaryFloat(word.A, word.B, OpCodes.Sub);
                _il.Emit(OpCodes.Call, MachineMembers.Abs);
                _il.Emit(OpCodes.Ldc_R8, Epsilon);
                break;
            case >= Opcode.Gtf64 and <= Opcode.Ltef64:
                LoadFloat(word.A);
                LoadFloat(word.B);
                break;
            default:
                LoadRegister(word.A);
                LoadRegister(word.B);
                break;
        }
    }

    private void LoadRegister(byte register)
    {
        if (_guesses.Has(register))
        {
            Number(_guesses[register]);
            return;
        }
        if (register == _walk?.Address)
        {
            LoadWalker();
            _il.Emit(OpCodes.Conv_I4);
            return;
        }
        if (CurrentScope?.Locals[register] is { } local)
        {
            _il.Emit(OpCodes.Ldloc, local);
            if (!_deferred.Steps.TryGetValue(register, out int step)) return;
            Number(step);
            _il.Emit(OpCodes.Add);
            return;
        }
        RegisterAddress(register);
        _il.Emit(OpCodes.Ldind_I4);
    }

    private void LoadFloat(byte register)
    {
        if (CurrentScope?.FloatLocals[register] is { } local)
        {
            _il.Emit(OpCodes.Ldloc, local);
            return;
        }
        FloatAddress(register);
        _il.Emit(OpCodes.Ldind_R8);
    }

    private void Store(byte register, Action value)
    {
        if (CurrentScope?.Locals[register] is { } local)
        {
            value();
            _il.Emit(OpCodes.Stloc, local);
            if (_deferred.Steps.ContainsKey(register))
                _deferred = _deferred with { Steps = _deferred.Steps.Remove(register) };
            return;
        }
        RegisterAddress(register);
        value();
        _il.Emit(OpCodes.Stind_I4);
    }

    private void StoreFloat(byte register, Action value)
    {
        if (CurrentScope?.FloatLocals[register] is { } local)
        {
            value();
            _il.Emit(OpCodes.Stloc, local);
            return;
        }
        FloatAddress(register);
        value();
        _il.Emit(OpCodes.Stind_R8);
    }

    private void Number(int value) => _il.Emit(OpCodes.Ldc_I4, value);

    private void Binary(byte a, byte b, OpCode operation)
    {
        LoadRegister(a);
        LoadRegister(b);
        _il.Emit(operation);
    }

    private void BinaryFloat(byte a, byte b, OpCode operation)
    {
        LoadFloat(a);
        LoadFloat(b);
        _il.Emit(operation);
    }

    private void WithNumber(byte register, int number, OpCode operation)
    {
        LoadRegister(register);
        Number(number);
        _il.Emit(operation);
    }

    private void Shift(byte a, byte b, OpCode operation)
    {
        LoadRegister(a);
        LoadRegister(b);
        Number(31);
        _il.Emit(OpCodes.And);
        _il.Emit(operation);
    }

    private void HighProduct(byte a, byte b, OpCode widen, OpCode shift)
    {
        LoadRegister(a);
        _il.Emit(widen);
        LoadRegister(b);
        _il.Emit(widen);
        _il.Emit(OpCodes.Mul);
        Number(32);
        _il.Emit(shift);
        _il.Emit(OpCodes.Conv_I4);
    }

    private void Load(OpCode load)
    {
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(load);
    }

    private void Save(OpCode save)
    {
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(save);
    }

    private void AddressOf(byte register, int offset)
    {
        LoadRegister(register);
        if (offset == 0) return;
        Number(offset);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>
    /// Leaves if the heap as it is in memory does not reach that far; the interpreter makes it, or faults.
    /// </summary>
    private void HeapGuard(byte register, int offset, int bytes)
    {
        if (_walk is not null)
        {
            LoadWalker();
            _il.Emit(OpCodes.Ldc_I8, (long)offset);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, _place);
            return;
        }
        AddressOf(register, offset);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _place);
        _il.Emit(OpCodes.Ldloc, _place);
        if (bytes != sizeof(int))
        {
            _il.Emit(OpCodes.Ldc_I8, (long)bytes - sizeof(int));
            _il.Emit(OpCodes.Add);
        }
        _il.Emit(OpCodes.Ldloc, _heapTop);
        _il.Emit(OpCodes.Bgt, Leave());
    }

    private void HeapAddress()
    {
        _il.Emit(OpCodes.Ldloc, _heap);
        _il.Emit(OpCodes.Ldloc, _place);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void DataGuard(byte register, int offset, int bytes)
    {
        AddressOf(register, offset);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _place);
        _il.Emit(OpCodes.Ldloc, _place);
        _il.Emit(OpCodes.Ldloc, _data);
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Ldc_I8, (long)bytes);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Bgt, Leave());
    }

    private void DataAddress()
    {
        _il.Emit(OpCodes.Ldloc, _data);
        _il.Emit(OpCodes.Call, MachineMembers.FirstByte);
        _il.Emit(OpCodes.Ldloc, _place);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }
}
