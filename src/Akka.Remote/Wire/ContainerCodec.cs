using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Akka.Remote.Wire;

/// <summary>
/// Bytes of the payload PDU: what nearly every frame is. Written and read by hand, without a generated class in
/// between, because this is the path of every message.
/// <code>
///   frame      length, PDU
///   PDU        1 payload    bytes = Container        (2 instruction: see ControlCodec)
///   Container  1 ack        Ack        2 envelope  Envelope
///   Ack        1 cumulative fixed64    2 nacks     fixed64, repeated, packed
///   Envelope   1 recipient  ActorRef   2 message   Payload   4 sender  ActorRef   5 seq  fixed64
///   ActorRef   1 path       string
///   Payload    1 message    bytes      2 serializer int32    3 manifest bytes
/// </code>
/// As everywhere in proto3, a field that holds its default is not written.
/// </summary>
internal static class ContainerCodec
{
    private const byte Field1Bytes = 0x0A;
    private const byte Field2Bytes = 0x12;
    private const byte Field3Bytes = 0x1A;
    private const byte Field4Bytes = 0x22;
    private const byte Field2Varint = 0x10;
    private const byte Field1Fixed = 0x09;
    private const byte Field2Fixed = 0x11;
    private const byte Field5Fixed = 0x29;

    /// <summary>Size of the whole frame of a message, its length included.</summary>
    public static int FrameBytes(in WireEnvelope envelope, Ack? ack = null) =>
        FrameCodec.HeaderBytes + ProtoWriter.FieldBytes(ContainerBytes(EnvelopeBytes(envelope), ack));

    /// <summary>Writes the whole frame of a message, and an acknowledgement that travels with it.</summary>
    /// <returns>The bytes written.</returns>
    public static int WriteFrame(Span<byte> target, in WireEnvelope envelope, bool bigEndian, Ack? ack = null)
    {
        int envelopeBytes = EnvelopeBytes(envelope);
        int containerBytes = ContainerBytes(envelopeBytes, ack);
        FrameCodec.WriteLength(target, ProtoWriter.FieldBytes(containerBytes), bigEndian);
        ProtoWriter writer = new(target[FrameCodec.HeaderBytes..]);
        writer.Header(Field1Bytes, containerBytes);
        if (ack is { } received) WriteAck(ref writer, received);
        writer.Header(Field2Bytes, envelopeBytes);
        writer.Header(Field1Bytes, ProtoWriter.FieldBytes(envelope.Recipient.Length));
        writer.Field(Field1Bytes, envelope.Recipient);
        writer.Header(Field2Bytes, PayloadBytes(envelope));
        WritePayload(ref writer, envelope);
        if (!envelope.Sender.IsEmpty)
        {
            writer.Header(Field4Bytes, ProtoWriter.FieldBytes(envelope.Sender.Length));
            writer.Field(Field1Bytes, envelope.Sender);
        }
        if (envelope.Sequence != 0)
        {
            writer.Byte(Field5Fixed);
            writer.Fixed64((ulong)envelope.Sequence);
        }
        return FrameCodec.HeaderBytes + writer.Written;
    }

    /// <summary>The frame of an acknowledgement that travels alone.</summary>
    public static byte[] AckFrame(Ack ack, bool bigEndian)
    {
        int containerBytes = ProtoWriter.FieldBytes(AckBytes(ack));
        int pduBytes = ProtoWriter.FieldBytes(containerBytes);
        byte[] frame = new byte[FrameCodec.HeaderBytes + pduBytes];
        FrameCodec.WriteLength(frame, pduBytes, bigEndian);
        ProtoWriter writer = new(frame.AsSpan(FrameCodec.HeaderBytes));
        writer.Header(Field1Bytes, containerBytes);
        WriteAck(ref writer, ack);
        return frame;
    }

    /// <summary>Reads the payload of a PDU.</summary>
    /// <returns>False when the bytes are malformed or hold neither an acknowledgement nor a message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Container container)
    {
        container = default;
        ProtoReader reader = new(payload);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes:
                    if (!TryReadAck(reader.Bytes(), out Ack ack)) return false;
                    container.Ack = ack;
                    break;
                case Field2Bytes:
                    if (!TryReadEnvelope(reader.Bytes(), out container.Envelope)) return false;
                    container.HasEnvelope = true;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return !reader.Failed && (container.HasEnvelope || container.Ack is not null);
    }

    private static bool TryReadAck(ReadOnlySpan<byte> bytes, out Ack ack)
    {
        long cumulative = 0;
        ImmutableArray<long>.Builder? nacks = null;
        bool wellFormed = true;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Fixed:
                    cumulative = (long)reader.Fixed64();
                    break;
                case Field2Fixed:
                    (nacks ??= ImmutableArray.CreateBuilder<long>()).Add((long)reader.Fixed64());
                    break;
                case Field2Bytes:
                    nacks ??= ImmutableArray.CreateBuilder<long>();
                    ReadOnlySpan<byte> packed = reader.Bytes();
                    for (; packed.Length >= sizeof(long); packed = packed[sizeof(long)..])
                    {
                        nacks.Add(BinaryPrimitives.ReadInt64LittleEndian(packed));
                    }
                    wellFormed &= packed.IsEmpty;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        ack = new Ack(cumulative, nacks?.ToImmutable() ?? []);
        return wellFormed && !reader.Failed;
    }

    private static bool TryReadEnvelope(ReadOnlySpan<byte> bytes, out WireEnvelope envelope)
    {
        ReadOnlySpan<byte> recipient = default, sender = default, payload = default;
        long sequence = 0;
        bool wellFormed = true;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes: wellFormed &= TryReadPath(reader.Bytes(), out recipient); break;
                case Field2Bytes: payload = reader.Bytes(); break;
                case Field4Bytes: wellFormed &= TryReadPath(reader.Bytes(), out sender); break;
                case Field5Fixed: sequence = (long)reader.Fixed64(); break;
                default: reader.Skip(tag); break;
            }
        }
        wellFormed &= TryReadPayload(payload, out int serializerId, out ReadOnlySpan<byte> body, out var manifest);
        envelope = new WireEnvelope
        {
            Recipient = recipient,
            Sender = sender,
            Body = body,
            SerializerId = serializerId,
            Manifest = manifest,
            Sequence = sequence,
        };
        return wellFormed && !reader.Failed && !recipient.IsEmpty;
    }

    private static bool TryReadPath(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> path)
    {
        path = default;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            if (tag == Field1Bytes) path = reader.Bytes();
            else reader.Skip(tag);
        }
        return !reader.Failed;
    }

    private static bool TryReadPayload(
        ReadOnlySpan<byte> bytes, out int serializerId, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> manifest)
    {
        serializerId = 0;
        body = default;
        manifest = default;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes: body = reader.Bytes(); break;
                case Field2Varint: serializerId = (int)reader.Varint(); break;
                case Field3Bytes: manifest = reader.Bytes(); break;
                default: reader.Skip(tag); break;
            }
        }
        return !reader.Failed;
    }

    private static void WriteAck(ref ProtoWriter writer, Ack ack)
    {
        writer.Header(Field1Bytes, AckBytes(ack));
        if (ack.Cumulative != 0)
        {
            writer.Byte(Field1Fixed);
            writer.Fixed64((ulong)ack.Cumulative);
        }
        if (ack.Nacks.IsDefaultOrEmpty) return;
        writer.Header(Field2Bytes, ack.Nacks.Length * sizeof(long));
        foreach (long nack in ack.Nacks) writer.Fixed64((ulong)nack);
    }

    private static int ContainerBytes(int envelopeBytes, Ack? ack) =>
        ProtoWriter.FieldBytes(envelopeBytes) + (ack is { } received ? ProtoWriter.FieldBytes(AckBytes(received)) : 0);

    private static int AckBytes(Ack ack) =>
        (ack.Cumulative == 0 ? 0 : 1 + sizeof(long))
        + (ack.Nacks.IsDefaultOrEmpty ? 0 : ProtoWriter.FieldBytes(ack.Nacks.Length * sizeof(long)));

    private static int EnvelopeBytes(in WireEnvelope envelope) =>
        ProtoWriter.FieldBytes(ProtoWriter.FieldBytes(envelope.Recipient.Length))
        + ProtoWriter.FieldBytes(PayloadBytes(envelope))
        + (envelope.Sender.IsEmpty ? 0 : ProtoWriter.FieldBytes(ProtoWriter.FieldBytes(envelope.Sender.Length)))
        + (envelope.Sequence == 0 ? 0 : 1 + sizeof(long));

    private static int PayloadBytes(in WireEnvelope envelope) =>
        (envelope.Body.IsEmpty ? 0 : ProtoWriter.FieldBytes(envelope.Body.Length))
        + (envelope.SerializerId == 0 ? 0 : 1 + ProtoWriter.VarintBytes((ulong)(long)envelope.SerializerId))
        + (envelope.Manifest.IsEmpty ? 0 : ProtoWriter.FieldBytes(envelope.Manifest.Length));

    private static void WritePayload(ref ProtoWriter writer, in WireEnvelope envelope)
    {
        if (!envelope.Body.IsEmpty) writer.Field(Field1Bytes, envelope.Body);
        if (envelope.SerializerId != 0)
        {
            writer.Byte(Field2Varint);
            writer.Varint((ulong)(long)envelope.SerializerId);
        }
        if (!envelope.Manifest.IsEmpty) writer.Field(Field3Bytes, envelope.Manifest);
    }
}
