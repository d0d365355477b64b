using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Cluster.Tests.Inside;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Cluster.Tools.PublishSubscribe.Serialization.Proto;
using Akka.Cluster.Tools.Singleton;
using Akka.Cluster.Tools.Singleton.Serialization;
using Akka.Configuration;
using Akka.Remote;
using Akka.Remote.Serialization.Proto;
using Akka.Remote.Tests.Inside;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>
/// All that real Akka.NET 1.5.31 nodes were heard to say, from the top of the engine: each message of each captured frame
/// is read, and written again to what was captured. Nothing is left out but Hyperion's seven, which its own room reads.
/// </summary>
public sealed class EveryCaptureTests : IDisposable
{
    private const int Hyperion = -5;

    /// <summary>How many messages of each serializer were captured, alone or in selections.</summary>
    private static readonly SortedDictionary<int, int> Captured = new()
    {
        [Hyperion] = 7, [1] = 7, [3] = 2, [4] = 1, [5] = 504, [6] = 357, [9] = 29, [14] = 4, [16] = 56, [17] = 31, [22] = 37,
    };

    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create(
        "Cap", ConfigurationFactory.ParseString("""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              actor.serialization-settings.allowed-types = ["Cap.*, capnode"]
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            }
            """));

    private readonly SortedDictionary<int, int> _seen = [];

    public EveryCaptureTests()
    {
        Add(new DistributedPubSubMessageSerializer(_system), typeof(IDistributedPubSubMessage));
        Add(new ClusterSingletonMessageSerializer(_system), typeof(IClusterSingletonMessage));

        // As the extensions do it, which would be heard here and now.
        void Add(Serializer serializer, Type messages)
        {
            _system.Serialization.AddSerializer(serializer);
            _system.Serialization.AddSerializationMap(messages, serializer);
        }
    }

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void Every_captured_message_is_read_and_written_again()
    {
        foreach (Captures.Frame frame in Captures.Frames)
        {
            Assert.True(ControlCodec.TryRead(frame.Body, out var payload, out Control control));
            if (control.Command != ControlCommand.None) continue;
            Assert.True(ContainerCodec.TryRead(payload, out Container container));
            if (!container.HasEnvelope) continue;
            string manifest = Encoding.UTF8.GetString(container.Envelope.Manifest);
            Check(frame, container.Envelope.SerializerId, manifest, container.Envelope.Body.ToArray());
        }

        Assert.Equal(Captured, _seen);
    }

    [Fact]
    public void A_file_of_captures_that_nobody_reads_is_noticed()
    {
        IEnumerable<string> files = Directory.GetFiles(Captures.Folder).Select(path => Path.GetFileName(path)!);

        Assert.Equal(files.Order(), Captures.Frames.Select(frame => frame.File).Distinct().Order());
        Assert.Equal(
            ["crash.jsonl", "hyperion-frames.jsonl", "leave.jsonl", "messages.jsonl", "quarantine.jsonl",
                "remote-watch.jsonl", "seeds.jsonl", "tools.jsonl", "two-connections.jsonl"],
            files.Order());
    }

    [Fact]
    public void Json_reads_as_recorded_and_is_written_as_captured()
    {
        byte[][] captured = [.. Captures.Frames.Select(BodyOfJson).OfType<byte[]>()];
        object[] values =
        [
            true, 1.5, Address.Parse("akka.tcp://Cap@127.0.0.1:8082"),
            new Cap.Poco
            {
                Id = 7, Name = "x", Score = 1.5, When = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                Items = ["a", "b"], Map = new Dictionary<string, int> { ["k"] = 1 },
            },
            new Cap.Rec(5, "r", 2.5m, 1.25f, new Guid("00112233-4455-6677-8899-aabbccddeeff"), DayOfWeek.Friday),
            new Cap.WithRef(
                _system.Provider.ResolveActorRef("akka.tcp://Cap@127.0.0.1:8082/user/echo#1774896847"), 3, [1, "a", 2L]),
            new Cap.Imm(["x", "y"], ImmutableDictionary<string, int>.Empty.Add("a", 1)),
        ];

        Assert.Equal(captured.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            byte[] written = _system.Serialization.FindSerializerFor(values[i]).ToBinary(values[i]);
            Assert.Equal(Encoding.UTF8.GetString(captured[i]), Encoding.UTF8.GetString(written));
            // Akka.NET itself cannot read an immutable dictionary inside of an object.
            if (values[i] is Cap.Imm) continue;
            object read = _system.Serialization.Deserialize(captured[i], 1, "");
            if (values[i] is Cap.WithRef expected)
            {
                var withRef = Assert.IsType<Cap.WithRef>(read);
                Assert.Equal((expected.Who, expected.N), (withRef.Who, withRef.N));
                Assert.Equal(expected.Mixed, withRef.Mixed);
                continue;
            }

            Assert.Equivalent(values[i], read, strict: true);
        }
    }

    [Fact]
    public void Creating_actors_from_afar_is_read_far_enough_to_refuse_it()
    {
        DaemonMsgCreate[] wanted =
        [
            .. Captures.Frames.Where(frame => frame.Label.Contains(" 3:", StringComparison.Ordinal))
                .Select(frame => (DaemonMsgCreate)_system.Serialization.Deserialize(BodyOf(frame), 3, "")),
        ];

        Assert.Equal(2, wanted.Length);
        Assert.All(wanted, create => Assert.Equal("Cap.Child, capnode", create.ClassName));
        Assert.EndsWith("/user/deployed#574621089", wanted[0].Path, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(
            () => _system.Serialization.GetSerializerById(3).ToBinary(wanted[0]));
    }

    /// <summary>The recorder stands below the rooms whose messages these are, and reads them all the same.</summary>
    [Fact]
    public void The_wire_log_tells_what_the_engine_says()
    {
        var text = new WireText(_system.Serialization);
        List<string> told = [];
        foreach (Captures.Frame frame in Captures.Frames)
        {
            Assert.True(ControlCodec.TryRead(frame.Body, out var payload, out Control control));
            if (control.Command != ControlCommand.None) continue;
            Assert.True(ContainerCodec.TryRead(payload, out Container container));
            if (!container.HasEnvelope) continue;
            WireEnvelope envelope = container.Envelope;
            told.Add(text.Of(envelope.SerializerId, Encoding.UTF8.GetString(envelope.Manifest), envelope.Body));
        }

        Assert.DoesNotContain(told, line => line.Contains("malformed", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("5:HB Heartbeat { From = akka.tcp://", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("GossipEnvelope {", StringComparison.Ordinal)
            && line.Contains("status = Up", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("9:A Status(", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("9:B Delta(", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("14:A HandOverToMe", StringComparison.Ordinal));
    }

    private void Check(Captures.Frame frame, int id, string manifest, byte[] body)
    {
        _seen[id] = _seen.GetValueOrDefault(id) + 1;
        // Hyperion has its own room, and what would create actors is never written.
        if (id is Hyperion or 3) return;
        if (id == 1 && IsImmutable(body)) return;
        object message = _system.Serialization.Deserialize(body, id, manifest);
        Serializer serializer = _system.Serialization.GetSerializerById(id);
        Assert.Equal((frame.ToString(), manifest),
            (frame.ToString(), Akka.Serialization.Serialization.ManifestFor(serializer, message)));
        byte[] again = serializer.ToBinary(message);
        Assert.Equal(
            (frame.ToString(), Comparable(id, manifest, body)), (frame.ToString(), Comparable(id, manifest, again)));
        if (id != 6) return;
        WirePayload inner = WireSelection.Parser.ParseFrom(body).Payload;
        Check(frame, inner.SerializerId, inner.Manifest.ToStringUtf8(), inner.Message.ToByteArray());
    }

    private static bool IsImmutable(byte[] json) =>
        Encoding.UTF8.GetString(json).Contains("ImmutableDictionary", StringComparison.Ordinal);

    /// <summary>Without what has no meaning: the order of sets and maps, and traces of another process.</summary>
    private static string Comparable(int id, string manifest, byte[] body)
    {
        switch (id)
        {
            case 5:
                return Convert.ToHexString(GossipOrder.Sorted(manifest, body));
            case 6:
                WireSelection selection = WireSelection.Parser.ParseFrom(body);
                selection.Payload.Message = ByteString.CopyFromUtf8(Comparable(
                    selection.Payload.SerializerId, selection.Payload.Manifest.ToStringUtf8(),
                    selection.Payload.Message.ToByteArray()));
                return selection.ToString();
            case 9 when manifest == "A":
                StatusProto status = StatusProto.Parser.ParseFrom(body);
                return string.Join("\n", status.Versions.Select(version => version.ToString()).Order()) +
                    status.ReplyToStatus;
            case 9 when manifest == "B":
                return string.Join("\n", DeltaProto.Parser.ParseFrom(body).Buckets.Select(bucket =>
                    $"{bucket.Owner} {bucket.Version} {string.Join(", ", bucket.Content.OrderBy(entry => entry.Key))}"));
            case 22 when manifest.Contains("SysMsg.Failed", StringComparison.Ordinal):
                WireFailed failed = WireFailed.Parser.ParseFrom(body);
                failed.Cause = WithoutTrace(failed.Cause);
                return failed.ToString();
            case 22 when manifest.Contains("SysMsg.Recreate", StringComparison.Ordinal):
                WireCause cause = WireCause.Parser.ParseFrom(body);
                cause.Cause = WithoutTrace(cause.Cause);
                return cause.ToString();
            default:
                return Convert.ToHexString(body);
        }
    }

    private static WireException WithoutTrace(WireException exception)
    {
        WireException bare = exception.Clone();
        bare.StackTrace = "";
        bare.Source = "";
        return bare;
    }

    private static byte[]? BodyOfJson(Captures.Frame frame) =>
        frame.Label.StartsWith("seq=- 1:", StringComparison.Ordinal) ? BodyOf(frame) : null;

    private static byte[] BodyOf(Captures.Frame frame)
    {
        Assert.True(ControlCodec.TryRead(frame.Body, out var payload, out _));
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        return container.Envelope.Body.ToArray();
    }
}
