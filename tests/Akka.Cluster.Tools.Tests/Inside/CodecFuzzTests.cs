using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Tests.Inside;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Cluster.Tools.PublishSubscribe.Serialization.Proto;
using Akka.Cluster.Tools.Singleton.Serialization;
using Google.Protobuf;
using Status = Akka.Cluster.Tools.PublishSubscribe.Status;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>Captured messages of these tools, disturbed: what the serializers let in can be written again, and merged;
/// the rest is refused by name.</summary>
public sealed class CodecFuzzTests : IDisposable
{
    private const int Rounds = 40_000;

    private static readonly PubSubAddress Peer =
        new() { Protocol = "akka.tcp", System = "Cap", Hostname = "127.0.0.1", Port = 8081 };

    private readonly ActorSystem _system = ActorSystem.Create("fuzz", "akka.loglevel = OFF");
    private readonly Random _chance = new(1);
    private readonly DistributedPubSubMessageSerializer _pubSub;

    public CodecFuzzTests() => _pubSub = new DistributedPubSubMessageSerializer((ExtendedActorSystem)_system);

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void What_is_let_in_can_be_written_again()
    {
        (int Serializer, string Manifest, byte[] Bytes)[] captured =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", "tools.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(row => (row.GetProperty("serializer").GetInt32(), row.GetProperty("manifest").GetString()!,
                    Convert.FromHexString(row.GetProperty("hex").GetString()!)))
                .Where(row => row.Item1 == _pubSub.Identifier),
        ];
        TopicRegistry registry = TopicRegistry.Of(Address.Parse("akka.tcp://Cap@127.0.0.1:8089"));
        int letIn = 0;
        for (int round = 0; round < Rounds; round++)
        {
            (_, string manifest, byte[] bytes) = captured[_chance.Next(captured.Length)];
            byte[] disturbed = _chance.Next(2) == 0 ? Disturbed.Bytes(bytes, _chance) : Contradictory(manifest, bytes);
            if (Read(manifest, disturbed) is not { } message) continue;
            letIn++;
            Assert.Equal(manifest, _pubSub.Manifest(message));
            object again = _pubSub.FromBinary(_pubSub.ToBinary(message), manifest);
            Assert.Equal(message.GetType(), again.GetType());
            if (message is Delta delta) registry = registry.Merge(delta.Buckets, _ => true);
            if (message is not Status status) continue;
            registry.IsBehind(status.Versions);
            Read("B", _pubSub.ToBinary(new Delta(registry.DeltaFor(status.Versions, 100, 124_000))), mustBeRead: true);
        }

        Assert.True(letIn > Rounds / 10, $"only {letIn} of {Rounds} were let in");
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        IsRefused("A", new StatusProto { Versions = { new StatusProto.Types.Version { Timestamp = 1 } } });
        IsRefused("A", StatusOf(-1));
        IsRefused("A", StatusOf(long.MaxValue));
        IsRefused("A", StatusOf(1, 2));
        IsRefused("B", new DeltaProto { Buckets = { new DeltaProto.Types.Bucket { Version = 1 } } });
        IsRefused("B", new DeltaProto { Buckets = { new DeltaProto.Types.Bucket { Owner = Peer, Version = -1 } } });
        IsRefused("B", new DeltaProto
        {
            Buckets =
            {
                new DeltaProto.Types.Bucket
                {
                    Owner = Peer, Version = 1, Content = { ["/user/a"] = new DeltaProto.Types.Entry { Version = -1 } },
                },
            },
        });
        IsRefused("B", new DeltaProto
        {
            Buckets = { new DeltaProto.Types.Bucket { Owner = new PubSubAddress(Peer) { Port = 70_000 }, Version = 1 } },
        });
        IsRefused("E", new PublishProto { Topic = "t" });
        IsRefused("F", new SendToOneSubscriberProto());
        IsRefused("Z", new PublishProto());
        Assert.Throws<SerializationException>(
            () => new ClusterSingletonMessageSerializer((ExtendedActorSystem)_system).FromBinary([], "Z"));
    }

    private static StatusProto StatusOf(params long[] versions) => new()
    {
        Versions = { versions.Select(each => new StatusProto.Types.Version { Address = Peer, Timestamp = each }) },
    };

    private void IsRefused(string manifest, IMessage message) =>
        Assert.Throws<SerializationException>(() => _pubSub.FromBinary(message.ToByteArray(), manifest));

    private object? Read(string manifest, byte[] bytes, bool mustBeRead = false)
    {
        try
        {
            return _pubSub.FromBinary(bytes, manifest);
        }
        catch (Exception error) when (error is SerializationException or InvalidProtocolBufferException && !mustBeRead)
        {
            return null;
        }
    }

    private byte[] Contradictory(string manifest, byte[] bytes)
    {
        IMessage? message = manifest switch
        {
            "A" => StatusProto.Parser.ParseFrom(bytes),
            "B" => DeltaProto.Parser.ParseFrom(bytes),
            "F" => SendToOneSubscriberProto.Parser.ParseFrom(bytes),
            _ => null,
        };
        if (message is null) return Disturbed.Bytes(bytes, _chance);
        for (int change = _chance.Next(1, 4); change > 0; change--) Disturbed.Field(message, _chance);
        return message.ToByteArray();
    }
}
