using System.Reflection.Emit;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

// Calls of functions that may return soon. Their ways to the return stand at the call once more, and what they push is
// only pictured: values in locals, return addresses in nobody's memory. Where a way is cut, or something leaves, the
// picture becomes the stack that it shows. What lies above the depth of a stack is nobody's business, so a way that
// returns leaves no trace.
internal sealed partial class RegionCompiler
{
    /// <summary>A return of a function that stands at its call.</summary>
    private readonly record struct Arrival(Label Label, FlagState Flag, int Spent);

    private readonly List<LocalBuilder> _pictured = [];
    private StackPicture _picture = StackPicture.Empty;
    private int _shortcut;

    private void WriteShortcut(int call)
    {
        int site = _graph.Next(call);
        RegisterScope? scope = ScopeOf(call);
        if (!_graph.IsInside(site) || ScopeOf(site) != scope) return;
        int mostWords = MostRepeated - _repeated;
        if (WayFinder.Find(_graph, call, index => ScopeOf(index) == scope, mostWords) is not { } way) return;
        _repeated += way.Words;
        (FlagState flag, int room) = (_flagState, _room);
        Label plain = _il.DefineLabel();
        LeaveTheShortcutUnlessFuel(way.Fuel + 1 + Shift(call), plain);
        LeaveTheShortcutUnlessStack(way, plain);
        _shortcut = call;
        var arrivals = new List<Arrival>();
        WriteWay(way, StackPicture.Empty.Call(_graph.AddressOf(site)), spent: 1, arrivals);
        _current = call;
        foreach (Arrival arrival in arrivals)
        {
            _il.MarkLabel(arrival.Label);
            _flagState = arrival.Flag;
            if (way.Dropped > 0) ChangeDepth(-way.Dropped.Value);
            ArriveAt(site, arrival.Spent);
        }
        (_current, _flagState, _room) = (call, flag, room);
        _il.MarkLabel(plain);
    }

    private void LeaveTheShortcutUnlessStack(Way way, Label plain)
    {
        if (way.Dipped > 0)
        {
            _il.Emit(OpCodes.Ldloc, _depth);
            _il.Emit(OpCodes.Ldc_I8, (long)way.Dipped);
            _il.Emit(OpCodes.Blt, plain);
        }
        if (way.Grown <= _room) return;
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Ldloc, _stackRoom);
        _il.Emit(OpCodes.Ldc_I8, (long)way.Grown - SlotsAsked);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Bgt, plain);
    }

    private void WriteWay(Way way, StackPicture stack, int spent, List<Arrival> arrivals)
    {
        while (true)
        {
            switch (way)
            {
                case Way.Cut cut:
                    MakeReal(stack);
                    ArriveAt(cut.Index, spent);
                    return;
                case Way.Back:
                    var arrival = new Arrival(_il.DefineLabel(), _flagState, spent + 1);
                    _il.Emit(OpCodes.Br, arrival.Label);
                    arrivals.Add(arrival);
                    return;
                case Way.Fork fork:
                    Label not = _il.DefineLabel();
                    WriteConditionOf(fork.Compare, fork.Jump, not, out FlagState taken);
                    int walked = spent + (fork.Compare == fork.Jump ? 1 : 2);
                    _flagState = taken;
                    WriteWay(fork.Taken, stack, walked, arrivals);
                    _il.MarkLabel(not);
                    _flagState = taken == FlagState.Set ? FlagState.Clear : FlagState.Set;
                    (way, spent) = (fork.Not, walked);
                    break;
                case Way.Call call:
                    var returns = new List<Arrival>();
                    StackPicture called = stack.Call(_graph.AddressOf(_graph.Next(call.Index)));
                    WriteWay(call.Function, called, spent + 1, returns);
                    stack = stack.Pop(call.Function.Dropped!.Value)!;
                    (way, spent) = (call.After, Join(returns));
                    break;
                case Way.Step step:
                    stack = WriteStep(step.Index, stack, spent);
                    (way, spent) = (step.Next, spent + _graph.Next(step.Index) - step.Index);
                    break;
            }
        }
    }

    /// <summary>All that have returned go on as one: with one state of the flag, and one count of fuel.</summary>
    /// <returns>What has been spent.</returns>
    private int Join(List<Arrival> arrivals)
    {
        bool agree = arrivals.All(arrival => arrival.Flag == arrivals[0].Flag);
        Label together = _il.DefineLabel();
        // The first stands last: it goes on without a jump.
        for (int number = arrivals.Count - 1; number >= 0; number--)
        {
            _il.MarkLabel(arrivals[number].Label);
            AddFuel(arrivals[0].Spent - arrivals[number].Spent);
            if (!agree && arrivals[number].Flag != FlagState.InLocal) SetFlag(arrivals[number].Flag);
            if (number > 0) _il.Emit(OpCodes.Br, together);
        }
        _il.MarkLabel(together);
        _flagState = agree ? arrivals[0].Flag : FlagState.InLocal;
        return arrivals[0].Spent;
    }

    private StackPicture WriteStep(int index, StackPicture stack, int spent)
    {
        _current = index;
        _picture = stack;
        _deferred = Deferred.Nothing with { Fuel = Shift(index) - Shift(_shortcut) - spent };
        ref Decoded word = ref _graph[index];
        switch ((Opcode)word.Code)
        {
            case Opcode.Push:
                LoadRegister(word.A);
                _il.Emit(OpCodes.Stloc, Pictured(stack.Count));
                stack = stack.Push();
                break;
            case Opcode.Pop:
                byte to = word.A;
                Store(to, () => _il.Emit(OpCodes.Ldloc, Pictured(stack.Count - 1)));
                stack = stack.Pop(1)!;
                break;
            case Opcode.Enter:
                for (int slot = 0; slot < word.Value; slot++)
                {
                    Number(0);
                    _il.Emit(OpCodes.Stloc, Pictured(stack.Count));
                    stack = stack.Push();
                }
                break;
            case Opcode.Drop:
                stack = stack.Pop(word.Value)!;
                break;
            case Opcode.Lds:
                WriteLoadOfPictured(word.A, stack.Frame + word.Value);
                break;
            case Opcode.Sts:
                WriteStoreOfPictured(word.A, stack.Frame + word.Value);
                break;
            default:
                if (_graph.FlowOf(index) == Flow.Compare) WriteCompare(index);
                else if (_graph.FlowOf(index) != Flow.Jump) WriteStraight(index, ref word);
                break;
        }
        _picture = StackPicture.Empty;
        _deferred = Deferred.Nothing;
        return stack;
    }

    private void WriteLoadOfPictured(byte register, int place) => Store(register, () =>
    {
        if (place >= 0)
        {
            _il.Emit(OpCodes.Ldloc, Pictured(place));
            return;
        }
        StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth), place);
        _il.Emit(OpCodes.Ldind_I4);
    });

    private void WriteStoreOfPictured(byte register, int place)
    {
        if (place >= 0)
        {
            LoadRegister(register);
            _il.Emit(OpCodes.Stloc, Pictured(place));
            return;
        }
        StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth), place);
        LoadRegister(register);
        _il.Emit(OpCodes.Stind_I4);
    }

    /// <summary>The local for whatever is pushed at a place above the depth.</summary>
    private LocalBuilder Pictured(int place)
    {
        while (_pictured.Count <= place) _pictured.Add(_il.DeclareLocal(typeof(int)));
        return _pictured[place];
    }

    /// <summary>Writes down what was only pictured, for whoever needs the real stack.</summary>
    private void MakeReal(StackPicture picture)
    {
        if (picture.Count == 0) return;
        for (int place = 0; place < picture.Count; place++)
        {
            (SlotKind kind, int number) = picture.Slots[place];
            StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth), place);
            switch (kind)
            {
                case SlotKind.Value:
                    _il.Emit(OpCodes.Ldloc, Pictured(place));
                    break;
                case SlotKind.ReturnAddress:
                    Number(number);
                    break;
                case SlotKind.OuterFrame:
                    _il.Emit(OpCodes.Ldloc, _frame);
                    _il.Emit(OpCodes.Conv_I4);
                    break;
                default:
                    _il.Emit(OpCodes.Ldloc, _depth);
                    _il.Emit(OpCodes.Conv_I4);
                    Number(number);
                    _il.Emit(OpCodes.Add);
                    break;
            }
            _il.Emit(OpCodes.Stind_I4);
        }
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Ldc_I8, (long)picture.Frame);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _frame);
        ChangeDepth(picture.Count);
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

    private void ArriveAt(int index, int spent)
    {
        AddFuel(Shift(index) - Shift(_shortcut) - spent);
        if (_flagState != FlagState.InLocal && _graph.IsFlagLive(index)) SetFlag(_flagState);
        if (!_graph.IsInside(index))
        {
            _il.Emit(OpCodes.Br, ExitAt(index, CurrentScope, _flagState, charged: false));
            return;
        }
        ChangeScope(CurrentScope, ScopeOf(index));
        _il.Emit(OpCodes.Br, LabelOf(index));
    }
}
