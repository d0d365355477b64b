using System.Collections.Immutable;

namespace Akka.Remote.Wire;

/// <summary>What a receiver has of the sequenced messages.</summary>
/// <param name="Cumulative">The highest number ever received; -1 for none. It is signed: read as unsigned, a peer that
/// has received nothing yet seems to acknowledge messages from the far future.</param>
/// <param name="Nacks">The numbers below it that are missing.</param>
internal readonly record struct Ack(long Cumulative, ImmutableArray<long> Nacks)
{
    public bool Equals(Ack other) =>
        Cumulative == other.Cumulative && Nacks.AsSpan().SequenceEqual(other.Nacks.AsSpan());

    public override int GetHashCode() => Cumulative.GetHashCode();

    public override string ToString() => Nacks.IsDefaultOrEmpty
        ? $"ack {Cumulative}"
        : $"ack {Cumulative}, missing {string.Join(' ', Nacks)}";
}
