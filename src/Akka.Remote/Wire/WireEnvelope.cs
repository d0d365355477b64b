namespace Akka.Remote.Wire;

/// <summary>
/// One message under way, still as bytes. The spans point into the frame or into what the sender has cached.
/// </summary>
internal readonly ref struct WireEnvelope
{
    /// <summary>The number of an ordinary message. A missing number means 0, the first of the reliable ones, so that a
    /// sender which leaves it out loses everything after its first message.</summary>
    public const long Unsequenced = -1;

    /// <summary>Full path of the recipient, UTF-8.</summary>
    public ReadOnlySpan<byte> Recipient { get; init; }

    /// <summary>Full path of the sender; empty for none.</summary>
    public ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>What the serializer made of the message.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    public int SerializerId { get; init; }

    /// <summary>Empty when the serializer has none.</summary>
    public ReadOnlySpan<byte> Manifest { get; init; }

    /// <summary>The number of a system message, or <see cref="Unsequenced"/>.</summary>
    public long Sequence { get; init; }

    public bool IsSequenced => Sequence != Unsequenced;
}

/// <summary>The payload of a PDU: an acknowledgement, a message, or both. Fields, because an envelope is large to
/// copy.</summary>
internal ref struct Container
{
    public Ack? Ack;

    public bool HasEnvelope;

    public WireEnvelope Envelope;
}
