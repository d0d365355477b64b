using Iridium.Vm.Execution;

namespace Iridium.Vm.Image;

/// <summary>Why an image is not run.</summary>
public enum RejectReason
{
    /// <summary>Shorter than a header.</summary>
    TooShort,

    /// <summary>The first four bytes are not the magic.</summary>
    Magic,

    /// <summary>A version that this machine does not know.</summary>
    Version,

    /// <summary>Reserved bytes of the header are not zero.</summary>
    Reserved,

    /// <summary>Longer than the limit.</summary>
    TooLong,

    /// <summary>The read-only section does not fit in the image.</summary>
    ReadOnlyLength,

    /// <summary>The code is not a whole number of instructions.</summary>
    CodeLength,

    /// <summary>An opcode that the image's version does not have.</summary>
    UnknownInstruction,

    /// <summary>A register number over 31.</summary>
    Register,

    /// <summary>A jump or call to an address that is not an instruction.</summary>
    Target,

    /// <summary>A text that does not start, or does not end, within the read-only section.</summary>
    Text,

    /// <summary>The extension words of the last instruction are missing.</summary>
    CutInstruction,
}

/// <summary>One thing that is wrong with an image.</summary>
/// <param name="Reason">What kind of thing.</param>
/// <param name="Address">The byte of the image where it is.</param>
/// <param name="Text">The sentence for a person.</param>
public sealed record ImageReject(RejectReason Reason, int Address, string Text)
{
    /// <summary>A rejected image is a run that crashed before its first instruction.</summary>
    public static RunResult Result => new(Stop.Crashed, Fault.Image, (int)Fault.Image, 0);

    public override string ToString() => Text;
}
