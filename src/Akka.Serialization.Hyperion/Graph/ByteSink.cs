using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>The bytes of one message while it is being written, in a borrowed array that grows.</summary>
internal struct ByteSink() : IDisposable
{
    private const int LongText = byte.MaxValue;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(256);
    private int _length;

    public readonly int Length => _length;

    public readonly byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    public void Byte(byte value) => Room(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        if (length < LongText - 1)
        {
            Byte((byte)(length + 1));
        }
        else
        {
            Byte(LongText);
            Int32(length);
        }

        Encoding.UTF8.GetBytes(value, Room(length));
    }

    /// <summary>Writes over an int32 that was written before.</summary>
    public readonly void Patch(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    public Span<byte> Room(int length)
    {
        int end = checked(_length + length);
        if (end > _bytes.Length) Grow(end);
        Span<byte> room = _bytes.AsSpan(_length, length);
        _length = end;
        return room;
    }

    private void Grow(int atLeast)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, _bytes.Length * 2));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
