using Akka.Remote.Wire;

namespace Akka.Remote.Probing;

/// <summary>
/// The three frames of a probe connection: are you there, I am, and I am but not for you.
/// <code>
///   PDU      2 instruction  Control
///   Control  1 command  enum (120 ask, 121 answer, 122 refusal; Akka's end at 5)    100 number  fixed64    101 uid  fixed64
///            102 seal  bytes
/// </code>
/// The seal is there between nodes with a cluster secret, see <see cref="ProbeSeals"/>. Without one, none says what an
/// ASSOCIATE would not say to the same stranger.
/// </summary>
/// <param name="Kind">Which of them it is.</param>
/// <param name="Number">Chosen by who asks, given back by who answers.</param>
/// <param name="Uid">The life that speaks.</param>
/// <param name="Seal">Shows that this life knows the cluster's secret; null for none.</param>
internal readonly record struct ProbeFrame(ProbeFrameKind Kind, long Number, long Uid, byte[]? Seal = null)
{
    /// <summary>The largest frame on a probe connection, its length included; one has 28 bytes, with a seal 47.</summary>
    public const int MaximumBytes = 64;

    private const byte InstructionBytes = 0x12;
    private const byte CommandVarint = 0x08;
    private const uint NumberFixed = 801;
    private const uint UidFixed = 809;
    private const uint SealBytes = 818;

    /// <summary>How probe connections are cut into frames, on both sides.</summary>
    public static FrameFormat FormatOf(bool bigEndian) => new(bigEndian, MaximumBytes);

    /// <summary>The whole frame.</summary>
    public byte[] ToFrame(bool bigEndian)
    {
        const int fieldBytes = 2 + sizeof(ulong);
        int sealBytes = Seal is { } own ? 2 + ProtoWriter.VarintBytes((ulong)own.Length) + own.Length : 0;
        int controlBytes = 2 + (2 * fieldBytes) + sealBytes;
        int bodyBytes = ProtoWriter.FieldBytes(controlBytes);
        byte[] frame = new byte[FrameCodec.HeaderBytes + bodyBytes];
        FrameCodec.WriteLength(frame, bodyBytes, bigEndian);
        ProtoWriter writer = new(frame.AsSpan(FrameCodec.HeaderBytes));
        writer.Header(InstructionBytes, controlBytes);
        writer.Byte(CommandVarint);
        writer.Varint((ulong)Kind);
        writer.Varint(NumberFixed);
        writer.Fixed64((ulong)Number);
        writer.Varint(UidFixed);
        writer.Fixed64((ulong)Uid);
        if (Seal is not { } seal) return frame;
        writer.Varint(SealBytes);
        writer.Varint((ulong)seal.Length);
        writer.Bytes(seal);
        return frame;
    }

    public static bool IsQuestion(ReadOnlySpan<byte> body, out ProbeFrame question) =>
        TryRead(body, out question) && question.Kind == ProbeFrameKind.Ask;

    /// <summary>Reads a frame's body.</summary>
    /// <returns>False when it is anything else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ProbeFrame frame)
    {
        frame = default;
        if (body.Length > MaximumBytes - FrameCodec.HeaderBytes) return false;
        ProtoReader pdu = new(body);
        if (pdu.NextTag() != InstructionBytes) return false;
        ProtoReader control = new(pdu.Bytes());
        if (pdu.Failed || control.NextTag() != CommandVarint) return false;
        ulong kind = control.Varint();
        if (kind is < (ulong)ProbeFrameKind.Ask or > (ulong)ProbeFrameKind.Refusal) return false;
        if (control.NextTag() != NumberFixed) return false;
        long number = (long)control.Fixed64();
        if (control.NextTag() != UidFixed) return false;
        long uid = (long)control.Fixed64();
        byte[]? seal = control.NextTag() == SealBytes ? control.Bytes().ToArray() : null;
        frame = new ProbeFrame((ProbeFrameKind)kind, number, uid, seal);
        return !control.Failed;
    }
}

/// <summary>What a frame of a probe connection says; the numbers are those on the wire.</summary>
internal enum ProbeFrameKind
{
    Ask = 120,

    Answer = 121,

    /// <summary>The answer of a life that has quarantined the one that asks.</summary>
    Refusal = 122,
}
