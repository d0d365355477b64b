using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Cluster.Serialization.Proto;
using Google.Protobuf;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Captured cluster messages, disturbed, given to the codec and what it lets in to a node. What the codec lets in can be
/// written again, and no node ever throws for it, nor says anything that another could not read.
/// </summary>
public sealed class CodecFuzzTests
{
    private const int Rounds = 60_000;

    private static readonly (string Manifest, byte[] Bytes)[] Captured =
    [
        .. new[] { "leave.jsonl", "crash.jsonl", "seeds.jsonl" }
            .SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", file)))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (row.GetProperty("manifest").GetString()!,
                Convert.FromHexString(row.GetProperty("hex").GetString()!))),
    ];

    private static readonly Welcome[] Welcomes = [.. Captured.Select(each => Clean(each)).OfType<Welcome>()];

    private static readonly ClusterNodeSettings Settings = new();

    private readonly Random _chance = new(1);
    private ClusterNodeState _node = Newcomer(Welcomes[0]);
    private TimeSpan _now;
    private int _letIn;
    private int _adopted;

    [Fact]
    public void What_is_let_in_can_be_written_and_no_node_throws_for_it()
    {
        for (int round = 0; round < Rounds; round++)
        {
            if (_node.Phase is NodePhase.Stopped or NodePhase.Outside || _chance.Next(60) == 0)
                _node = Newcomer(Welcomes[_chance.Next(Welcomes.Length)]);
            (string manifest, byte[] bytes) = Captured[_chance.Next(Captured.Length)];
            byte[] disturbed = _chance.Next(3) == 0 ? Disturbed.Bytes(bytes, _chance) : Contradictory(manifest, bytes);
            if (Read(manifest, disturbed) is not { } message) continue;
            _letIn++;
            IClusterMessage again = ClusterMessageCodec.FromBytes(ClusterMessageCodec.ToBytes(message), manifest);
            Assert.Equal(message.ToString(), again.ToString());
            Take(ClusterNode.Step(_node, ForThisNode(message), _now));
            _now += TimeSpan.FromMilliseconds(_chance.Next(700));
            Take(ClusterNode.Step(_node, Wake.Instance, _now));
            if (_chance.Next(5) == 0) Take(ClusterNode.Step(_node, new Reap(SomeMembers()), _now));
        }

        Assert.True(_letIn > Rounds / 10, $"only {_letIn} of {Rounds} were let in");
        Assert.True(_adopted > Rounds / 100, $"only {_adopted} states were adopted");
    }

    private static IClusterMessage Clean((string Manifest, byte[] Bytes) each) =>
        ClusterMessageCodec.FromBytes(each.Bytes, each.Manifest);

    private static IClusterMessage? Read(string manifest, byte[] bytes)
    {
        try
        {
            return ClusterMessageCodec.FromBytes(bytes, manifest);
        }
        catch (Exception error) when (error is SerializationException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private byte[] Contradictory(string manifest, byte[] bytes)
    {
        IMessage? message = manifest switch
        {
            ClusterMessageCodec.GossipEnvelopeManifest => GossipEnvelopeProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.WelcomeManifest => WelcomeProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.GossipStatusManifest => GossipStatusProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.JoinManifest => JoinProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.HeartbeatManifest => HeartbeatProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.HeartbeatResponseManifest => HeartbeatResponseProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.ExitingConfirmedManifest => UniqueAddressProto.Parser.ParseFrom(bytes),
            ClusterMessageCodec.InitJoinManifest => null,
            _ => AddressProto.Parser.ParseFrom(bytes),
        };
        if (message is null) return bytes;
        for (int change = _chance.Next(1, 4); change > 0; change--)
        {
            if (message is GossipEnvelopeProto envelope && _chance.Next(4) > 0)
            {
                GossipProto gossip = GossipProto.Parser.ParseFrom(envelope.SerializedGossip);
                Disturbed.Field(gossip, _chance);
                envelope.SerializedGossip = gossip.ToByteString();
            }
            else Disturbed.Field(message, _chance);
        }

        return message.ToByteArray();
    }

    private static ClusterNodeState Newcomer(Welcome welcome)
    {
        UniqueAddress self = welcome.Gossip.Members.Last(member => member.Status == MemberStatus.Joining).UniqueAddress;
        ClusterNodeState node = ClusterNode.Start(self, Settings, 1);
        return ClusterNode.Step(node, new JoinTo(welcome.From.Address), TimeSpan.Zero).State;
    }

    // Most of what is said to others would not be looked into.
    private IClusterMessage ForThisNode(IClusterMessage message)
    {
        UniqueAddress[] others =
            [.. _node.Gossip.Members.Select(m => m.UniqueAddress).Where(node => !node.Equals(_node.Self))];
        UniqueAddress? from = others.Length == 0 ? null : others[_chance.Next(others.Length)];
        return message switch
        {
            GossipEnvelope envelope when _chance.Next(4) > 0 =>
                envelope with { To = _node.Self, From = from ?? envelope.From },
            GossipStatus status => status with { From = from ?? status.From },
            Welcome welcome when _node.Attempt is { } attempt && _chance.Next(2) == 0 =>
                welcome with { From = new UniqueAddress(attempt.With, 1) },
            _ => message,
        };
    }

    private ImmutableArray<UniqueAddress> SomeMembers() =>
        NodeSet.Of(_node.Gossip.Members.Select(member => member.UniqueAddress).Where(_ => _chance.Next(2) == 0));

    private void Take((ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
    {
        _node = step.State;
        foreach (ClusterEffect effect in step.Effects)
        {
            switch (effect)
            {
                case ClusterEffect.Send send: IsReadable(send.Message); break;
                case ClusterEffect.Reply reply: IsReadable(reply.Message); break;
                case ClusterEffect.SettleSoon: break;
                case ClusterEffect.Answer answer: IsReadable(answer.Message); break;
                case ClusterEffect.Publish publish:
                    _adopted++;
                    Assert.Equal(publish.Gossip.Members.Length,
                        EventDifference.Snapshot(publish.Gossip, _node.Self).Members.Count);
                    IsReadable(new Welcome(_node.Self, publish.Gossip));
                    break;
            }
        }

        if (!_node.Owed.IsEmpty && _chance.Next(2) == 0) Take(ClusterNode.Step(_node, Settle.Instance, _now));
    }

    private static void IsReadable(IClusterMessage message) =>
        ClusterMessageCodec.FromBytes(ClusterMessageCodec.ToBytes(message), ClusterMessageCodec.Manifest(message));
}
