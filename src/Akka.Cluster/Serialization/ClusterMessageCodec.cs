using System.Runtime.Serialization;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization.Proto;
using Akka.Util;
using Google.Protobuf;

namespace Akka.Cluster.Serialization;

/// <summary>Cluster messages to manifest and bytes and back, exactly as Akka.NET 1.5 writes and reads them.</summary>
internal static class ClusterMessageCodec
{
    public const string InitJoinManifest = "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster";
    public const string InitJoinAckManifest = "Akka.Cluster.InternalClusterAction+InitJoinAck, Akka.Cluster";
    public const string InitJoinNackManifest = "Akka.Cluster.InternalClusterAction+InitJoinNack, Akka.Cluster";
    public const string JoinManifest = "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster";
    public const string WelcomeManifest = "Akka.Cluster.InternalClusterAction+Welcome, Akka.Cluster";
    public const string LeaveManifest = "Akka.Cluster.ClusterUserAction+Leave, Akka.Cluster";
    public const string DownManifest = "Akka.Cluster.ClusterUserAction+Down, Akka.Cluster";
    public const string ExitingConfirmedManifest = "Akka.Cluster.InternalClusterAction+ExitingConfirmed, Akka.Cluster";
    public const string GossipEnvelopeManifest = "Akka.Cluster.GossipEnvelope, Akka.Cluster";
    public const string GossipStatusManifest = "Akka.Cluster.GossipStatus, Akka.Cluster";
    public const string HeartbeatManifest = "HB";
    public const string HeartbeatResponseManifest = "HBR";

    // Nodes before 1.5 send these, without number and time. They are always understood, and written for a heartbeat
    // that has no number.
    public const string OldHeartbeatManifest = "Akka.Cluster.ClusterHeartbeatSender+Heartbeat, Akka.Cluster";
    public const string OldHeartbeatResponseManifest =
        "Akka.Cluster.ClusterHeartbeatSender+HeartbeatRsp, Akka.Cluster";

    /// <summary>The number of a heartbeat in the old form.</summary>
    public const long NoSequenceNr = -1;

    public static string Manifest(IClusterMessage message) => message switch
    {
        InitJoin => InitJoinManifest,
        InitJoinAck => InitJoinAckManifest,
        InitJoinNack => InitJoinNackManifest,
        Join => JoinManifest,
        Welcome => WelcomeManifest,
        Leave => LeaveManifest,
        Down => DownManifest,
        ExitingConfirmed => ExitingConfirmedManifest,
        GossipEnvelope => GossipEnvelopeManifest,
        GossipStatus => GossipStatusManifest,
        Heartbeat beat => beat.SequenceNr == NoSequenceNr ? OldHeartbeatManifest : HeartbeatManifest,
        HeartbeatResponse beat =>
            beat.SequenceNr == NoSequenceNr ? OldHeartbeatResponseManifest : HeartbeatResponseManifest,
        _ => throw new ArgumentException($"{message.GetType()} is not a cluster message.", nameof(message)),
    };

    public static byte[] ToBytes(IClusterMessage message) => message switch
    {
        InitJoin => [],
        InitJoinAck ack => GossipCodec.ToProto(ack.Address).ToByteArray(),
        InitJoinNack nack => GossipCodec.ToProto(nack.Address).ToByteArray(),
        Join join => ToProto(join).ToByteArray(),
        Welcome welcome => new WelcomeProto
        {
            From = GossipCodec.ToProto(welcome.From), Gossip = GossipCodec.ToProto(welcome.Gossip),
        }.ToByteArray(),
        Leave leave => GossipCodec.ToProto(leave.Address).ToByteArray(),
        Down down => GossipCodec.ToProto(down.Address).ToByteArray(),
        ExitingConfirmed confirmed => GossipCodec.ToProto(confirmed.Node).ToByteArray(),
        GossipEnvelope envelope => new GossipEnvelopeProto
        {
            From = GossipCodec.ToProto(envelope.From),
            To = GossipCodec.ToProto(envelope.To),
            SerializedGossip = GossipCodec.ToProto(envelope.Gossip).ToByteString(),
        }.ToByteArray(),
        GossipStatus status => ToProto(status).ToByteArray(),
        Heartbeat beat => ToBytes(beat),
        HeartbeatResponse beat => ToBytes(beat),
        _ => throw new ArgumentException($"{message.GetType()} is not a cluster message.", nameof(message)),
    };

    /// <exception cref="SerializationException">The manifest is unknown, or what the message says cannot be.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not what the manifest says.</exception>
    public static IClusterMessage FromBytes(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case HeartbeatManifest:
                HeartbeatProto beat = HeartbeatProto.Parser.ParseFrom(bytes);
                return new Heartbeat(
                    GossipCodec.FromProto(beat.From), Numbered(beat.SequenceNr), beat.CreationTime);
            case HeartbeatResponseManifest:
                HeartbeatResponseProto answer = HeartbeatResponseProto.Parser.ParseFrom(bytes);
                return new HeartbeatResponse(
                    GossipCodec.FromProto(answer.From), Numbered(answer.SequenceNr), answer.CreationTime);
            case OldHeartbeatManifest:
                return new Heartbeat(Address(bytes), NoSequenceNr, 0);
            case OldHeartbeatResponseManifest:
                return new HeartbeatResponse(Node(bytes), NoSequenceNr, 0);
            case GossipEnvelopeManifest:
                GossipEnvelopeProto envelope = GossipEnvelopeProto.Parser.ParseFrom(bytes);
                return OfOneSystem(
                    new GossipEnvelope(GossipCodec.FromProto(envelope.From), GossipCodec.FromProto(envelope.To),
                        GossipCodec.FromProto(GossipProto.Parser.ParseFrom(envelope.SerializedGossip))));
            case GossipStatusManifest:
                GossipStatusProto status = GossipStatusProto.Parser.ParseFrom(bytes);
                return new GossipStatus(
                    GossipCodec.FromProto(status.From), GossipCodec.FromProto(status.Version, status.AllHashes));
            case WelcomeManifest:
                WelcomeProto welcome = WelcomeProto.Parser.ParseFrom(bytes);
                return OfOneSystem(
                    new Welcome(GossipCodec.FromProto(welcome.From), GossipCodec.FromProto(welcome.Gossip)));
            case JoinManifest: return FromProto(JoinProto.Parser.ParseFrom(bytes));
            case InitJoinManifest: return InitJoin.Instance;
            case InitJoinAckManifest: return new InitJoinAck(Address(bytes));
            case InitJoinNackManifest: return new InitJoinNack(Address(bytes));
            case LeaveManifest: return new Leave(Address(bytes));
            case DownManifest: return new Down(Address(bytes));
            case ExitingConfirmedManifest: return new ExitingConfirmed(Node(bytes));
            default:
                throw new SerializationException($"Unknown manifest of a cluster message: '{manifest}'.");
        }
    }

    // The old form has no number, and who answers in the new one to it would not be understood.
    private static long Numbered(long sequenceNr) => sequenceNr >= 0
        ? sequenceNr
        : throw GossipCodec.Malformed($"No heartbeat has the number {sequenceNr}.");

    private static GossipEnvelope OfOneSystem(GossipEnvelope envelope)
    {
        GossipCodec.RequireOneSystem(envelope.From.Address, envelope.To.Address);
        RequireOneSystem(envelope.From, envelope.Gossip);
        return envelope;
    }

    private static Welcome OfOneSystem(Welcome welcome)
    {
        RequireOneSystem(welcome.From, welcome.Gossip);
        return welcome;
    }

    private static void RequireOneSystem(UniqueAddress from, Gossip gossip)
    {
        if (gossip.Members is [var first, ..]) GossipCodec.RequireOneSystem(from.Address, first.Address);
    }

    private static Actor.Address Address(byte[] bytes) => GossipCodec.FromProto(AddressProto.Parser.ParseFrom(bytes));

    private static UniqueAddress Node(byte[] bytes) =>
        GossipCodec.FromProto(UniqueAddressProto.Parser.ParseFrom(bytes));

    private static JoinProto ToProto(Join join)
    {
        Joiner joiner = join.Joiner;
        var proto = new JoinProto { Node = GossipCodec.ToProto(joiner.Node), AppVersion = joiner.AppVersion.Version };
        proto.Roles.Add(joiner.Roles.Order(StringComparer.Ordinal));
        return proto;
    }

    private static Join FromProto(JoinProto proto) => new(new Joiner(
        GossipCodec.FromProto(proto.Node),
        [.. proto.Roles],
        GossipCodec.VersionOf(proto.AppVersion)));

    private static GossipStatusProto ToProto(GossipStatus status)
    {
        var proto =
            new GossipStatusProto { From = GossipCodec.ToProto(status.From), Version = new VectorClockProto() };
        GossipCodec.AddClock(status.Version, proto.AllHashes, proto.Version);
        return proto;
    }

    private static byte[] ToBytes(Heartbeat beat) => beat.SequenceNr == NoSequenceNr
        ? GossipCodec.ToProto(beat.From).ToByteArray()
        : new HeartbeatProto
        {
            From = GossipCodec.ToProto(beat.From), SequenceNr = beat.SequenceNr, CreationTime = beat.CreationTimeNanos,
        }.ToByteArray();

    private static byte[] ToBytes(HeartbeatResponse beat) => beat.SequenceNr == NoSequenceNr
        ? GossipCodec.ToProto(beat.From).ToByteArray()
        : new HeartbeatResponseProto
        {
            From = GossipCodec.ToProto(beat.From), SequenceNr = beat.SequenceNr, CreationTime = beat.CreationTimeNanos,
        }.ToByteArray();
}
