using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Image;

/// <summary>Either an image to run or the reason why not.</summary>
public sealed record Verification(VerifiedImage? Image, ImageReject? Reject)
{
    [MemberNotNullWhen(true, nameof(Image))]
    [MemberNotNullWhen(false, nameof(Reject))]
    public bool Accepted => Image is not null;
}

/// <summary>
/// The only place that distrusts an image. It walks the code once, so its time is linear in the image and its memory
/// bounded by it. Of a version 1 image it proves that every instruction is known, registers exist, direct targets are
/// instructions and texts end within the read-only section. A version 0 image keeps the meaning it always had: the
/// same flaws are findings, and faults when a run meets them. What is admitted can only end in a named fault.
/// </summary>
public static class Verifier
{
    /// <summary>One finding shows what kind of file it is; thousands would only cost memory.</summary>
    private const int FindingsKept = 16;

    public static Verification Verify(ReadOnlyMemory<byte> image, Limits? limits = null)
    {
        ReadOnlySpan<byte> bytes = image.Span;
        if (JudgeHeader(bytes, limits ?? Limits.Default) is { } reject) return new Verification(null, reject);
        int version = bytes[ImageFormat.VersionOffset];
        int dataLength = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[ImageFormat.ReadOnlyLengthOffset..]);
        ReadOnlySpan<byte> data = bytes.Slice(ImageFormat.HeaderBytes, dataLength);
        ReadOnlySpan<byte> code = bytes[(ImageFormat.HeaderBytes + dataLength)..];
        ImmutableArray<ImageReject> findings = JudgeCode(version, data, code, ImageFormat.HeaderBytes + dataLength);
        return version > 0 && findings.Length > 0
            ? new Verification(null, findings[0])
            : new Verification(VerifiedImage.Create(version, data, code, findings), null);
    }

    private static ImageReject? JudgeHeader(ReadOnlySpan<byte> image, Limits limits)
    {
        if (!image.StartsWith(ImageFormat.Magic[..Math.Min(image.Length, ImageFormat.Magic.Length)]) || image.IsEmpty)
            return new(RejectReason.Magic, 0,
                "This is not an Iridium image: it does not start with the bytes 'EPIE'.");
        if (image.Length < ImageFormat.HeaderBytes)
            return new(RejectReason.TooShort, image.Length,
                $"The image is cut: it has {image.Length} bytes, its header alone takes {ImageFormat.HeaderBytes}.");
        if (image.Length > limits.ImageBytes)
            return new(RejectReason.TooLong, limits.ImageBytes,
                $"The image has {image.Length} bytes; the limit is {limits.ImageBytes}.");
        int version = image[ImageFormat.VersionOffset];
        if (version > InstructionSet.NewestVersion)
            return new(RejectReason.Version, ImageFormat.VersionOffset,
                $"The image has version {version}; this machine runs versions 0 to {InstructionSet.NewestVersion}.");
        const int Reserved = ImageFormat.VersionOffset + 1;
        int dirty = image[Reserved..ImageFormat.ReadOnlyLengthOffset].IndexOfAnyExcept((byte)0);
        if (dirty >= 0)
            return new(RejectReason.Reserved, Reserved + dirty,
                $"Byte {Reserved + dirty} of the header is reserved and must be zero.");
        uint dataLength = BinaryPrimitives.ReadUInt32LittleEndian(image[ImageFormat.ReadOnlyLengthOffset..]);
        int rest = image.Length - ImageFormat.HeaderBytes;
        if (dataLength > rest)
            return new(RejectReason.ReadOnlyLength, ImageFormat.ReadOnlyLengthOffset,
                $"The read-only section should have {dataLength} bytes, but only {rest} follow the header.");
        return (rest - (int)dataLength) % InstructionSet.WordBytes == 0
            ? null
            : new(RejectReason.CodeLength, image.Length,
                $"The code has {rest - (int)dataLength} bytes, which is not a whole number of 4-byte instructions.");
    }

    private static ImmutableArray<ImageReject> JudgeCode(
        int version, ReadOnlySpan<byte> data, ReadOnlySpan<byte> code, int codeStart)
    {
        var findings = ImmutableArray.CreateBuilder<ImageReject>();
        bool[] starts = new bool[code.Length / InstructionSet.WordBytes + 1];
        int at = 0;
        for (; at < code.Length; at += Words(code, at, version) * InstructionSet.WordBytes)
            starts[at / InstructionSet.WordBytes] = true;
        starts[^1] = true;
        int lastNul = data.LastIndexOf((byte)0);
        for (at = 0; at < code.Length && findings.Count < FindingsKept;)
        {
            int words = Words(code, at, version);
            int length = words * InstructionSet.WordBytes;
            if (at + length > code.Length)
            {
                findings.Add(new(RejectReason.CutInstruction, codeStart + at,
                    $"The instruction at {codeStart + at} takes {length} bytes, and {code.Length - at} are there."));
                break;
            }
            ReadOnlySpan<byte> one = code.Slice(at, length);
            if (JudgeInstruction(version, one, codeStart + at, starts, codeStart, lastNul) is { } wrong)
                findings.Add(wrong);
            at += length;
        }
        return findings.ToImmutable();
    }

    private static int Words(ReadOnlySpan<byte> code, int at, int version) =>
        InstructionSet.Find(code[at], version)?.Form.Words ?? 1;

    private static ImageReject? JudgeInstruction(
        int version, ReadOnlySpan<byte> bytes, int address, bool[] starts, int codeStart, int lastNul)
    {
        if (InstructionSet.Find(bytes[0], version) is not { } row)
            return new(RejectReason.UnknownInstruction, address,
                $"The instruction at {address} has opcode {bytes[0]}, which version {version} does not have.");
        foreach (Operand operand in row.Form.Operands)
        {
            long value = operand.Read(bytes);
            switch (operand.Kind)
            {
                case OperandKind.Register or OperandKind.FloatRegister when value > operand.Maximum:
                    return new(RejectReason.Register, address,
                        $"{row.Name} at {address} names register {value}; there are $0 to ${operand.Maximum}.");
                case OperandKind.CodeAddress when !IsInstruction(value - codeStart, starts):
                    return new(RejectReason.Target, address,
                        $"{row.Name} at {address} goes to {value}, where no instruction starts.");
                case OperandKind.DataOffset when value > lastNul:
                    return new(RejectReason.Text, address,
                        $"{row.Name} at {address} prints the text at {value}, which does not end in the data.");
            }
        }
        return null;
    }

    private static bool IsInstruction(long offset, bool[] starts) =>
        offset >= 0 && offset % InstructionSet.WordBytes == 0 &&
        offset / InstructionSet.WordBytes < starts.Length && starts[offset / InstructionSet.WordBytes];
}
