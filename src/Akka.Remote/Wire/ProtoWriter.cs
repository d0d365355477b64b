using System.Buffers.Binary;
using System.Numerics;

namespace Akka.Remote.Wire;

/// <summary>Writes protobuf fields into a span that is known to be large enough: sizes are computed first, because
/// every sub-message is preceded by its length.</summary>
internal ref struct ProtoWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _position;

    public readonly int Written => _position;

    /// <summary>How many bytes a varint takes: 7 bits each, at least one.</summary>
    public static int VarintBytes(ulong value) => value < 0x80 ? 1 : (BitOperations.Log2(value) + 7) / 7;

    /// <summary>Size of a string, bytes or sub-message field whose tag takes one byte.</summary>
    public static int FieldBytes(int length) => 1 + VarintBytes((uint)length) + length;

    public void Byte(byte value) => _target[_position++] = value;

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _target[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _target[_position++] = (byte)value;
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_target[_position..], value);
        _position += sizeof(ulong);
    }

    /// <summary>Tag and length; the content follows.</summary>
    public void Header(byte tag, int length)
    {
        Byte(tag);
        Varint((uint)length);
    }

    public void Field(byte tag, ReadOnlySpan<byte> content)
    {
        Header(tag, content.Length);
        Bytes(content);
    }

    /// <summary>Content alone.</summary>
    public void Bytes(ReadOnlySpan<byte> content)
    {
        content.CopyTo(_target[_position..]);
        _position += content.Length;
    }
}
