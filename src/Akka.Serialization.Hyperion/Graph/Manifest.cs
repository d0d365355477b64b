namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// The byte in front of every value. The numbers of <see cref="Long"/> to <see cref="SByte"/> are also the element byte
/// of a <see cref="PrimitiveArray"/>, whose values then follow without manifests. All numbers are little-endian.
/// </summary>
internal enum Manifest : byte
{
    /// <summary>Nothing follows.</summary>
    Null = 0,

    /// <summary>A bare <c>System.Object</c>: nothing follows.</summary>
    Object = 1,

    Long = 2,
    Short = 3,
    Byte = 4,

    /// <summary>8 bytes of ticks, 1 of the kind.</summary>
    DateTime = 5,

    Bool = 6,

    /// <summary>
    /// A text: one byte b of 0 (null), 1 to 254 (b - 1 bytes of UTF-8 follow), or 255 (an int32 of the number of bytes
    /// follows, and then they).
    /// </summary>
    String = 7,

    Int = 8,

    /// <summary>An int32 of the length, and the bytes.</summary>
    Bytes = 9,

    /// <summary>8 bytes of ticks as the clock on the wall shows them, 8 of the offset's ticks.</summary>
    DateTimeOffset = 10,

    Guid = 11,
    Float = 12,
    Double = 13,

    /// <summary>Four int32, as <see cref="decimal.GetBits(decimal)"/> has them.</summary>
    Decimal = 14,

    /// <summary>One unit of UTF-16.</summary>
    Char = 15,

    /// <summary>A type as a value: its name, as a text.</summary>
    Type = 16,

    UShort = 17,
    UInt = 18,
    ULong = 19,
    SByte = 20,

    /// <summary>int32 length and name of the type, one byte of the number of fields, int32 length and name of each;
    /// then the object.</summary>
    NamedWithFields = 251,

    /// <summary>One byte of the elements' manifest, an int32 of their number, the bare values.</summary>
    PrimitiveArray = 252,

    /// <summary>An int32: the number of an object met before in this message.</summary>
    Reference = 253,

    /// <summary>A uint16: the number of a type named before in this message; then the object.</summary>
    KnownType = 254,

    /// <summary>As <see cref="NamedWithFields"/>, without the fields' names.</summary>
    Named = 255,
}
