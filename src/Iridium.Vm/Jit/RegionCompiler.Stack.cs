using System.Reflection.Emit;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

// The stack: one check for all that a block pushes and pops, and the addresses of slots.
internal sealed partial class RegionCompiler
{
    /// <summary>
    /// Room for so many is asked for even where fewer would do: one number to compare with. The last slots of a full
    /// stack are the interpreter's.
    /// </summary>
    private const int SlotsAsked = 16;

    /// <summary>Whether the stack has been looked at for the rest of this block.</summary>
    private bool _stackChecked;

    /// <summary>Slots above the depth that are known to be there, once the stack has been looked at.</summary>
    private int _room;

    /// <summary>Leaves unless all the pushes and pops from here to the end of the block will do.</summary>
    private void CheckStack(int index)
    {
        if (_stackChecked) return;
        _stackChecked = true;
        (int grown, int dipped) = StackNeeds(index);
        _room = grown > 0 ? Math.Max(grown, SlotsAsked) : 0;
        if (dipped > 0)
        {
            _il.Emit(OpCodes.Ldloc, _depth);
            _il.Emit(OpCodes.Ldc_I8, (long)dipped);
            _il.Emit(OpCodes.Blt, Leave());
        }
        if (grown <= 0) return;
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Ldloc, _stackRoom);
        if (grown > SlotsAsked)
        {
            _il.Emit(OpCodes.Ldc_I8, (long)grown - SlotsAsked);
            _il.Emit(OpCodes.Sub);
        }
        _il.Emit(OpCodes.Bgt, Leave());
    }

    /// <returns>The most slots above and below today's depth that the rest of the block reaches.</returns>
    private (int Grown, int Dipped) StackNeeds(int index)
    {
        (int depth, int grown, int dipped) = (0, 0, 0);
        for (int at = index; _graph.IsInside(at) && (at == index || !_graph.IsLeader(at)); at = _graph.Next(at))
        {
            int value = _graph[at].Value;
            depth += (Opcode)_graph[at].Code switch
            {
                Opcode.Push => 1,
                Opcode.Pop => -1,
                Opcode.Pushf or Opcode.Call or Opcode.Callr => 2,
                Opcode.Popf => -2,
                Opcode.Enter => value,
                Opcode.Drop => -value,
                _ => 0,
            };
            grown = Math.Max(grown, depth);
            dipped = Math.Max(dipped, -depth);
            if (Flows.EndsBlock(_graph.FlowOf(at))) break;
        }
        return (grown, dipped);
    }

    private void WriteStack(int index)
    {
        (byte a, int value) = (_graph[index].A, _graph[index].Value);
        var opcode = (Opcode)_graph[index].Code;
        if (opcode is not (Opcode.Lds or Opcode.Sts)) CheckStack(index);
        switch (opcode)
        {
            case Opcode.Push:
                StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth));
                LoadRegister(a);
                _il.Emit(OpCodes.Stind_I4);
                ChangeDepth(1);
                break;
            case Opcode.Pop:
                ChangeDepth(-1);
                Store(a, () => { StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth)); _il.Emit(OpCodes.Ldind_I4); });
                break;
            case Opcode.Pushf:
                StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth));
                LoadFloat(a);
                Save(OpCodes.Stind_R8);
                ChangeDepth(2);
                break;
            case Opcode.Popf:
                ChangeDepth(-2);
                StoreFloat(a, () => { StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth)); Load(OpCodes.Ldind_R8); });
                break;
            case Opcode.Lds:
                SlotGuard(value);
                Store(a, () => { StackAddress(() => _il.Emit(OpCodes.Ldloc, _slot)); _il.Emit(OpCodes.Ldind_I4); });
                break;
            case Opcode.Sts:
                SlotGuard(value);
                StackAddress(() => _il.Emit(OpCodes.Ldloc, _slot));
                LoadRegister(a);
                _il.Emit(OpCodes.Stind_I4);
                break;
            case Opcode.Enter:
                StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth));
                _il.Emit(OpCodes.Ldc_I4_0);
                Number(value * sizeof(int));
                _il.Emit(OpCodes.Unaligned, (byte)4);
                _il.Emit(OpCodes.Initblk);
                ChangeDepth(value);
                break;
            case Opcode.Drop:
                ChangeDepth(-value);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{opcode} has no IL");
        }
    }

    private void SlotGuard(int slot)
    {
        // 32 bits wrap here as they do in the interpreter; a negative slot is a large one when unsigned.
        _il.Emit(OpCodes.Ldloc, _frame);
        _il.Emit(OpCodes.Conv_I4);
        Number(slot);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _slot);
        _il.Emit(OpCodes.Ldloc, _slot);
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Bge_Un, Leave());
    }

    /// <summary>The two slots of a call, for which there is room; the new frame starts above them.</summary>
    private void PushFrame(int call)
    {
        StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth));
        _il.Emit(OpCodes.Ldc_I4, _graph.AddressOf(call + 1));
        _il.Emit(OpCodes.Stind_I4);
        StackAddress(() => _il.Emit(OpCodes.Ldloc, _depth), 1);
        _il.Emit(OpCodes.Ldloc, _frame);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Stind_I4);
        ChangeDepth(2);
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Stloc, _frame);
    }

    private void ChangeDepth(int slots)
    {
        _room -= slots;
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Ldc_I8, (long)slots);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _depth);
    }

    /// <summary>The address of a slot: a number that was pushed, and a few more.</summary>
    private void StackAddress(Action slot, int more = 0)
    {
        _il.Emit(OpCodes.Ldloc, _stack);
        slot();
        _il.Emit(OpCodes.Ldc_I8, (long)sizeof(int));
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
        if (more == 0) return;
        _il.Emit(OpCodes.Ldc_I4, more * sizeof(int));
        _il.Emit(OpCodes.Add);
    }
}
