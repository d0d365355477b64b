using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>What an operation means for the way through the code.</summary>
internal enum Flow
{
    /// <summary>Goes on to the next.</summary>
    Straight,

    /// <summary>Goes on, unless it would fault or needs more room: then the interpreter takes it.</summary>
    Guarded,

    /// <summary>Sets the flag, goes on.</summary>
    Compare,

    /// <summary>Direct jumps.</summary>
    Jump, JumpIf, JumpIfNot, Loop,

    Call, CallRegister, Return,

    /// <summary>JMP, JMPF, JMPB; and JMPE.</summary>
    RegisterJump, RegisterJumpIf,

    /// <summary>Always left to the interpreter: what ends, prints, asks, or grows the heap.</summary>
    Leave,
}

internal static class Flows
{
    public static Flow Of(in Decoded word) => word.Code switch
    {
        Operation.DjmpeAhead => Flow.JumpIf,
        Operation.GotoAhead => Flow.Jump,
        Operation.GotoneAhead => Flow.JumpIfNot,
        Operation.LoopAhead => Flow.Loop,
        > (ushort)Opcode.Igl => Flow.Leave,
        _ => Of((Opcode)word.Code),
    };

    private static Flow Of(Opcode opcode) => opcode switch
    {
        Opcode.Djmpe => Flow.JumpIf,
        Opcode.Goto => Flow.Jump,
        Opcode.Gotone => Flow.JumpIfNot,
        Opcode.Loop => Flow.Loop,
        Opcode.Call => Flow.Call,
        Opcode.Callr => Flow.CallRegister,
        Opcode.Ret or Opcode.Retn => Flow.Return,
        Opcode.Jmp or Opcode.Jmpf or Opcode.Jmpb => Flow.RegisterJump,
        Opcode.Jmpe => Flow.RegisterJumpIf,
        >= Opcode.Eq and <= Opcode.Gt or >= Opcode.Eqf64 and <= Opcode.Ltef64 or Opcode.Ltu or Opcode.Gtu =>
            Flow.Compare,
        Opcode.Div or Opcode.Divu or Opcode.Loadm or Opcode.Setm or Opcode.Push or Opcode.Pop or
            >= Opcode.Ldb and <= Opcode.Stf or >= Opcode.Lds and <= Opcode.Drop or Opcode.Pushf or Opcode.Popf or
            >= Opcode.Ldrb and <= Opcode.Ldrf => Flow.Guarded,
        Opcode.Hlt or Opcode.Igl or Opcode.Exit or Opcode.Aloc or Opcode.Prts or
            >= Opcode.Prti and <= Opcode.Random => Flow.Leave,
        _ => Flow.Straight,
    };

    public static bool EndsBlock(Flow flow) => flow > Flow.Compare;

    /// <summary>Whether the next word may follow.</summary>
    public static bool FallsThrough(Flow flow) =>
        flow is Flow.Straight or Flow.Guarded or Flow.Compare or Flow.JumpIf or Flow.JumpIfNot or Flow.Loop or
            Flow.RegisterJumpIf;
}
