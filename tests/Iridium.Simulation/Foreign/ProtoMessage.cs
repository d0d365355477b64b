using System.Buffers.Binary;
using System.Text;

namespace Iridium.Simulation.Foreign;

/// <summary>
/// A protobuf message by hand: a list of numbered fields, read from bytes or put together. It knows the wire types and
/// nothing of any schema, so it cannot share a mistake with the engine's codecs.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<Field> _fields = [];

    private readonly record struct Field(int Number, int WireType, ulong Value, byte[] Bytes);

    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtoMessage();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = ReadVarint(bytes, ref at);
            int wireType = (int)(tag & 7);
            ulong value = 0;
            byte[] content = [];
            if (wireType == 0) value = ReadVarint(bytes, ref at);
            else if (wireType == 1) value = BinaryPrimitives.ReadUInt64LittleEndian(Cut(bytes, ref at, 8));
            else if (wireType == 2) content = Cut(bytes, ref at, (int)ReadVarint(bytes, ref at)).ToArray();
            else if (wireType == 5) value = BinaryPrimitives.ReadUInt32LittleEndian(Cut(bytes, ref at, 4));
            else throw new FormatException($"wire type {wireType}");
            message._fields.Add(new Field((int)(tag >> 3), wireType, value, content));
        }
        return message;
    }

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Number(int number) => Last(number).Value;

    public int Int(int number) => (int)Number(number);

    public byte[] Bytes(int number) => Last(number).Bytes ?? [];

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public ProtoMessage Message(int number) => Parse(Bytes(number));

    public IEnumerable<ProtoMessage> Messages(int number) =>
        _fields.Where(field => field.Number == number).Select(field => Parse(field.Bytes));

    public IEnumerable<string> Texts(int number) =>
        _fields.Where(field => field.Number == number).Select(field => Encoding.UTF8.GetString(field.Bytes));

    /// <summary>A repeated whole number, packed or not.</summary>
    public IEnumerable<int> Ints(int number)
    {
        foreach (Field field in _fields.Where(field => field.Number == number))
        {
            if (field.WireType == 0) yield return (int)field.Value;
            else
            {
                int at = 0;
                while (at < field.Bytes.Length) yield return (int)ReadVarint(field.Bytes, ref at);
            }
        }
    }

    /// <summary>A whole number; 0 is not written.</summary>
    public ProtoMessage With(int number, ulong value)
    {
        if (value != 0) _fields.Add(new Field(number, 0, value, []));
        return this;
    }

    public ProtoMessage WithFixed(int number, ulong value)
    {
        if (value != 0) _fields.Add(new Field(number, 1, value, []));
        return this;
    }

    public ProtoMessage With(int number, byte[] bytes)
    {
        _fields.Add(new Field(number, 2, 0, bytes));
        return this;
    }

    public ProtoMessage With(int number, string text) => text.Length == 0 ? this : With(number, Encoding.UTF8.GetBytes(text));

    public ProtoMessage With(int number, ProtoMessage message) => With(number, message.ToBytes());

    public ProtoMessage WithPacked(int number, IEnumerable<int> values)
    {
        List<byte> packed = [];
        foreach (int value in values) WriteVarint(packed, (ulong)value);
        return packed.Count == 0 ? this : With(number, packed.ToArray());
    }

    /// <summary>The fields of another message, except those of the given number.</summary>
    public ProtoMessage WithAllBut(ProtoMessage other, int number)
    {
        _fields.AddRange(other._fields.Where(field => field.Number != number));
        return this;
    }

    public byte[] ToBytes()
    {
        List<byte> bytes = [];
        Span<byte> fixedBytes = stackalloc byte[8];
        foreach (Field field in _fields)
        {
            WriteVarint(bytes, ((ulong)field.Number << 3) | (uint)field.WireType);
            if (field.WireType == 0) WriteVarint(bytes, field.Value);
            else if (field.WireType == 2)
            {
                WriteVarint(bytes, (ulong)field.Bytes.Length);
                bytes.AddRange(field.Bytes);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(fixedBytes, field.Value);
                bytes.AddRange(fixedBytes[..(field.WireType == 1 ? 8 : 4)]);
            }
        }
        return [.. bytes];
    }

    private Field Last(int number) => _fields.FindLast(field => field.Number == number);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, ref int at, int count)
    {
        if (count < 0 || count > bytes.Length - at) throw new FormatException("a field runs past the end");
        ReadOnlySpan<byte> cut = bytes.Slice(at, count);
        at += count;
        return cut;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length) throw new FormatException("a number runs past the end");
            byte part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new FormatException("a number is longer than ten bytes");
    }

    private static void WriteVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
