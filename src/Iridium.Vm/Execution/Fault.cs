namespace Iridium.Vm.Execution;

/// <summary>
/// Every way a program can crash. The numbers are the crash codes: documented, stable, never reused.
/// </summary>
public enum Fault
{
    None = 0,

    /// <summary>The image is not one (wrong magic, for example); no code was run.</summary>
    Image = 1,

    /// <summary>DIV or DIVU by zero.</summary>
    DivideByZero = 2,

    /// <summary>DIV of the smallest i32 by -1: the result does not fit.</summary>
    DivideOverflow = 3,

    /// <summary>A heap access that starts before or ends after the heap.</summary>
    HeapBounds = 4,

    /// <summary>A read-only access out of bounds, or a text without its NUL.</summary>
    ReadOnlyBounds = 5,

    /// <summary>A push, call or ENTER beyond the stack's limit.</summary>
    StackOverflow = 6,

    /// <summary>A pop, return or slot access below the stack's bottom or outside of it.</summary>
    StackUnderflow = 7,

    /// <summary>A jump, call or return to an address that is not an instruction.</summary>
    JumpTarget = 8,

    /// <summary>A register number over 31.</summary>
    Register = 9,

    /// <summary>ALOC of a negative number of bytes.</summary>
    NegativeAllocation = 10,

    /// <summary>ALOC beyond the heap's limit.</summary>
    HeapLimit = 11,

    /// <summary>More output than the program may make.</summary>
    OutputLimit = 12,
}

/// <summary>The one place where faults get their words.</summary>
public static class Faults
{
    public static string ToText(this Fault fault) => fault switch
    {
        Fault.None => "no fault",
        Fault.Image => "not an Iridium image",
        Fault.DivideByZero => "division by zero",
        Fault.DivideOverflow => "the smallest number divided by -1 does not fit in 32 bits",
        Fault.HeapBounds => "heap access out of bounds",
        Fault.ReadOnlyBounds => "read-only data access out of bounds",
        Fault.StackOverflow => "stack overflow",
        Fault.StackUnderflow => "stack underflow",
        Fault.JumpTarget => "jump to an address that is not an instruction",
        Fault.Register => "register number over 31",
        Fault.NegativeAllocation => "allocation of a negative number of bytes",
        Fault.HeapLimit => "heap limit reached",
        Fault.OutputLimit => "output limit reached",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
