using System.Runtime.Serialization;

namespace Iridium.Actors.Protocol;

/// <summary>A letter that is not taken; <see cref="Reason"/> says why. The engine logs it and goes on.</summary>
public sealed class WireRejectedException(WireReject reason, string detail)
    : SerializationException($"Letter rejected ({reason}): {detail}.")
{
    public WireReject Reason { get; } = reason;
}
