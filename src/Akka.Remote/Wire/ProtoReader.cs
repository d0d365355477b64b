using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>
/// Reads protobuf fields off a span without allocating, for the messages that every frame consists of. Malformed bytes
/// never throw: they set <see cref="Failed"/> and end the message.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private const int TooManyVarintBits = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public bool Failed { get; private set; }

    /// <summary>The tag of the next field (number times 8 plus wire type), or 0 at the end and after a
    /// failure.</summary>
    public uint NextTag()
    {
        if (Failed || _position == _bytes.Length) return 0;
        // Fields 1 to 15: one byte, and no field has the number 0.
        if (_bytes[_position] is >= 8 and < 0x80) return _bytes[_position++];
        ulong tag = Varint();
        if (!Failed && (tag is 0 or > uint.MaxValue || tag >> 3 == 0)) Fail();
        return Failed ? 0 : (uint)tag;
    }

    public ulong Varint()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80) return _bytes[_position++];
        return LongVarint();
    }

    public ulong Fixed64()
    {
        ReadOnlySpan<byte> eight = Take(sizeof(ulong));
        return Failed ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }

    /// <summary>A string, bytes or sub-message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = Varint();
        if (length <= (ulong)(_bytes.Length - _position)) return Take((int)length);
        Fail();
        return default;
    }

    /// <summary>Steps over a field that the reader does not know. Groups went out with proto2 and count as
    /// malformed.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case ProtoTag.Varint: Varint(); break;
            case ProtoTag.Fixed64: Take(8); break;
            case ProtoTag.Bytes: Bytes(); break;
            case ProtoTag.Fixed32: Take(4); break;
            default: Fail(); break;
        }
    }

    private ulong LongVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < TooManyVarintBits; shift += 7)
        {
            if (_position >= _bytes.Length) break;
            byte next = _bytes[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        Fail();
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _bytes.Length - _position)
        {
            Fail();
            return default;
        }
        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private void Fail() => Failed = true;
}

/// <summary>Wire types of protobuf, and how a tag is made of a field number and one of them.</summary>
internal static class ProtoTag
{
    public const uint Varint = 0;
    public const uint Fixed64 = 1;
    public const uint Bytes = 2;
    public const uint Fixed32 = 5;
}
