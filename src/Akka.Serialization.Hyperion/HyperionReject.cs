using System.Runtime.Serialization;

namespace Akka.Serialization.Hyperion;

/// <summary>Why bytes are no value of Hyperion, or a value cannot be written. (A type name that is not allowed is a
/// <see cref="WireTypeRefusedException"/>.)</summary>
public enum HyperionReject
{
    /// <summary>The bytes end within a value.</summary>
    Truncated,

    /// <summary>Bytes are left over after the value.</summary>
    Leftover,

    /// <summary>No value begins with this byte.</summary>
    UnknownManifest,

    /// <summary>A count or length is negative, or more than the bytes that are left can hold.</summary>
    CountOutOfRange,

    /// <summary>A back reference to an object that has not come.</summary>
    UnknownReference,

    /// <summary>A type's number that has not been given, or one too many.</summary>
    UnknownTypeNumber,

    /// <summary>A number that its type does not have, such as a date in the year 20,000.</summary>
    ValueOutOfRange,

    /// <summary>A value that does not fit where it stands; the same key twice.</summary>
    WrongType,

    /// <summary>Objects in objects beyond <see cref="HyperionSerializer.DeepestNesting"/>.</summary>
    TooDeep,

    /// <summary>A key or an element of a set that unfolds to more than
    /// <see cref="HyperionSerializer.LargestKey"/> values.</summary>
    KeyTooLarge,

    /// <summary>A kind of object that means nothing in another process: delegates, threads, handles and the
    /// like.</summary>
    Unportable,
}

/// <summary>Bytes that are no value of Hyperion, or a value that Hyperion cannot write.</summary>
public sealed class HyperionException(HyperionReject reason, string message) : SerializationException(message)
{
    public HyperionReject Reason { get; } = reason;
}
