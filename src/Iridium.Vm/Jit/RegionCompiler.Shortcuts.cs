using System.Collections.Immutable;
using System.Reflection.Emit;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>What has been done but not yet written down: exits and the end of a copy add it.</summary>
/// <param name="Fuel">To be added to the fuel.</param>
/// <param name="Steps">To be added to registers.</param>
internal sealed record Deferred(long Fuel, ImmutableSortedDictionary<int, int> Steps)
{
    public static readonly Deferred Nothing = new(0, ImmutableSortedDictionary<int, int>.Empty);
}

// Two ways round work that can be foreseen: short loops in several copies, and calls of functions that may return at
// once. Both look first whether the fuel lasts for all of it, and go the plain way if it does not, so a slice ends
// where it would have.
internal sealed partial class RegionCompiler
{
    private const int Copies = 4;
    private const int LongestUnrolled = 8;
    private const int LongestShortcut = 12;

    /// <summary>Words that a region may have more than once: the runtime's optimizer gives up on what is too long.</summary>
    private const int MostRepeated = 600;

    private Deferred _deferred = Deferred.Nothing;
    private bool _defers;
    private int _repeated;

    /// <summary>
    /// A loop of one short block. Its copies count fuel once for all, and steps of registers (INC and the like) are
    /// added up over them.
    /// </summary>
    private void WriteCopies(int head)
    {
        int jump = LoopEnd(head);
        if (jump < 0) return;
        int after = _graph.Next(jump);
        int words = after - head;
        if (!MayRepeat(Copies * words)) return;
        Label plain = _il.DefineLabel();
        LeaveTheShortcutUnlessFuel(Copies * words, plain);
        var ways = new List<(Label Label, Deferred Deferred, FlagState Flag)>();
        _defers = true;
        for (int copy = 0; copy < Copies; copy++)
        {
            _stackChecked = false;
            int last = WriteUpTo(head, jump);
            Label done = _il.DefineLabel();
            FlagState taken = WriteLoopBranch(last, jump, done);
            ways.Add((done, _deferred, taken switch
            {
                FlagState.Set => FlagState.Clear,
                FlagState.Clear => FlagState.Set,
                _ => _flagState,
            }));
            if (taken != FlagState.InLocal) _flagState = taken;
            _deferred = _deferred with { Fuel = _deferred.Fuel - words };
        }
        Settle();
        if (_flagState != FlagState.InLocal && _graph.IsFlagLive(head)) SetFlag(_flagState);
        _il.Emit(OpCodes.Br, LabelOf(head));
        foreach ((Label label, Deferred deferred, FlagState flag) in ways)
        {
            _il.MarkLabel(label);
            (_deferred, _flagState, _current) = (deferred, flag, jump);
            Settle();
            FallInto(after);
            if (_graph.IsInside(after)) _il.Emit(OpCodes.Br, LabelOf(after));
        }
        _defers = false;
        (_flagState, _stackChecked) = (FlagState.InLocal, false);
        _il.MarkLabel(plain);
    }

    private bool MayRepeat(int words) => (_repeated += words) <= MostRepeated;

    /// <returns>The jump that ends a loop of one short block; -1 if there is no such loop.</returns>
    private int LoopEnd(int head)
    {
        RegisterScope? scope = ScopeOf(head);
        if (scope is null || !_graph.IsEntry(head)) return -1;
        for (int index = head; index < head + LongestUnrolled && ScopeOf(index) == scope; index = _graph.Next(index))
        {
            if (index != head && _graph.IsLeader(index)) return -1;
            Flow flow = _graph.FlowOf(index);
            if (flow is Flow.JumpIf or Flow.JumpIfNot or Flow.Loop)
                return _graph[index].Target == head ? index : -1;
            if (Flows.EndsBlock(flow)) return -1;
        }
        return -1;
    }

    /// <returns>The compare that is one with the jump, or the jump.</returns>
    private int WriteUpTo(int head, int jump)
    {
        int index = head;
        while (index != jump && !(_graph.IsFusedWithNext(index) && _graph.Next(index) == jump))
            index = WriteInstruction(index);
        return index;
    }

    /// <returns>The flag where the loop goes on; in its local if the jump does not tell.</returns>
    private FlagState WriteLoopBranch(int compare, int jump, Label done)
    {
        if (_graph.FlowOf(jump) == Flow.Loop)
        {
            _il.Emit(OpCodes.Ldloc, _counter);
            _il.Emit(OpCodes.Brfalse, done);
            CountDown();
            return FlagState.InLocal;
        }
        WriteConditionOf(compare, jump, done, out FlagState taken);
        return taken;
    }

    /// <summary>Adds a number to a register later.</summary>
    private bool TryDefer(byte register, int step)
    {
        if (!_defers || CurrentScope?.Locals[register] is null) return false;
        int sum = unchecked(_deferred.Steps.GetValueOrDefault(register) + step);
        _deferred = _deferred with { Steps = _deferred.Steps.SetItem(register, sum) };
        return true;
    }

    private void Settle()
    {
        foreach ((int register, int step) in _deferred.Steps)
        {
            LocalBuilder local = CurrentScope!.Locals[register]!;
            _il.Emit(OpCodes.Ldloc, local);
            Number(step);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, local);
        }
        AddFuel(_deferred.Fuel);
        _deferred = Deferred.Nothing;
    }

    /// <summary>
    /// A call of a function that may return after a few instructions: those stand here once more, and if it does
    /// return, no frame was ever made. What lies above the depth of a stack is nobody's business.
    /// </summary>
    private void WriteShortcut(int call)
    {
        int target = _graph[call].Target;
        int site = _graph.Next(call);
        if (!_graph.IsInside(target) || !_graph.IsInside(site) || ScopeOf(site) != ScopeOf(call)) return;
        if (Shortcut(call, target, 1) is not { Returns: true } way || !MayRepeat(2 * way.Longest)) return;
        FlagState flag = _flagState;
        Label plain = _il.DefineLabel();
        LeaveTheShortcutUnlessFuel(way.Longest + Shift(call), plain);
        WriteShortcut(call, target, spent: 1);
        (_current, _flagState) = (call, flag);
        _il.MarkLabel(plain);
    }

    /// <returns>Whether the function may return within reach, and how much fuel the longest way there takes.</returns>
    private (bool Returns, int Longest) Shortcut(int call, int index, int spent)
    {
        if (!IsOnShortcut(call, index, spent)) return (false, spent);
        Flow flow = _graph.FlowOf(index);
        if (flow == Flow.Return) return (true, spent + 1);
        if (flow is not (Flow.JumpIf or Flow.JumpIfNot))
            return Shortcut(call, _graph.Next(index), spent + _graph[index].Length);
        (bool one, int far) = Shortcut(call, _graph[index].Target, spent + 1);
        (bool other, int wide) = Shortcut(call, _graph.Next(index), spent + 1);
        return (one || other, Math.Max(far, wide));
    }

    /// <summary>Only what touches registers and the flag, and jumps ahead.</summary>
    private bool IsOnShortcut(int call, int index, int spent) =>
        spent < LongestShortcut && ScopeOf(index) == ScopeOf(call) && _graph.IsInside(index) &&
        _graph.FlowOf(index) switch
        {
            Flow.Straight or Flow.Compare => true,
            Flow.JumpIf or Flow.JumpIfNot => _graph[index].Target > index,
            Flow.Return => (Opcode)_graph[index].Code == Opcode.Ret,
            _ => false,
        };

    private void WriteShortcut(int call, int index, int spent)
    {
        while (true)
        {
            Flow flow = _graph.FlowOf(index);
            if (!IsOnShortcut(call, index, spent) ||
                (_graph.IsLeader(index) && !Shortcut(call, index, spent).Returns))
            {
                // Too far, or no way to return: make the frame and go on where the function is written.
                PushFrame(call);
                ArriveAt(call, index, spent);
                return;
            }
            if (flow == Flow.Return)
            {
                ArriveAt(call, _graph.Next(call), spent + 1);
                return;
            }
            if (flow is Flow.JumpIf or Flow.JumpIfNot)
            {
                WriteShortcutBranch(call, index, index, spent);
                return;
            }
            if (_graph.IsFusedWithNext(index) && IsOnShortcut(call, _graph.Next(index), spent + 1))
            {
                WriteShortcutBranch(call, index, _graph.Next(index), spent + 1);
                return;
            }
            _current = index;
            int next = _graph.Next(index);
            if (flow == Flow.Compare) WriteCompare(index);
            else WriteStraight(index, ref _graph[index]);
            spent += next - index;
            index = next;
        }
    }

    private void WriteShortcutBranch(int call, int compare, int jump, int spent)
    {
        Label not = _il.DefineLabel();
        WriteConditionOf(compare, jump, not, out FlagState taken);
        _flagState = taken;
        WriteShortcut(call, _graph[jump].Target, spent + 1);
        _il.MarkLabel(not);
        _flagState = taken == FlagState.Set ? FlagState.Clear : FlagState.Set;
        WriteShortcut(call, _graph.Next(jump), spent + 1);
    }

    /// <summary>Branches to the label where the jump would not be taken.</summary>
    private void WriteConditionOf(int compare, int jump, Label not, out FlagState taken)
    {
        bool wanted = _graph.FlowOf(jump) == Flow.JumpIf;
        taken = wanted ? FlagState.Set : FlagState.Clear;
        _current = compare;
        if (compare != jump)
        {
            LoadCompared(compare);
            _il.Emit(BranchUnless((Opcode)_graph[compare].Code, wanted), not);
            return;
        }
        if (_flagState != FlagState.InLocal) SetFlag(_flagState);
        _il.Emit(OpCodes.Ldloc, _flag);
        _il.Emit(wanted ? OpCodes.Brfalse : OpCodes.Brtrue, not);
    }

    private void ArriveAt(int call, int index, int spent)
    {
        AddFuel(Shift(index) - Shift(call) - spent);
        if (_flagState != FlagState.InLocal && _graph.IsFlagLive(index)) SetFlag(_flagState);
        _il.Emit(OpCodes.Br, LabelOf(index));
    }

    private void LeaveTheShortcutUnlessFuel(int fuel, Label plain)
    {
        if (!_checksFuel) return;
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I8, (long)fuel);
        _il.Emit(OpCodes.Blt, plain);
    }
}
