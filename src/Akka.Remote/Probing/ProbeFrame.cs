using Akka.Remote.Wire;

namespace Akka.Remote.Probing;

/// <summary>
/// The two frames of a probe connection: are you there, and I am.
/// <code>
///   PDU      2 instruction  Control
///   Control  1 command  enum (120 ask, 121 answer; Akka's end at 5)    100 number  fixed64    101 uid  fixed64, answer only
/// </code>
/// An answer says nothing that an ASSOCIATE would not say to the same stranger.
/// </summary>
/// <param name="Number">Chosen by who asks, given back by who answers.</param>
/// <param name="Uid">The life that answers; null in a question.</param>
internal readonly record struct ProbeFrame(long Number, long? Uid)
{
    /// <summary>The largest frame on a probe connection, its length included; an answer has 30 bytes.</summary>
    public const int MaximumBytes = 64;

    private const byte InstructionBytes = 0x12;
    private const byte CommandVarint = 0x08;
    private const uint NumberFixed = 801;
    private const uint UidFixed = 809;
    private const ulong Ask = 120;
    private const ulong Answer = 121;

    /// <summary>How probe connections are cut into frames, on both sides.</summary>
    public static FrameFormat FormatOf(bool bigEndian) => new(bigEndian, MaximumBytes);

    /// <summary>The whole frame.</summary>
    public byte[] ToFrame(bool bigEndian)
    {
        const int fieldBytes = 2 + sizeof(ulong);
        int controlBytes = 2 + fieldBytes + (Uid is null ? 0 : fieldBytes);
        int bodyBytes = ProtoWriter.FieldBytes(controlBytes);
        byte[] frame = new byte[FrameCodec.HeaderBytes + bodyBytes];
        FrameCodec.WriteLength(frame, bodyBytes, bigEndian);
        ProtoWriter writer = new(frame.AsSpan(FrameCodec.HeaderBytes));
        writer.Header(InstructionBytes, controlBytes);
        writer.Byte(CommandVarint);
        writer.Varint(Uid is null ? Ask : Answer);
        writer.Varint(NumberFixed);
        writer.Fixed64((ulong)Number);
        if (Uid is { } uid)
        {
            writer.Varint(UidFixed);
            writer.Fixed64((ulong)uid);
        }
        return frame;
    }

    public static bool IsQuestion(ReadOnlySpan<byte> body, out long number)
    {
        bool isFrame = TryRead(body, out ProbeFrame frame);
        number = frame.Number;
        return isFrame && frame.Uid is null;
    }

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
        ulong command = control.Varint();
        if (command is not (Ask or Answer) || control.NextTag() != NumberFixed) return false;
        long number = (long)control.Fixed64();
        long? uid = null;
        if (command == Answer)
        {
            if (control.NextTag() != UidFixed) return false;
            uid = (long)control.Fixed64();
        }
        frame = new ProbeFrame(number, uid);
        return !control.Failed;
    }
}
