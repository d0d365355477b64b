using System.Text;

namespace Akka.Remote.Wire;

/// <summary>
/// Bytes of control PDUs.
/// <code>
///   PDU        1 payload  bytes (see ContainerCodec)    2 instruction  Control
///   Control    1 command  enum       2 handshake  Handshake
///              100 nonce  bytes      101 mac  bytes      only with the commands from 100 up
///   Handshake  1 origin   Address    2 uid  fixed64     (3 cookie: never sent, ignored)
///              100 offers  uint32, absent when 0: Akka.NET skips the field unread, and sends none
///   Address    1 system   string     2 hostname  string    3 port  uint32    4 protocol  string
/// </code>
/// </summary>
internal static class ControlCodec
{
    private const byte Field1Bytes = 0x0A;
    private const byte Field2Bytes = 0x12;
    private const byte Field4Bytes = 0x22;
    private const byte Field1Varint = 0x08;
    private const byte Field3Varint = 0x18;
    private const byte Field2Fixed = 0x11;
    private const uint Field100Varint = 800;
    private const uint Field100Bytes = 802;
    private const uint Field101Bytes = 810;

    // Nonces and MACs: long enough for any hash that is in use, and no more.
    private const int LongestProofBytes = 64;

    /// <summary>The whole frame of a control PDU.</summary>
    public static byte[] Frame(Control control, bool bigEndian)
    {
        byte[] handshake = control.Handshake is { } who ? HandshakeBody(who) : [];
        int controlBytes = 2 + (control.Handshake is null ? 0 : ProtoWriter.FieldBytes(handshake.Length))
            + FarFieldBytes(control.Nonce) + FarFieldBytes(control.Mac);
        int pduBytes = ProtoWriter.FieldBytes(controlBytes);
        byte[] frame = new byte[FrameCodec.HeaderBytes + pduBytes];
        FrameCodec.WriteLength(frame, pduBytes, bigEndian);
        ProtoWriter writer = new(frame.AsSpan(FrameCodec.HeaderBytes));
        writer.Header(Field2Bytes, controlBytes);
        writer.Byte(Field1Varint);
        writer.Varint((uint)control.Command);
        if (control.Handshake is not null) writer.Field(Field2Bytes, handshake);
        WriteFarField(ref writer, Field100Bytes, control.Nonce);
        WriteFarField(ref writer, Field101Bytes, control.Mac);
        return frame;
    }

    /// <summary>Splits a frame's body into payload or control.</summary>
    /// <param name="payload">The bytes of a Container, when <paramref name="control"/> has command None.</param>
    /// <returns>False when the bytes are malformed or hold neither. A control wins over a payload beside it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> payload, out Control control)
    {
        payload = default;
        control = default;
        bool hasPayload = false, hasControl = false, wellFormed = true;
        ProtoReader reader = new(body);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes:
                    payload = reader.Bytes();
                    hasPayload = true;
                    break;
                case Field2Bytes:
                    wellFormed &= TryReadControl(reader.Bytes(), out control);
                    hasControl = true;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return wellFormed && !reader.Failed && (hasControl || hasPayload);
    }

    private static bool TryReadControl(ReadOnlySpan<byte> bytes, out Control control)
    {
        ControlCommand command = ControlCommand.None;
        Handshake? handshake = null;
        byte[]? nonce = null, mac = null;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Varint:
                    command = (ControlCommand)reader.Varint();
                    break;
                case Field2Bytes:
                    if (!TryReadHandshake(reader.Bytes(), out handshake))
                    {
                        control = default;
                        return false;
                    }
                    break;
                case Field100Bytes:
                    nonce = ProofBytes(reader.Bytes());
                    break;
                case Field101Bytes:
                    mac = ProofBytes(reader.Bytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        control = new Control(command, handshake, nonce, mac);
        bool known = command is > ControlCommand.None and <= ControlCommand.DisassociateQuarantined
            or ControlCommand.Challenge or ControlCommand.Proof;
        return !reader.Failed && known && (command != ControlCommand.Associate || handshake is not null);
    }

    private static byte[]? ProofBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= LongestProofBytes ? bytes.ToArray() : null;

    // A field whose tag takes two bytes.
    private static int FarFieldBytes(byte[]? content) =>
        content is null ? 0 : 1 + ProtoWriter.FieldBytes(content.Length);

    private static void WriteFarField(ref ProtoWriter writer, uint tag, byte[]? content)
    {
        if (content is null) return;
        writer.Varint(tag);
        writer.Varint((uint)content.Length);
        writer.Bytes(content);
    }

    private static bool TryReadHandshake(ReadOnlySpan<byte> bytes, out Handshake? handshake)
    {
        ReadOnlySpan<byte> origin = default;
        long uid = 0;
        Offers offers = Offers.None;
        ProtoReader reader = new(bytes);
        for (uint tag; (tag = reader.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes: origin = reader.Bytes(); break;
                case Field2Fixed: uid = (long)reader.Fixed64(); break;
                case Field100Varint: offers = (Offers)reader.Varint(); break;
                default: reader.Skip(tag); break;
            }
        }
        string system = "", host = "", protocol = "";
        ulong port = 0;
        ProtoReader address = new(origin);
        for (uint tag; (tag = address.NextTag()) != 0;)
        {
            switch (tag)
            {
                case Field1Bytes: system = Encoding.UTF8.GetString(address.Bytes()); break;
                case Field2Bytes: host = Encoding.UTF8.GetString(address.Bytes()); break;
                case Field3Varint: port = address.Varint(); break;
                case Field4Bytes: protocol = Encoding.UTF8.GetString(address.Bytes()); break;
                default: address.Skip(tag); break;
            }
        }
        bool complete = system.Length > 0 && host.Length > 0 && protocol.Length > 0 && port <= ushort.MaxValue;
        handshake = complete ? new Handshake(system, host, (int)port, protocol, uid, offers) : null;
        return complete && !reader.Failed && !address.Failed;
    }

    private static byte[] HandshakeBody(Handshake who)
    {
        byte[] system = Encoding.UTF8.GetBytes(who.System);
        byte[] host = Encoding.UTF8.GetBytes(who.Host);
        byte[] protocol = Encoding.UTF8.GetBytes(who.Protocol);
        int portBytes = who.Port == 0 ? 0 : 1 + ProtoWriter.VarintBytes((uint)who.Port);
        int originBytes = ProtoWriter.FieldBytes(system.Length) + ProtoWriter.FieldBytes(host.Length) + portBytes
            + ProtoWriter.FieldBytes(protocol.Length);
        int uidBytes = who.Uid == 0 ? 0 : 1 + sizeof(ulong);
        int offersBytes = who.Offers == Offers.None
            ? 0
            : ProtoWriter.VarintBytes(Field100Varint) + ProtoWriter.VarintBytes((uint)who.Offers);
        byte[] body = new byte[ProtoWriter.FieldBytes(originBytes) + uidBytes + offersBytes];
        ProtoWriter writer = new(body);
        writer.Header(Field1Bytes, originBytes);
        writer.Field(Field1Bytes, system);
        writer.Field(Field2Bytes, host);
        if (who.Port != 0)
        {
            writer.Byte(Field3Varint);
            writer.Varint((uint)who.Port);
        }
        writer.Field(Field4Bytes, protocol);
        if (who.Uid != 0)
        {
            writer.Byte(Field2Fixed);
            writer.Fixed64((ulong)who.Uid);
        }
        if (who.Offers != Offers.None)
        {
            writer.Varint(Field100Varint);
            writer.Varint((uint)who.Offers);
        }
        return body;
    }
}
