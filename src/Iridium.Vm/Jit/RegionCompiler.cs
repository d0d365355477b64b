using System.Reflection.Emit;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>What is known of the flag while code is written: its local has it, or it can only be this.</summary>
internal enum FlagState
{
    InLocal,
    Clear,
    Set,
}

/// <summary>
/// Writes one region as IL. Blocks follow in the order of the code; whatever the compiled code does not do itself (a
/// fault, a print, room that is lacking) is an exit before the instruction, with the whole state stored, and the
/// interpreter does it. So compiled code never decides what a fault is.
/// </summary>
internal sealed partial class RegionCompiler
{
    private readonly record struct Exit(
        int Index, RegisterScope? Scope, FlagState Flag, bool Charged, Deferred Deferred, StackPicture Stack);

    private readonly RegionGraph _graph;
    private readonly RegisterScope?[] _scopes;
    private readonly ILGenerator _il;
    private readonly Label[] _labels;
    private readonly Dictionary<Exit, Label> _exits = [];
    private readonly List<int> _entries = [];
    private readonly LocalBuilder _flag;
    private readonly LocalBuilder _exitIndex;
    private readonly LocalBuilder _depth;
    private readonly LocalBuilder _frame;
    private readonly LocalBuilder _slot;
    private readonly LocalBuilder _stack;
    private readonly LocalBuilder _stackRoom;
    private readonly LocalBuilder _counter;
    private readonly LocalBuilder _remainder;
    private readonly LocalBuilder _heap;
    private readonly LocalBuilder _heapTop;
    private readonly LocalBuilder _data;
    private readonly LocalBuilder _address;
    private readonly LocalBuilder _place;
    private readonly RegisterGuesses _guesses;
    private readonly LocalBuilder _quotient;
    private readonly Label _epilogue;
    private readonly bool _usesStack;
    private readonly bool _usesFrame;
    private readonly bool _usesHeap;
    private readonly bool _usesCounter;
    private readonly bool _usesRemainder;
    private readonly bool _usesData;
    private readonly bool _checksFuel;

    private RegionCompiler(RegionGraph graph, ILGenerator il, bool checksFuel, RegisterGuesses guesses)
    {
        _guesses = guesses;
        _checksFuel = checksFuel;
        _graph = graph;
        _il = il;
        _scopes = RegisterScopes.Choose(graph, guesses);
        _labels = new Label[graph.End - graph.Start];
        for (int index = graph.Start; index < graph.End; index++)
        {
            if (graph.IsLeader(index)) _labels[index - graph.Start] = il.DefineLabel();
            if (graph.IsEntry(index)) _entries.Add(index);
        }
        _flag = il.DeclareLocal(typeof(int));
        _exitIndex = il.DeclareLocal(typeof(int));
        // Counts of slots are 64 bits wide here, so that an address is one instruction and needs no widening.
        _depth = il.DeclareLocal(typeof(long));
        _frame = il.DeclareLocal(typeof(long));
        _slot = il.DeclareLocal(typeof(long));
        _stack = il.DeclareLocal(typeof(int).MakeByRefType());
        _stackRoom = il.DeclareLocal(typeof(long));
        _counter = il.DeclareLocal(typeof(int));
        _remainder = il.DeclareLocal(typeof(int));
        _heap = il.DeclareLocal(typeof(byte).MakeByRefType());
        _heapTop = il.DeclareLocal(typeof(long));
        _data = il.DeclareLocal(typeof(byte[]));
        _address = il.DeclareLocal(typeof(int));
        _place = il.DeclareLocal(typeof(long));
        _quotient = il.DeclareLocal(typeof(int));
        _epilogue = il.DefineLabel();
        var opcodes = new HashSet<Opcode>();
        for (int index = graph.Start; index < graph.End; index = graph.Next(index))
            opcodes.Add((Opcode)graph[index].Code);
        _usesFrame = opcodes.Overlaps([Opcode.Call, Opcode.Callr, Opcode.Ret, Opcode.Retn, Opcode.Lds, Opcode.Sts]);
        _usesStack = _usesFrame || opcodes.Overlaps(
            [Opcode.Push, Opcode.Pop, Opcode.Enter, Opcode.Drop, Opcode.Pushf, Opcode.Popf]);
        _usesHeap = opcodes.Overlaps([Opcode.Loadm, Opcode.Setm, Opcode.Ldb, Opcode.Stb, Opcode.Ldw, Opcode.Stw,
            Opcode.Ldf,
            Opcode.Stf]);
        _usesData = opcodes.Overlaps([Opcode.Ldrb, Opcode.Ldrw, Opcode.Ldrf]);
        _usesCounter = opcodes.Overlaps([Opcode.Cloop, Opcode.Loop, (Opcode)Operation.LoopAhead]);
        _usesRemainder = opcodes.Overlaps([Opcode.Div, Opcode.Divu, Opcode.Rem]);
    }

    /// <summary>Blocks, register scopes, entry, body, exits: in that order, each from what came before.</summary>
    public static CompiledRegion Compile(
        DecodedProgram program, int start, int end, bool checksFuel = true, bool guesses = true)
    {
        var graph = new RegionGraph(program, start, end);
        var method = new DynamicMethod($"iridium_{start}", typeof(long),
            [typeof(Machine), typeof(int).MakeByRefType(), typeof(double).MakeByRefType(), typeof(long), typeof(int)],
            typeof(RegionCompiler).Module, skipVisibility: true) { InitLocals = false };
        RegisterGuesses guessed = guesses ? RegisterGuesses.Of(program, graph) : RegisterGuesses.None;
        var compiler = new RegionCompiler(graph, method.GetILGenerator(), checksFuel, guessed);
        compiler.DeclareScopes();
        compiler.WritePrologue();
        compiler.WriteBody();
        compiler.WriteExits();
        short[] entries = new short[end - start];
        Array.Fill(entries, (short)-1);
        for (int number = 0; number < compiler._entries.Count; number++)
            entries[compiler._entries[number] - start] = (short)number;
        return new CompiledRegion(start, entries, compiler._usesStack, method.CreateDelegate<RegionCode>());
    }

    private RegisterScope? ScopeOf(int index) => _graph.IsInside(index) ? _scopes[index - _graph.Start] : null;

    private Label LabelOf(int index) => _labels[index - _graph.Start];

    private void DeclareScopes()
    {
        foreach (RegisterScope scope in _scopes.Where(scope => scope is not null).Distinct()!)
        {
            for (int register = 0; register < InstructionSet.RegisterCount; register++)
            {
                if ((scope.Cached >> register & 1) != 0) scope.Locals[register] = _il.DeclareLocal(typeof(int));
                if ((scope.CachedFloats >> register & 1) != 0)
                    scope.FloatLocals[register] = _il.DeclareLocal(typeof(double));
            }
        }
    }

    /// <summary>A machine that does not have the guessed numbers gets back at once, untouched.</summary>
    private void WriteGuesses()
    {
        if (_guesses.Registers == 0) return;
        Label wrong = _il.DefineLabel();
        Label right = _il.DefineLabel();
        for (int register = 0; register < InstructionSet.RegisterCount; register++)
        {
            if (!_guesses.Has(register)) continue;
            RegisterAddress(register);
            _il.Emit(OpCodes.Ldind_I4);
            _il.Emit(OpCodes.Ldc_I4, _guesses[register]);
            _il.Emit(OpCodes.Bne_Un, wrong);
        }
        _il.Emit(OpCodes.Br, right);
        _il.MarkLabel(wrong);
        _il.Emit(OpCodes.Ldc_I8, CompiledRegion.WrongGuess);
        _il.Emit(OpCodes.Ret);
        _il.MarkLabel(right);
    }

    private void WritePrologue()
    {
        WriteGuesses();
        // From here on: fuel left, less one, plus how far the place is behind the last entry.
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Starg, 3);
        LoadMachine(MachineMembers.Flag, _flag);
        if (_usesStack)
        {
            LoadMachine(MachineMembers.Depth, _depth);
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, MachineMembers.StackArray);
            _il.Emit(OpCodes.Call, MachineMembers.FirstSlot);
            _il.Emit(OpCodes.Stloc, _stack);
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, MachineMembers.StackArray);
            _il.Emit(OpCodes.Ldlen);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Ldc_I8, (long)SlotsAsked);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, _stackRoom);
        }
        if (_usesFrame) LoadMachine(MachineMembers.FrameBase, _frame);
        if (_usesCounter) LoadMachine(MachineMembers.Counter, _counter);
        if (_usesRemainder) LoadMachine(MachineMembers.Remainder, _remainder);
        if (_usesHeap)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, MachineMembers.HeapArray);
            _il.Emit(OpCodes.Call, MachineMembers.FirstByte);
            _il.Emit(OpCodes.Stloc, _heap);
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, MachineMembers.HeapTop);
            _il.Emit(OpCodes.Stloc, _heapTop);
        }
        if (_usesData)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, MachineMembers.Data);
            _il.Emit(OpCodes.Stloc, _data);
        }
        Label[] ways = [.. _entries.Select(_ => _il.DefineLabel())];
        _il.Emit(OpCodes.Ldarg, 4);
        _il.Emit(OpCodes.Switch, ways);
        for (int number = 0; number < ways.Length; number++)
        {
            // Behind the switch stands the first way: no other number is ever given.
            _il.MarkLabel(ways[number]);
            ChangeScope(null, ScopeOf(_entries[number]));
            _il.Emit(OpCodes.Br, LabelOf(_entries[number]));
        }
    }

    private void WriteBody()
    {
        for (int index = _graph.Start; index < _graph.End;)
        {
            if (_graph.IsLeader(index))
            {
                _il.MarkLabel(LabelOf(index));
                (_flagState, _stackChecked, _current) = (FlagState.InLocal, false, index);
                WriteCopies(index);
            }
            index = WriteInstruction(index);
            bool falls = index <= _graph.End && _fallsThrough;
            if (falls && (_graph.IsLeader(index) || !_graph.IsInside(index))) FallInto(index);
        }
    }

    private void WriteExits()
    {
        foreach ((Exit exit, Label label) in _exits)
        {
            (int index, RegisterScope? scope, FlagState flag, bool charged, Deferred deferred, StackPicture stack) =
                exit;
            _il.MarkLabel(label);
            MakeReal(stack);
            Spill(scope, deferred);
            _il.Emit(OpCodes.Ldarg_3);
            _il.Emit(OpCodes.Ldc_I8, 1 - Shift(index) + deferred.Fuel);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Starg, 3);
            if (flag != FlagState.InLocal) SetFlag(flag);
            // The complement says that a slice may end here; elsewhere the interpreter goes on to where one may.
            _il.Emit(OpCodes.Ldc_I4, charged ? ~index : index);
            _il.Emit(OpCodes.Stloc, _exitIndex);
            _il.Emit(OpCodes.Br, _epilogue);
        }
        _il.MarkLabel(_epilogue);
        StoreMachine(MachineMembers.Index, _exitIndex);
        StoreMachine(MachineMembers.Flag, _flag);
        if (_usesStack) StoreMachine(MachineMembers.Depth, _depth);
        if (_usesFrame) StoreMachine(MachineMembers.FrameBase, _frame);
        if (_usesCounter) StoreMachine(MachineMembers.Counter, _counter);
        if (_usesRemainder) StoreMachine(MachineMembers.Remainder, _remainder);
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>Where to go to hand over to the interpreter before an instruction.</summary>
    private Label ExitAt(int index, RegisterScope? scope, FlagState flag, bool charged)
    {
        var exit = new Exit(index, scope, flag, charged, _deferred, _picture);
        if (!_exits.TryGetValue(exit, out Label label)) _exits[exit] = label = _il.DefineLabel();
        return label;
    }

    private void LoadMachine(System.Reflection.FieldInfo field, LocalBuilder local)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, field);
        if (local.LocalType == typeof(long)) _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Stloc, local);
    }

    private void StoreMachine(System.Reflection.FieldInfo field, LocalBuilder local)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldloc, local);
        if (local.LocalType == typeof(long)) _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Stfld, field);
    }

    private void SetFlag(FlagState flag)
    {
        _il.Emit(flag == FlagState.Set ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Stloc, _flag);
    }

    private void ChangeScope(RegisterScope? from, RegisterScope? to)
    {
        if (from == to) return;
        Spill(from, Deferred.Nothing);
        if (to is null) return;
        for (int register = 0; register < InstructionSet.RegisterCount; register++)
        {
            if (to.Locals[register] is { } local)
            {
                RegisterAddress(register);
                _il.Emit(OpCodes.Ldind_I4);
                _il.Emit(OpCodes.Stloc, local);
            }
            if (to.FloatLocals[register] is { } real)
            {
                FloatAddress(register);
                _il.Emit(OpCodes.Ldind_R8);
                _il.Emit(OpCodes.Stloc, real);
            }
        }
    }

    private void Spill(RegisterScope? scope, Deferred deferred)
    {
        if (scope is null) return;
        for (int register = 0; register < InstructionSet.RegisterCount; register++)
        {
            if ((scope.Written >> register & 1) != 0)
            {
                RegisterAddress(register);
                _il.Emit(OpCodes.Ldloc, scope.Locals[register]!);
                if (deferred.Steps.TryGetValue(register, out int step))
                {
                    Number(step);
                    _il.Emit(OpCodes.Add);
                }
                _il.Emit(OpCodes.Stind_I4);
            }
            if ((scope.WrittenFloats >> register & 1) != 0)
            {
                FloatAddress(register);
                _il.Emit(OpCodes.Ldloc, scope.FloatLocals[register]!);
                _il.Emit(OpCodes.Stind_R8);
            }
        }
    }

    private void RegisterAddress(int register)
    {
        _il.Emit(OpCodes.Ldarg_1);
        if (register == 0) return;
        _il.Emit(OpCodes.Ldc_I4, register * sizeof(int));
        _il.Emit(OpCodes.Add);
    }

    private void FloatAddress(int register)
    {
        _il.Emit(OpCodes.Ldarg_2);
        if (register == 0) return;
        _il.Emit(OpCodes.Ldc_I4, register * sizeof(double));
        _il.Emit(OpCodes.Add);
    }
}
