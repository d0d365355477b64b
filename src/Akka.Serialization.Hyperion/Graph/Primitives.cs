using System.Buffers.Binary;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>The values that have a manifest of their own: how each is written, read, and put into arrays.</summary>
internal static class Primitives
{
    private static readonly Dictionary<Type, Manifest> Manifests = new()
    {
        [typeof(long)] = Manifest.Long, [typeof(short)] = Manifest.Short, [typeof(byte)] = Manifest.Byte,
        [typeof(DateTime)] = Manifest.DateTime, [typeof(bool)] = Manifest.Bool, [typeof(string)] = Manifest.String,
        [typeof(int)] = Manifest.Int, [typeof(DateTimeOffset)] = Manifest.DateTimeOffset, [typeof(Guid)] = Manifest.Guid,
        [typeof(float)] = Manifest.Float, [typeof(double)] = Manifest.Double, [typeof(decimal)] = Manifest.Decimal,
        [typeof(char)] = Manifest.Char, [typeof(ushort)] = Manifest.UShort, [typeof(uint)] = Manifest.UInt,
        [typeof(ulong)] = Manifest.ULong, [typeof(sbyte)] = Manifest.SByte,
    };

    private static readonly Dictionary<Manifest, Type> Types = Manifests.ToDictionary(row => row.Value, row => row.Key);

    /// <summary>Null if values of the type have no manifest of their own.</summary>
    public static Manifest? Of(Type type) => Manifests.TryGetValue(type, out Manifest manifest) ? manifest : null;

    public static Type? TypeOf(Manifest manifest) => Types.GetValueOrDefault(manifest);

    /// <summary>Bytes of a value without its manifest; of a text, the least.</summary>
    public static int Size(Manifest manifest) => manifest switch
    {
        Manifest.Long or Manifest.ULong or Manifest.Double => 8,
        Manifest.Int or Manifest.UInt or Manifest.Float => 4,
        Manifest.Short or Manifest.UShort or Manifest.Char => 2,
        Manifest.DateTime => 9,
        Manifest.DateTimeOffset or Manifest.Guid or Manifest.Decimal => 16,
        _ => 1,
    };

    public static void Write(ref ByteSink sink, Manifest manifest, object value)
    {
        switch (manifest)
        {
            case Manifest.Long: sink.Int64((long)value); break;
            case Manifest.ULong: sink.Int64((long)(ulong)value); break;
            case Manifest.Int: sink.Int32((int)value); break;
            case Manifest.UInt: sink.Int32((int)(uint)value); break;
            case Manifest.Short: sink.UInt16((ushort)(short)value); break;
            case Manifest.UShort: sink.UInt16((ushort)value); break;
            case Manifest.Char: sink.UInt16((char)value); break;
            case Manifest.Byte: sink.Byte((byte)value); break;
            case Manifest.SByte: sink.Byte((byte)(sbyte)value); break;
            case Manifest.Bool: sink.Byte((bool)value ? (byte)1 : (byte)0); break;
            case Manifest.Float: BinaryPrimitives.WriteSingleLittleEndian(sink.Room(4), (float)value); break;
            case Manifest.Double: BinaryPrimitives.WriteDoubleLittleEndian(sink.Room(8), (double)value); break;
            case Manifest.String: sink.Text((string)value); break;
            case Manifest.Guid: ((Guid)value).TryWriteBytes(sink.Room(16)); break;
            case Manifest.Decimal: Write(ref sink, (decimal)value); break;
            case Manifest.DateTime: Write(ref sink, (DateTime)value); break;
            case Manifest.DateTimeOffset: Write(ref sink, (DateTimeOffset)value); break;
            default: throw new ArgumentOutOfRangeException(nameof(manifest), manifest, "This is no primitive.");
        }
    }

    private static void Write(ref ByteSink sink, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (int part in parts) sink.Int32(part);
    }

    private static void Write(ref ByteSink sink, DateTime value)
    {
        sink.Int64(value.Ticks);
        sink.Byte((byte)value.Kind);
    }

    private static void Write(ref ByteSink sink, DateTimeOffset value)
    {
        sink.Int64(value.Ticks);
        sink.Int64(value.Offset.Ticks);
    }

    /// <returns>Null for a null text.</returns>
    public static object? Read(ByteSource source, Manifest manifest) => manifest switch
    {
        Manifest.Long => source.Int64(),
        Manifest.ULong => (ulong)source.Int64(),
        Manifest.Int => source.Int32(),
        Manifest.UInt => (uint)source.Int32(),
        Manifest.Short => (short)source.UInt16(),
        Manifest.UShort => source.UInt16(),
        Manifest.Char => (char)source.UInt16(),
        Manifest.Byte => source.Byte(),
        Manifest.SByte => (sbyte)source.Byte(),
        Manifest.Bool => source.Byte() != 0,
        Manifest.Float => BinaryPrimitives.ReadSingleLittleEndian(source.Take(4)),
        Manifest.Double => BinaryPrimitives.ReadDoubleLittleEndian(source.Take(8)),
        Manifest.String => source.Text(),
        Manifest.Guid => new Guid(source.Take(16)),
        Manifest.Decimal => ReadDecimal(source),
        Manifest.DateTime => ReadDateTime(source),
        Manifest.DateTimeOffset => ReadDateTimeOffset(source),
        _ => throw source.Reject(HyperionReject.UnknownManifest, $"no primitive has the manifest {(byte)manifest}"),
    };

    private static decimal ReadDecimal(ByteSource source)
    {
        Span<int> parts = [source.Int32(), source.Int32(), source.Int32(), source.Int32()];
        int scale = (parts[3] >> 16) & 0xFF;
        bool valid = scale <= 28 && (parts[3] & 0x7F00FFFF) == 0;
        return valid ? new decimal(parts) : throw source.Reject(HyperionReject.ValueOutOfRange, "this is no decimal");
    }

    private static DateTime ReadDateTime(ByteSource source)
    {
        (long ticks, byte kind) = (source.Int64(), source.Byte());
        bool valid = IsTicks(ticks) && kind <= (byte)DateTimeKind.Local;
        return valid
            ? new DateTime(ticks, (DateTimeKind)kind)
            : throw source.Reject(HyperionReject.ValueOutOfRange, "this is no date");
    }

    private static DateTimeOffset ReadDateTimeOffset(ByteSource source)
    {
        (long ticks, long offset) = (source.Int64(), source.Int64());
        bool valid = IsTicks(ticks) && offset % TimeSpan.TicksPerMinute == 0 &&
            Math.Abs((decimal)offset) <= 14 * TimeSpan.TicksPerHour && IsTicks(ticks - offset);
        return valid
            ? new DateTimeOffset(ticks, new TimeSpan(offset))
            : throw source.Reject(HyperionReject.ValueOutOfRange, "this is no date with an offset");
    }

    private static bool IsTicks(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
}
