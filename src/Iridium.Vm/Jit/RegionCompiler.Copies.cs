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

// Short loops in several copies. They look first whether the fuel lasts for all of them, and go the plain way if it
// does not, so a slice ends where it would have.
internal sealed partial class RegionCompiler
{
    private const int Copies = 4;
    private const int LongestUnrolled = 8;

    /// <summary>
    /// Words that a region may have more than once: the runtime's optimizer gives up on what is too long.
    /// </summary>
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
        int words = _graph.Next(jump) - head;
        if (!MayRepeat(Copies * words)) return;
        Label plain = _il.DefineLabel();
        LeaveTheShortcutUnlessFuel(Copies * words, plain);
        _defers = true;
        if (HeapWalk.Find(_graph, head, jump) is { } walk && ScopeOf(head)!.Locals[walk.Address] is not null)
            WriteWalk(walk, head, jump, plain);
        else
            WriteCopies(head, jump);
        _defers = false;
        (_flagState, _stackChecked) = (FlagState.InLocal, false);
        _il.MarkLabel(plain);
    }

    private void WriteCopies(int head, int jump)
    {
        int after = _graph.Next(jump);
        int words = after - head;
        var ways = new List<(Label Label, Deferred Deferred, FlagState Flag)>();
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
    }

    private bool MayRepeat(int words)
    {
        if (_repeated + words > MostRepeated) return false;
        _repeated += words;
        return true;
    }

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

    private void LeaveTheShortcutUnlessFuel(int fuel, Label plain)
    {
        if (!_checksFuel) return;
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I8, (long)fuel);
        _il.Emit(OpCodes.Blt, plain);
    }
}
