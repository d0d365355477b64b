using System.Security.Cryptography;
using System.Text;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// One life of one node: its address together with the random number it drew when its actor system started. A process
/// that restarts on the same port has the same address and another <see cref="Uid"/>, and so is another node.
/// </summary>
/// <remarks>
/// Nodes sort by host (ordinal), then port, then uid. Every node of a cluster must sort alike, because the first of
/// the order leads.
/// </remarks>
public sealed class UniqueAddress : IEquatable<UniqueAddress>, IComparable<UniqueAddress>, IComparable
{
    private string? _clockName;

    public UniqueAddress(Address address, int uid)
    {
        Address = address;
        Uid = uid;
    }

    public Address Address { get; }

    /// <summary>Between 0 and 2^31-1, chosen once per life of the actor system.</summary>
    public int Uid { get; }

    /// <summary>
    /// How vector clocks name this node: upper-case hex MD5 of <c>address-uid</c>. Peers recompute it to prune the
    /// entry of a removed node, so every node must form it in this way.
    /// </summary>
    internal string ClockName => _clockName ??= ClockNameOf($"{Address}-{Uid}");

    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);

    public int CompareTo(UniqueAddress? other)
    {
        if (other is null) return 1;
        int byAddress = CompareAddresses(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as UniqueAddress);

    public bool Equals(UniqueAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Address.Equals(other.Address));

    public override bool Equals(object? obj) => obj is UniqueAddress other && Equals(other);

    public override int GetHashCode() => Uid;

    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";

    /// <summary>Host by ordinal, then port by number: the order in which members lead.</summary>
    internal static int CompareAddresses(Address left, Address right)
    {
        if (ReferenceEquals(left, right)) return 0;
        int byHost = string.CompareOrdinal(left.Host, right.Host);
        return byHost != 0 ? byHost : (left.Port ?? 0).CompareTo(right.Port ?? 0);
    }

    private static string ClockNameOf(string text) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
