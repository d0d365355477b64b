namespace Iridium.Vm.Execution;

/// <summary>Why a machine is not running.</summary>
public enum Stop
{
    /// <summary>
    /// The slice's fuel or output is used up (or the machine was never run): run it again to go on.
    /// </summary>
    OutOfFuel,

    /// <summary>It waits for an answer: see <see cref="Machine.Wanted"/> and <see cref="Machine.Answer"/>.</summary>
    Waiting,

    /// <summary>HLT (code 0) or EXIT (the program's code).</summary>
    Halted,

    /// <summary>It ran past its last instruction: code 1.</summary>
    RanOff,

    /// <summary>It met an illegal instruction: code 1.</summary>
    Illegal,

    /// <summary>A <see cref="Fault"/>; the code is the fault's number.</summary>
    Crashed,

    /// <summary>The pc stands before an instruction with a breakpoint. Only debuggers see this.</summary>
    Breakpoint,
}

/// <summary>How a slice ended.</summary>
/// <param name="Stop">Why.</param>
/// <param name="Fault">Which fault, if it crashed.</param>
/// <param name="Code">The stop code; 0 unless it ended.</param>
/// <param name="FuelUsed">By this slice: one unit for each word of each instruction run.</param>
public readonly record struct RunResult(Stop Stop, Fault Fault, int Code, long FuelUsed)
{
    /// <summary>Whether the program is over.</summary>
    public bool Ended => Stop is Stop.Halted or Stop.RanOff or Stop.Illegal or Stop.Crashed;

    /// <summary>What happened, in words for a person.</summary>
    public string ToText() => Stop switch
    {
        Stop.OutOfFuel => "running",
        Stop.Waiting => "waiting for input",
        Stop.Halted => $"stopped with code {Code}",
        Stop.RanOff => $"ran past its last instruction, code {Code}",
        Stop.Illegal => $"met an illegal instruction, code {Code}",
        Stop.Crashed => $"crashed with code {Code}: {Fault.ToText()}",
        Stop.Breakpoint => "stands at a breakpoint",
        _ => throw new ArgumentOutOfRangeException(nameof(Stop), Stop, null),
    };
}
