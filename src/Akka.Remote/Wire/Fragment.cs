namespace Akka.Remote.Wire;

/// <summary>
/// A part of a frame's body that is sent in several frames, one behind the other, so that control traffic goes between
/// them: on a line of 256 kbit/s one frame of 128 KB takes 4 s. Only between nodes that both offer it
/// (<see cref="Offers.Fragments"/>).
/// <code>
///   PDU      100 rest  varint     bytes of the body that are still to come after this part, 0 with the last
///            101 part  bytes
/// </code>
/// The parts of one body come in order, and those of another not before its last; whole frames may come in between.
/// </summary>
internal readonly ref struct Fragment
{
    private const uint RestVarint = 800;
    private const uint PartBytes = 810;
    private const byte FirstByte = (byte)(RestVarint & 0x7F | 0x80);

    /// <summary>Bytes of the body after this part.</summary>
    public int Rest { get; private init; }

    public ReadOnlySpan<byte> Part { get; private init; }

    /// <summary>Whether a frame's body says that it is one; no PDU of another kind begins so.</summary>
    public static bool IsAt(ReadOnlySpan<byte> body) =>
        body.Length > 1 && body[0] == FirstByte && body[1] == RestVarint >> 7;

    /// <summary>Size of the frame of a part, its length included.</summary>
    public static int FrameBytes(int part, int rest) => FrameCodec.HeaderBytes + BodyBytes(part, rest);

    /// <summary>Writes the frame of a part.</summary>
    /// <returns>The bytes written.</returns>
    public static int WriteFrame(Span<byte> target, ReadOnlySpan<byte> part, int rest, bool bigEndian)
    {
        FrameCodec.WriteLength(target, BodyBytes(part.Length, rest), bigEndian);
        ProtoWriter writer = new(target[FrameCodec.HeaderBytes..]);
        writer.Varint(RestVarint);
        writer.Varint((uint)rest);
        writer.Varint(PartBytes);
        writer.Varint((uint)part.Length);
        writer.Bytes(part);
        return FrameCodec.HeaderBytes + writer.Written;
    }

    /// <summary>Reads a frame's body.</summary>
    /// <returns>False when it is anything else than a part of something, or malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out Fragment fragment)
    {
        fragment = default;
        ProtoReader reader = new(body);
        if (reader.NextTag() != RestVarint) return false;
        ulong rest = reader.Varint();
        if (reader.NextTag() != PartBytes) return false;
        ReadOnlySpan<byte> part = reader.Bytes();
        if (reader.Failed || rest > int.MaxValue || part.IsEmpty || reader.NextTag() != 0) return false;
        fragment = new Fragment { Rest = (int)rest, Part = part };
        return true;
    }

    private static int BodyBytes(int part, int rest) =>
        2 + ProtoWriter.VarintBytes((uint)rest) + 2 + ProtoWriter.VarintBytes((uint)part) + part;
}
