using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Cluster.Tools.PublishSubscribe.Serialization.Proto;
using Akka.Cluster.Tools.Singleton.Serialization;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>What real Akka.NET 1.5.31 nodes were heard to say is read, and written as they did.</summary>
public class CaptureTests
{
    [Fact]
    public async Task Every_message_is_written_as_it_was_read()
    {
        ActorSystem system = ActorSystem.Create("captures", "akka.loglevel = WARNING");
        SerializerWithStringManifest pubSub = new DistributedPubSubMessageSerializer((ExtendedActorSystem)system);
        SerializerWithStringManifest singleton = new ClusterSingletonMessageSerializer((ExtendedActorSystem)system);
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", "tools.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string manifest = row.RootElement.GetProperty("manifest").GetString()!;
            byte[] bytes = Convert.FromHexString(row.RootElement.GetProperty("hex").GetString()!);
            SerializerWithStringManifest serializer =
                row.RootElement.GetProperty("serializer").GetInt32() == pubSub.Identifier ? pubSub : singleton;

            object message = serializer.FromBinary(bytes, manifest);

            Assert.Equal(manifest, serializer.Manifest(message));
            string written = Sorted(serializer, manifest, serializer.ToBinary(message));
            Assert.Equal(Sorted(serializer, manifest, bytes), written);
            count++;
        }

        Assert.True(count >= 10, $"{count} messages only");
        await system.Terminate();
    }

    // A map has no order on the wire.
    private static string Sorted(SerializerWithStringManifest serializer, string manifest, byte[] bytes)
    {
        if (manifest != "B" || serializer is not DistributedPubSubMessageSerializer) return Convert.ToHexString(bytes);
        return string.Join("\n", DeltaProto.Parser.ParseFrom(bytes).Buckets.Select(bucket =>
            $"{bucket.Owner} {bucket.Version} {string.Join(", ", bucket.Content.OrderBy(entry => entry.Key))}"));
    }
}
