using System.Collections.Immutable;
using System.Security.Cryptography;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Image;

/// <summary>
/// An image that passed the verifier, decoded once and shared by every machine that runs it. Only this room makes
/// them, so whoever holds one may run it without further doubts. It never changes.
/// </summary>
public sealed class VerifiedImage
{
    private byte[]? _hash;

    private VerifiedImage(int version, byte[] data, byte[] code, int codeStart, ImmutableArray<ImageReject> findings)
    {
        Version = version;
        ReadOnlyBytes = data;
        CodeBytes = code;
        CodeStart = codeStart;
        Findings = findings;
        Program = Decoder.Decode(code, codeStart, version);
    }

    /// <summary>Byte 4 of the header.</summary>
    public int Version { get; }

    public ReadOnlyMemory<byte> ReadOnlyData => ReadOnlyBytes;

    public ReadOnlyMemory<byte> Code => CodeBytes;

    /// <summary>Address of the first instruction.</summary>
    public int CodeStart { get; }

    /// <summary>Address behind the last instruction: a program that gets there has run off its end.</summary>
    public int CodeEnd => CodeStart + CodeBytes.Length;

    /// <summary>
    /// What a version 1 image would be rejected for. A version 0 image keeps its meaning, so it is admitted and meets
    /// the fault if it gets there; the host may want to warn.
    /// </summary>
    public ImmutableArray<ImageReject> Findings { get; }

    /// <summary>SHA-256 over version, data, code start and code: which program a snapshot belongs to.</summary>
    public ReadOnlyMemory<byte> Hash => _hash ??= ComputeHash();

    internal byte[] ReadOnlyBytes { get; }

    internal byte[] CodeBytes { get; }

    internal DecodedProgram Program { get; }

    /// <summary>The whole image, header included.</summary>
    public byte[] ToBytes() => ImageFormat.Compose(Version, ReadOnlyBytes, CodeBytes);

    /// <summary>
    /// Bare instructions without an image around them: they start at address 0, as in a shell. Anything goes; what is
    /// wrong becomes a fault when it is reached.
    /// </summary>
    /// <param name="code">A whole number of words.</param>
    /// <param name="readOnlyData">Its read-only section, if it has one.</param>
    /// <param name="version">Which instructions exist.</param>
    public static VerifiedImage FromCode(
        ReadOnlySpan<byte> code, ReadOnlySpan<byte> readOnlyData = default, int version = 0)
    {
        if (code.Length % InstructionSet.WordBytes != 0)
            throw new ArgumentException($"Code comes in words of 4 bytes, not {code.Length} bytes.", nameof(code));
        return new VerifiedImage(version, readOnlyData.ToArray(), code.ToArray(), codeStart: 0, []);
    }

    internal static VerifiedImage Create(
        int version, ReadOnlySpan<byte> data, ReadOnlySpan<byte> code, ImmutableArray<ImageReject> findings) =>
        new(version, data.ToArray(), code.ToArray(), ImageFormat.HeaderBytes + data.Length, findings);

    private byte[] ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)Version]);
        hash.AppendData(BitConverter.GetBytes(CodeStart));
        hash.AppendData(BitConverter.GetBytes(ReadOnlyBytes.Length));
        hash.AppendData(ReadOnlyBytes);
        hash.AppendData(CodeBytes);
        return hash.GetHashAndReset();
    }
}
