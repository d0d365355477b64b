using System.Collections.Immutable;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Node;

/// <summary>A member as the rules of greeting see it.</summary>
/// <param name="IsLiving">Reachable, and not on its way out.</param>
internal readonly record struct KnownNode(
    string? Alias, string Address, string Host, int Port, long Uid, bool IsLiving);

/// <summary>How a hello is answered.</summary>
internal static class Greeting
{
    /// <param name="hello">What was said.</param>
    /// <param name="from">The address of who said it.</param>
    /// <param name="own">This node's alias.</param>
    /// <param name="uid">This node's incarnation.</param>
    /// <param name="members">The members this node knows, itself included; empty if it is in no cluster.</param>
    /// <param name="isLeaving">Whether this node is on its way out.</param>
    /// <returns>A <see cref="ClusterProtocol.HelloAck"/> or <see cref="ClusterProtocol.HelloRefused"/>.</returns>
    public static IWireMessage Answer(
        ClusterProtocol.Hello hello, string from,
        string own, long uid, ImmutableArray<KnownNode> members, bool isLeaving)
    {
        if (!Alias.IsValid(hello.Alias)) return Refused(JoinRefusal.BadAlias, own);
        if (hello.Joining)
        {
            if (isLeaving) return Refused(JoinRefusal.Leaving, own);
            if (members.IsEmpty) return Refused(JoinRefusal.NoCluster, own);
            if (HolderOf(hello.Alias, from, members) is { } holder)
            {
                return Refused(JoinRefusal.AliasTaken, holder.Address);
            }
        }
        return new ClusterProtocol.HelloAck(own, uid,
        [
            .. members.Where(member => member.Alias is not null)
                .Select(member => new NodeAddress(member.Alias!, member.Host, member.Port)),
        ], hello.Attempt);

        ClusterProtocol.HelloRefused Refused(JoinRefusal reason, string detail) => new(reason, detail, hello.Attempt);
    }

    // A node that comes from a member's own address is that member started again: the old one is dead.
    private static KnownNode? HolderOf(string alias, string from, ImmutableArray<KnownNode> members) => members
        .Where(member => member.Alias == alias && member.IsLiving && member.Address != from)
        .Select(member => (KnownNode?)member)
        .FirstOrDefault();
}
