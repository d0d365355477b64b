using System.Security.Cryptography;
using System.Text.Json;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Every cluster message that real Akka.NET 1.5.31 nodes were heard to send is read, and written as they did.
/// </summary>
public class CaptureTests
{
    public static TheoryData<string> Files => ["leave.jsonl", "crash.jsonl", "seeds.jsonl"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_message_is_written_as_it_was_read(string file)
    {
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", file)))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string manifest = row.RootElement.GetProperty("manifest").GetString()!;
            byte[] bytes = Convert.FromHexString(row.RootElement.GetProperty("hex").GetString()!);

            IClusterMessage message = ClusterMessageCodec.FromBytes(bytes, manifest);

            Assert.Equal(manifest, ClusterMessageCodec.Manifest(message));
            Assert.Equal(
                GossipOrder.Sorted(manifest, bytes), GossipOrder.Sorted(manifest, ClusterMessageCodec.ToBytes(message)));
            count++;
        }

        Assert.True(count > 10, $"{file} holds {count} messages only");
    }

    [Fact]
    public void Clock_names_are_those_that_the_captured_nodes_chose()
    {
        var node = new UniqueAddress(Actor.Address.Parse("akka.tcp://Cap@127.0.0.1:8081"), 202570171);

        Assert.Equal("F1077B79AB18C3C3672C5E48F0FC913F", node.ClockName);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    public void An_ipv6_node_has_one_name_however_its_host_is_written(string host)
    {
        UniqueAddress node = new(new Actor.Address("akka.tcp", "Cap", host, 8081), 5);
        UniqueAddress read = GossipCodec.FromProto(GossipCodec.ToProto(node));

        Assert.Equal("[::1]", GossipCodec.ToProto(node).Address.Hostname);
        Assert.Equal(node, read);
        Assert.Equal(
            Convert.ToHexString(MD5.HashData("akka.tcp://Cap@[::1]:8081-5"u8)), read.ClockName);
    }

    [Fact]
    public void The_first_welcome_reads_as_recorded()
    {
        string line = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", "leave.jsonl"))
            .First(text => text.Contains("+Welcome"));
        using JsonDocument row = JsonDocument.Parse(line);
        byte[] bytes = Convert.FromHexString(row.RootElement.GetProperty("hex").GetString()!);

        var welcome =
            Assert.IsType<Welcome>(ClusterMessageCodec.FromBytes(bytes, ClusterMessageCodec.WelcomeManifest));

        Assert.Equal(1923170309, welcome.From.Uid);
        Assert.Equal([MemberStatus.Up, MemberStatus.Joining], welcome.Gossip.Members.Select(member => member.Status));
        Assert.Equal([1, int.MaxValue], welcome.Gossip.Members.Select(member => member.UpNumber));
        Assert.Equal(["alpha", "beta"], welcome.Gossip.Members.SelectMany(member => member.Roles));
        Assert.Equal("2.3.4", welcome.Gossip.Members[1].AppVersion.Version);
        Assert.Equal(welcome.From, Assert.Single(welcome.Gossip.Seen));
        Assert.Equal(new VectorClock.Entry("BC06D258C9675549F9F3E682861172E6", 3),
            Assert.Single(welcome.Gossip.Version.Entries));
    }
}
