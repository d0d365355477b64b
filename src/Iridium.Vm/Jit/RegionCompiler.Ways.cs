using System.Reflection.Emit;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

// Jumps, calls and returns: where control goes, what that costs, and what must be true on arrival.
internal sealed partial class RegionCompiler
{
    /// <summary>Past this many a chain of compares loses to a table.</summary>
    private const int LongestChain = 8;

    private FlagState _flagState;
    private bool _fallsThrough;
    private int _current;

    private RegisterScope? CurrentScope => ScopeOf(_current);

    /// <summary>The end of a block that just goes on.</summary>
    private void FallInto(int index)
    {
        AddFuel(_graph.AnchorOf(_current) - _graph.AnchorOf(index));
        if (!_graph.IsInside(index))
        {
            _il.Emit(OpCodes.Br, ExitAt(index, CurrentScope, _flagState, charged: false));
            return;
        }
        if (_flagState != FlagState.InLocal && _graph.IsFlagLive(index)) SetFlag(_flagState);
        ChangeScope(CurrentScope, ScopeOf(index));
    }

    /// <summary>How far an instruction stands behind the entry that its fuel is counted from.</summary>
    private int Shift(int index) => index - _graph.AnchorOf(index);

    private void AddFuel(long fuel)
    {
        if (fuel == 0 || !_checksFuel) return;
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I8, fuel);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Starg, 3);
    }

    /// <summary>
    /// A taken jump. Walking on spends fuel by itself, and the jump adds what it leaves out; where the slice may end,
    /// the fuel is one less than what is left, so that its sign tells.
    /// </summary>
    private void GoTo(int from, int target, bool charges, FlagState flag)
    {
        AddFuel(Shift(target) - Shift(from) - 1);
        if (charges && _checksFuel)
        {
            _il.Emit(OpCodes.Ldarg_3);
            _il.Emit(OpCodes.Ldc_I8, 0L);
            _il.Emit(OpCodes.Blt, ExitAt(target, CurrentScope, flag, charged: true));
        }
        if (!_graph.IsInside(target))
        {
            _il.Emit(OpCodes.Br, ExitAt(target, CurrentScope, flag, charges));
            return;
        }
        if (flag != FlagState.InLocal && _graph.IsFlagLive(target)) SetFlag(flag);
        ChangeScope(CurrentScope, ScopeOf(target));
        if (!charges && _graph.FlowOf(target) == Flow.Return)
        {
            // A copy of the return for each jump to it: the processor predicts each copy by its own history.
            (int current, FlagState state) = (_current, _flagState);
            (_current, _flagState) = (target, FlagState.InLocal);
            WriteReturn(target);
            (_current, _flagState) = (current, state);
            return;
        }
        _il.Emit(OpCodes.Br, LabelOf(target));
    }

    /// <summary>Hands over to the interpreter before the current instruction.</summary>
    private Label Leave() => ExitAt(_current, CurrentScope, _flagState, charged: false);

    private void WriteDirectJump(int index, Flow flow)
    {
        int target = _graph[index].Target;
        bool back = target <= index;
        if (flow == Flow.Jump)
        {
            GoTo(index, target, back, _flagState);
            return;
        }
        Label not = _il.DefineLabel();
        if (flow == Flow.Loop)
        {
            _il.Emit(OpCodes.Ldloc, _counter);
            _il.Emit(OpCodes.Brfalse, not);
            CountDown();
            GoTo(index, target, back, _flagState);
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, _flag);
            _il.Emit(flow == Flow.JumpIf ? OpCodes.Brfalse : OpCodes.Brtrue, not);
            GoTo(index, target, back, FlagState.InLocal);
        }
        _il.MarkLabel(not);
    }

    private void CountDown()
    {
        _il.Emit(OpCodes.Ldloc, _counter);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _counter);
    }

    /// <summary>
    /// A compare and the jump that asks for it, as one branch; the flag itself is written only where it is seen.
    /// </summary>
    private void WriteFusedCompare(int index)
    {
        int jump = _graph.Next(index);
        Flow flow = _graph.FlowOf(jump);
        Label not = _il.DefineLabel();
        LoadCompared(index);
        _il.Emit(BranchUnless((Opcode)_graph[index].Code, wanted: flow != Flow.JumpIfNot), not);
        FlagState taken = flow == Flow.JumpIfNot ? FlagState.Clear : FlagState.Set;
        _current = jump;
        _flagState = taken;
        if (flow == Flow.RegisterJumpIf) WriteRegisterJump(jump);
        else GoTo(jump, _graph[jump].Target, _graph[jump].Target <= jump, taken);
        _il.MarkLabel(not);
        _flagState = taken == FlagState.Set ? FlagState.Clear : FlagState.Set;
    }

    private void WriteRegisterJump(int index)
    {
        ref Decoded word = ref _graph[index];
        int[] targets = _graph.TargetsOf(index);
        if (_graph.IsCertain(index))
        {
            GoTo(index, targets[0], charges: true, _flagState);
            return;
        }
        if ((Opcode)word.Code is Opcode.Jmpf or Opcode.Jmpb) _il.Emit(OpCodes.Ldc_I4, _graph.AddressOf(index) + 2);
        LoadRegister(word.A);
        if ((Opcode)word.Code == Opcode.Jmpf) _il.Emit(OpCodes.Add);
        if ((Opcode)word.Code == Opcode.Jmpb) _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _address);
        GoToAddress(index, targets);
    }

    /// <summary>
    /// Goes to the one of the targets whose address is in the local, or leaves before the instruction.
    /// </summary>
    private void GoToAddress(int index, int[] targets, Action? arriving = null)
    {
        if (targets.Length > LongestChain)
        {
            GoToAddressByTable(index, targets, arriving);
            return;
        }
        foreach (int target in targets)
        {
            Label other = _il.DefineLabel();
            _il.Emit(OpCodes.Ldloc, _address);
            _il.Emit(OpCodes.Ldc_I4, _graph.AddressOf(target));
            _il.Emit(OpCodes.Bne_Un, other);
            arriving?.Invoke();
            GoTo(index, target, charges: true, _flagState);
            _il.MarkLabel(other);
        }
        _il.Emit(OpCodes.Br, Leave());
    }

    private void GoToAddressByTable(int index, int[] targets, Action? arriving)
    {
        var ways = new Label[targets.Max() - targets.Min() + 1];
        Array.Fill(ways, Leave());
        Label[] own = [.. targets.Select(target => ways[target - targets.Min()] = _il.DefineLabel())];
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Ldc_I4, _graph.AddressOf(targets.Min()));
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _address);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Ldc_I4, InstructionSet.WordBytes - 1);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Brtrue, Leave());
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Ldc_I4_2);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Switch, ways);
        _il.Emit(OpCodes.Br, Leave());
        for (int number = 0; number < targets.Length; number++)
        {
            _il.MarkLabel(own[number]);
            arriving?.Invoke();
            GoTo(index, targets[number], charges: true, _flagState);
        }
    }

    private void WriteCall(int index)
    {
        bool register = _graph.FlowOf(index) == Flow.CallRegister;
        int[] targets = register ? _graph.TargetsOf(index) : [_graph[index].Target];
        CheckStack(index);
        if (!register) WriteShortcut(index);
        Label known = _il.DefineLabel();
        if (register && !_graph.IsCertain(index))
        {
            LoadRegister(_graph[index].A);
            _il.Emit(OpCodes.Stloc, _address);
            foreach (int target in targets)
            {
                _il.Emit(OpCodes.Ldloc, _address);
                _il.Emit(OpCodes.Ldc_I4, _graph.AddressOf(target));
                _il.Emit(OpCodes.Beq, known);
            }
            _il.Emit(OpCodes.Br, Leave());
        }
        _il.MarkLabel(known);
        PushFrame(index);
        if (!register || _graph.IsCertain(index)) GoTo(index, targets[0], charges: true, _flagState);
        else GoToAddress(index, targets);
    }

    private void WriteReturn(int index)
    {
        int dropped = (Opcode)_graph[index].Code == Opcode.Retn ? _graph[index].Value : 0;
        _il.Emit(OpCodes.Ldloc, _frame);
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Bgt, Leave());
        _il.Emit(OpCodes.Ldloc, _frame);
        _il.Emit(OpCodes.Ldc_I8, 2L + dropped);
        _il.Emit(OpCodes.Blt, Leave());
        StackAddress(() => _il.Emit(OpCodes.Ldloc, _frame), -2);
        _il.Emit(OpCodes.Ldind_I4);
        _il.Emit(OpCodes.Stloc, _address);
        GoToAddress(index, _graph.TargetsOf(index), () =>
        {
            _il.Emit(OpCodes.Ldloc, _frame);
            _il.Emit(OpCodes.Ldc_I8, 2L + dropped);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, _depth);
            StackAddress(() => _il.Emit(OpCodes.Ldloc, _frame), -1);
            _il.Emit(OpCodes.Ldind_I4);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Stloc, _frame);
        });
    }

    private static OpCode BranchUnless(Opcode compare, bool wanted) => (compare, wanted) switch
    {
        (Opcode.Eq, true) or (Opcode.Neq, false) => OpCodes.Bne_Un,
        (Opcode.Eq, false) or (Opcode.Neq, true) => OpCodes.Beq,
        (Opcode.Gte, true) => OpCodes.Blt,
        (Opcode.Lte, true) => OpCodes.Bgt,
        (Opcode.Lt, true) => OpCodes.Bge,
        (Opcode.Gt, true) => OpCodes.Ble,
        (Opcode.Ltu, true) => OpCodes.Bge_Un,
        (Opcode.Gtu, true) => OpCodes.Ble_Un,
        (Opcode.Ltu, false) => OpCodes.Blt_Un,
        (Opcode.Gtu, false) => OpCodes.Bgt_Un,
        // Of floats, the unordered branches: a NaN makes every comparison false.
        (Opcode.Gtf64 or Opcode.Neqf64, true) => OpCodes.Ble_Un,
        (Opcode.Gtef64, true) => OpCodes.Blt_Un,
        (Opcode.Ltf64 or Opcode.Eqf64, true) => OpCodes.Bge_Un,
        (Opcode.Ltef64, true) => OpCodes.Bgt_Un,
        (Opcode.Gte or Opcode.Gtef64, false) => OpCodes.Bge,
        (Opcode.Lte or Opcode.Ltef64, false) => OpCodes.Ble,
        (Opcode.Lt or Opcode.Ltf64 or Opcode.Eqf64, false) => OpCodes.Blt,
        (Opcode.Gt or Opcode.Gtf64 or Opcode.Neqf64, false) => OpCodes.Bgt,
        _ => throw new System.Diagnostics.UnreachableException($"{compare} is no comparison"),
    };
}
