using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Serializer 0: null, which has no bytes.</summary>
public sealed class NullSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 0;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object? obj) => [];

    public override object? FromBinary(byte[] bytes, Type? type) => null;
}

/// <summary>Serializer 4: bytes, as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4;

    public override bool IncludeManifest => false;

    /// <exception cref="NotSupportedException">The object is not an array of bytes.</exception>
    public override byte[] ToBinary(object obj) => obj as byte[] ?? throw new NotSupportedException(
        $"{nameof(ByteArraySerializer)} writes byte[] only, not {obj.GetType()}; look at its bindings.");

    public override object FromBinary(byte[] bytes, Type? type) => bytes;
}

/// <summary>
/// Serializer 17: text, <see cref="int"/> and <see cref="long"/>. It reads the letters, the names of this framework
/// and those of the old one; it writes names, unless <c>use-legacy-behavior</c> is off, because nodes of Akka.NET
/// before 1.4.20 know no letters.
/// </summary>
public sealed class PrimitiveSerializers(ExtendedActorSystem system, Config settings)
    : SerializerWithStringManifest(system)
{
    private readonly string _string = NameOf(typeof(string), "S", settings);
    private readonly string _int = NameOf(typeof(int), "I", settings);
    private readonly string _long = NameOf(typeof(long), "L", settings);

    public PrimitiveSerializers(ExtendedActorSystem system) : this(system, Config.Empty)
    {
    }

    public override int Identifier => 17;

    public override string Manifest(object o) => o switch
    {
        string => _string,
        int => _int,
        long => _long,
        _ => throw Unknown(o),
    };

    public override byte[] ToBinary(object obj)
    {
        byte[] bytes;
        switch (obj)
        {
            case string text:
                return Encoding.UTF8.GetBytes(text);
            case int number:
                BinaryPrimitives.WriteInt32LittleEndian(bytes = new byte[sizeof(int)], number);
                return bytes;
            case long number:
                BinaryPrimitives.WriteInt64LittleEndian(bytes = new byte[sizeof(long)], number);
                return bytes;
            default:
                throw Unknown(obj);
        }
    }

    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are too few or too
    /// many.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => KindOf(manifest) switch
    {
        'S' => Encoding.UTF8.GetString(bytes),
        'I' => BinaryPrimitives.ReadInt32LittleEndian(Exactly(bytes, sizeof(int), manifest)),
        'L' => BinaryPrimitives.ReadInt64LittleEndian(Exactly(bytes, sizeof(long), manifest)),
        _ => throw new SerializationException($"{nameof(PrimitiveSerializers)} knows no manifest '{manifest}'."),
    };

    private static string NameOf(Type type, string letter, Config settings) =>
        settings.GetBoolean("use-legacy-behavior", true) ? type.TypeQualifiedName() : letter;

    private static char KindOf(string manifest) => manifest switch
    {
        "S" or "System.String, System.Private.CoreLib" or "System.String, mscorlib" => 'S',
        "I" or "System.Int32, System.Private.CoreLib" or "System.Int32, mscorlib" => 'I',
        "L" or "System.Int64, System.Private.CoreLib" or "System.Int64, mscorlib" => 'L',
        _ => ' ',
    };

    private static byte[] Exactly(byte[] bytes, int length, string manifest) => bytes.Length == length
        ? bytes
        : throw new SerializationException($"{bytes.Length} bytes came for {manifest}, which has {length}.");

    private static NotSupportedException Unknown(object o) =>
        new($"{nameof(PrimitiveSerializers)} writes string, int and long only, not {o.GetType()}; " +
            "look at its bindings.");
}
