using Akka.Cluster.Serialization;
using Akka.Cluster.Serialization.Proto;
using Google.Protobuf;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Bytes of cluster messages that can be compared: Akka.NET writes marks and observers in the order of its
/// hash sets, which carries no meaning.</summary>
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

        if (manifest != ClusterMessageCodec.WelcomeManifest) return bytes;
        WelcomeProto welcome = WelcomeProto.Parser.ParseFrom(bytes);
        Sorted(welcome.Gossip);
        return welcome.ToByteArray();
    }

    private static GossipProto Sorted(GossipProto gossip)
    {
        int[] seen = [.. gossip.Overview.Seen.Order()];
        ObserverProto[] observers =
            [.. gossip.Overview.ObserverReachability.OrderBy(observer => observer.AddressIndex)];
        gossip.Overview.Seen.Clear();
        gossip.Overview.Seen.Add(seen);
        gossip.Overview.ObserverReachability.Clear();
        gossip.Overview.ObserverReachability.Add(observers);
        return gossip;
    }
}
