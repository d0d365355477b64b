using System.Collections.Immutable;
using System.Net;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Serialization.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Tools.PublishSubscribe.Serialization;

/// <summary>What mediators say to each other, as Akka.NET 1.5 writes and reads it.</summary>
public sealed class DistributedPubSubMessageSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    /// <summary>The number that stands for this serializer on the wire.</summary>
    public const int WireId = 9;

    /// <summary>Versions are milliseconds since the year 1; no clock goes further. A bucket that claims to come from
    /// later would never be replaced.</summary>
    private static readonly long HighestVersion = DateTime.MaxValue.Ticks / TimeSpan.TicksPerMillisecond;

    private readonly ExtendedActorSystem _system = system;

    public override int Identifier => WireId;

    public override string Manifest(object o) => o switch
    {
        Status => "A",
        Delta => "B",
        Send => "C",
        SendToAll => "D",
        Publish => "E",
        SendToOneSubscriber => "F",
        _ => throw new ArgumentException($"{o.GetType()} is not a message of distributed pub-sub.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        Status status => ToProto(status),
        Delta delta => ToProto(delta),
        Send send => new SendProto
        {
            Path = send.Path, LocalAffinity = send.LocalAffinity, Payload = Wrap(send.Message),
        },
        SendToAll send => new SendToAllProto
        {
            Path = send.Path, AllButSelf = send.ExcludeSelf, Payload = Wrap(send.Message),
        },
        Publish publish => new PublishProto
        {
            Topic = publish.Topic,
            Payload = Wrap(publish.Message),
            SendOneMessageToEachGroup = publish.SendOneMessageToEachGroup,
        },
        SendToOneSubscriber send => (IMessage)new SendToOneSubscriberProto { Payload = Wrap(send.Message) },
        _ => throw new ArgumentException($"{obj.GetType()} is not a message of distributed pub-sub.", nameof(obj)),
    }).ToByteArray();

    /// <exception cref="SerializationException">The manifest is unknown, or what the message says cannot be.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not what the manifest says.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "A": return FromProto(StatusProto.Parser.ParseFrom(bytes));
            case "B": return FromProto(DeltaProto.Parser.ParseFrom(bytes));
            case "C":
                SendProto send = SendProto.Parser.ParseFrom(bytes);
                return new Send(send.Path, Unwrap(send.Payload), send.LocalAffinity);
            case "D":
                SendToAllProto all = SendToAllProto.Parser.ParseFrom(bytes);
                return new SendToAll(all.Path, Unwrap(all.Payload), all.AllButSelf);
            case "E":
                PublishProto publish = PublishProto.Parser.ParseFrom(bytes);
                return new Publish(publish.Topic, Unwrap(publish.Payload), publish.SendOneMessageToEachGroup);
            case "F": return new SendToOneSubscriber(Unwrap(SendToOneSubscriberProto.Parser.ParseFrom(bytes).Payload));
            default:
                throw new SerializationException($"Unknown manifest of distributed pub-sub: '{manifest}'.");
        }
    }

    private static StatusProto ToProto(Status status)
    {
        var proto = new StatusProto { ReplyToStatus = status.IsReplyToStatus };
        proto.Versions.Add(status.Versions.Select(version => new StatusProto.Types.Version
        {
            Address = ToProto(version.Key), Timestamp = version.Value,
        }));
        return proto;
    }

    private static Status FromProto(StatusProto proto)
    {
        var versions = ImmutableSortedDictionary.CreateBuilder<Address, long>();
        foreach (StatusProto.Types.Version version in proto.Versions)
        {
            Address owner = FromProto(version.Address);
            if (!versions.TryAdd(owner, Version(version.Timestamp)))
                throw new SerializationException($"A status holds two versions of {owner}.");
        }

        return new Status(versions.ToImmutable(), proto.ReplyToStatus);
    }

    private static DeltaProto ToProto(Delta delta)
    {
        var proto = new DeltaProto();
        foreach (Bucket bucket in delta.Buckets)
        {
            var entry = new DeltaProto.Types.Bucket { Owner = ToProto(bucket.Owner), Version = bucket.Version };
            foreach ((string key, Entry value) in bucket.Content)
                entry.Content.Add(key, new DeltaProto.Types.Entry { Version = value.Version, Ref = value.Ref });
            proto.Buckets.Add(entry);
        }

        return proto;
    }

    private static Delta FromProto(DeltaProto proto) => new([
        .. proto.Buckets.Select(bucket => new Bucket(
            FromProto(bucket.Owner),
            Version(bucket.Version),
            bucket.Content.ToImmutableSortedDictionary(
                entry => entry.Key,
                entry => new Entry(Version(entry.Value.Version), entry.Value.Ref),
                StringComparer.Ordinal))),
    ]);

    private static PubSubAddress ToProto(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    private static Address FromProto(PubSubAddress? proto) =>
        proto is { Protocol.Length: > 0, System.Length: > 0, Hostname.Length: > 0, Port: > 0 and <= IPEndPoint.MaxPort }
            ? new Address(proto.Protocol, proto.System, proto.Hostname, (int)proto.Port)
            : throw new SerializationException($"No node can be reached at {proto?.ToString() ?? "nothing"}.");

    private static long Version(long version) => version >= 0 && version <= HighestVersion
        ? version
        : throw new SerializationException($"The version {version} is no time; they go from 0 to {HighestVersion}.");

    private PubSubPayload Wrap(object message)
    {
        Serializer serializer = _system.Serialization.FindSerializerFor(message);
        return new PubSubPayload
        {
            Message = ByteString.CopyFrom(serializer.ToBinary(message)),
            SerializerId = serializer.Identifier,
            Manifest = ByteString.CopyFromUtf8(Akka.Serialization.Serialization.ManifestFor(serializer, message)),
        };
    }

    private object Unwrap(PubSubPayload? payload) =>
        payload is not null && _system.Serialization.Deserialize(
            payload.Message.ToByteArray(), payload.SerializerId, payload.Manifest.ToStringUtf8()) is { } message
            ? message
            : throw new SerializationException("What was to be passed on is missing.");
}
