using Akka.Cluster.Serialization;
using Akka.Cluster.Serialization.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Bytes of cluster messages that can be compared: Akka.NET writes marks, observers and roles in the order of
/// its hash sets, which carries no meaning.</summary>
internal static class GossipOrder
{
    public static byte[] Sorted(string manifest, byte[] bytes)
    {
        if (manifest == ClusterMessageCodec.GossipEnvelopeManifest)
        {
            GossipEnvelopeProto envelope = GossipEnvelopeProto.Parser.ParseFrom(bytes);
            envelope.SerializedGossip = Sorted(GossipProto.Parser.ParseFrom(envelope.SerializedGossip)).ToByteString();
            return envelope.ToByteArray();
        }

        if (manifest == ClusterMessageCodec.JoinManifest)
        {
            JoinProto join = JoinProto.Parser.ParseFrom(bytes);
            Sort(join.Roles, StringComparer.Ordinal);
            return join.ToByteArray();
        }

        if (manifest != ClusterMessageCodec.WelcomeManifest) return bytes;
        WelcomeProto welcome = WelcomeProto.Parser.ParseFrom(bytes);
        Sorted(welcome.Gossip);
        return welcome.ToByteArray();
    }

    private static GossipProto Sorted(GossipProto gossip)
    {
        Sort(gossip.Overview.Seen, Comparer<int>.Default);
        Sort(gossip.Overview.ObserverReachability,
            Comparer<ObserverProto>.Create((left, right) => left.AddressIndex.CompareTo(right.AddressIndex)));
        string[] roles = [.. gossip.AllRoles];
        Sort(gossip.AllRoles, StringComparer.Ordinal);
        foreach (MemberProto member in gossip.Members)
        {
            int[] sorted = [.. member.RolesIndexes.Select(index => gossip.AllRoles.IndexOf(roles[index])).Order()];
            member.RolesIndexes.Clear();
            member.RolesIndexes.Add(sorted);
        }

        return gossip;
    }

    private static void Sort<T>(RepeatedField<T> field, IComparer<T> order)
    {
        T[] sorted = [.. field.Order(order)];
        field.Clear();
        field.Add(sorted);
    }
}
