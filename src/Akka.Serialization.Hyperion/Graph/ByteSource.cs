using System.Buffers.Binary;
using System.Text;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>The bytes of one message, read from front to back. Every read is checked against what is left; nothing is
/// allocated for a length that the rest cannot hold.</summary>
internal sealed class ByteSource(byte[] bytes)
{
    private int _position;

    private int Left => bytes.Length - _position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A number of things of which each takes at least <paramref name="least"/> bytes.</summary>
    public int Count(int least)
    {
        int count = Int32();
        if (count < 0 || (long)count * least > Left)
        {
            throw Reject(HyperionReject.CountOutOfRange, $"{count} values of {least} or more bytes, but {Left} are left");
        }

        return count;
    }

    /// <summary>The lengths of an array of several dimensions, whose product is a <see cref="Count"/>.</summary>
    public int[] Lengths(int rank, int least)
    {
        var lengths = new int[rank];
        long product = 1;
        for (int i = 0; i < rank; i++)
        {
            lengths[i] = Count(least: 0);
            // 2^31 of nothing is nothing, but arrays of such shapes are nobody's message.
            product = checked(product * Math.Max(1, lengths[i]));
            if (product * least > bytes.Length)
            {
                throw Reject(HyperionReject.CountOutOfRange, $"{product} or more elements in {bytes.Length} bytes");
            }
        }

        return lengths;
    }

    public string? Text()
    {
        byte first = Byte();
        if (first == 0) return null;
        int length = first < byte.MaxValue ? first - 1 : Count(least: 1);
        return Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A name: its length as an int32, and UTF-8.</summary>
    public ReadOnlySpan<byte> Name() => Take(Count(least: 1));

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left)
        {
            throw Reject(HyperionReject.Truncated, $"{length} more bytes belong to the value, but {Left} are left");
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(_position, length);
        _position += length;
        return taken;
    }

    /// <summary>Goes past the given bytes if they come next.</summary>
    public bool TrySkip(ReadOnlySpan<byte> expected)
    {
        if (!bytes.AsSpan(_position).StartsWith(expected)) return false;
        _position += expected.Length;
        return true;
    }

    public void End()
    {
        if (Left > 0) throw Reject(HyperionReject.Leftover, $"{Left} bytes are left over");
    }

    public HyperionException Reject(HyperionReject reason, string detail) =>
        new(reason, $"At byte {_position} of {bytes.Length}: {detail} ({reason}).");
}
