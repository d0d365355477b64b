using System.Reflection.Emit;

namespace Iridium.Vm.Jit;

// Loops that walk through the heap: in their copies the address is a number of 64 bits that is known to lie within
// the heap wherever it is used, so an access is one instruction, and so is the compare.
internal sealed partial class RegionCompiler
{
    /// <summary>The walk whose copies are being written.</summary>
    private HeapWalk? _walk;

    private LocalBuilder? _walker;

    private void WriteWalk(HeapWalk walk, int head, int jump, Label plain)
    {
        int words = _graph.Next(jump) - head;
        Label again = _il.DefineLabel();
        var ways = new List<(Label Label, Deferred Deferred)>();
        _walker ??= _il.DeclareLocal(typeof(long));
        // The limit is within the heap, unsigned too: so it is not negative.
        LoadRegister(walk.Limit);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Ldc_I8, (long)walk.Reach - sizeof(int) - (walk.Inclusive ? 0 : 1));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldloc, _heapTop);
        _il.Emit(OpCodes.Bgt, plain);
        LoadRegister(walk.Address);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _walker);
        _walk = walk;
        LeaveUnlessBelowLimit(plain);
        _il.MarkLabel(again);
        for (int copy = 0; copy < Copies; copy++)
        {
            int compare = WriteUpTo(head, jump);
            Label done = _il.DefineLabel();
            _current = compare;
            LeaveUnlessBelowLimit(done);
            ways.Add((done, _deferred));
            _deferred = _deferred with { Fuel = _deferred.Fuel - words };
        }
        LoadWalker();
        _il.Emit(OpCodes.Stloc, _walker);
        _deferred = _deferred with { Steps = _deferred.Steps.Remove(walk.Address) };
        Settle();
        FlagState taken = _graph.FlowOf(jump) == Flow.JumpIf ? FlagState.Set : FlagState.Clear;
        if (_checksFuel)
        {
            _il.Emit(OpCodes.Ldarg_3);
            _il.Emit(OpCodes.Ldc_I8, (long)Copies * words);
            _il.Emit(OpCodes.Bge, again);
        }
        else
        {
            _il.Emit(OpCodes.Br, again);
        }
        EndWalk();
        GoOn(head, taken);
        foreach ((Label label, Deferred deferred) in ways)
        {
            _il.MarkLabel(label);
            (_deferred, _current, _walk) = (deferred, jump, walk);
            EndWalk();
            Settle();
            // Below zero it is below the limit as well, and the plain way finds out what comes of that.
            Label end = _il.DefineLabel();
            LoadRegister(walk.Address);
            Number(0);
            _il.Emit(OpCodes.Bge, end);
            AddFuel(-words);
            GoOn(head, taken);
            _il.MarkLabel(end);
            _flagState = taken == FlagState.Set ? FlagState.Clear : FlagState.Set;
            int after = _graph.Next(jump);
            FallInto(after);
            if (_graph.IsInside(after)) _il.Emit(OpCodes.Br, LabelOf(after));
        }
    }

    private void GoOn(int head, FlagState flag)
    {
        if (_graph.IsFlagLive(head)) SetFlag(flag);
        _il.Emit(OpCodes.Br, LabelOf(head));
    }

    /// <summary>Unsigned, so an address that has gone below zero or around the end is not below the limit.</summary>
    private void LeaveUnlessBelowLimit(Label otherwise)
    {
        LoadWalker();
        LoadRegister(_walk!.Limit);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(_walk.Inclusive ? OpCodes.Bgt_Un : OpCodes.Bge_Un, otherwise);
    }

    /// <summary>The address, with what is still to be added to it.</summary>
    private void LoadWalker()
    {
        _il.Emit(OpCodes.Ldloc, _walker!);
        if (!_deferred.Steps.TryGetValue(_walk!.Address, out int step)) return;
        _il.Emit(OpCodes.Ldc_I8, (long)step);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>A step of the address by what only a register knows.</summary>
    /// <returns>True.</returns>
    private bool StepWalker(byte register)
    {
        _il.Emit(OpCodes.Ldloc, _walker!);
        LoadRegister(register);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _walker!);
        return true;
    }

    /// <summary>The register has the address again.</summary>
    private void EndWalk()
    {
        LoadWalker();
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Stloc, CurrentScope!.Locals[_walk!.Address]!);
        _deferred = _deferred with { Steps = _deferred.Steps.Remove(_walk.Address) };
        _walk = null;
    }
}
