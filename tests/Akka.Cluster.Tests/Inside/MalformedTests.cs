using System.Runtime.Serialization;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Cluster.Serialization.Proto;
using Akka.Util;
using Google.Protobuf;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Messages that are whole and say what cannot be: each is refused by name, and none is adopted.</summary>
public class MalformedTests
{
    private static readonly Dictionary<string, Action<GossipProto>> Gossips = new()
    {
        ["unknown status"] = gossip => gossip.Members[0].Status = (MemberProto.Types.Status)7,
        ["removed member"] = gossip => gossip.Members[0].Status = MemberProto.Types.Status.Removed,
        ["negative status"] = gossip => gossip.Members[0].Status = (MemberProto.Types.Status)(-1),
        ["negative up-number"] = gossip => gossip.Members[0].UpNumber = -1,
        ["member twice"] = gossip => gossip.Members.Add(gossip.Members[0]),
        ["member under two indexes"] = gossip =>
        {
            gossip.AllAddresses.Add(gossip.AllAddresses[0]);
            gossip.Members.Add(new MemberProto(gossip.Members[0]) { AddressIndex = gossip.AllAddresses.Count - 1 });
        },
        ["index of no address"] = gossip => gossip.Members[0].AddressIndex = 99,
        ["negative index"] = gossip => gossip.Members[0].AddressIndex = -1,
        ["index of no role"] = gossip => gossip.Members[0].RolesIndexes.Add(5),
        ["index of no version"] = gossip => gossip.Members[0].AppVersionIndex = 5,
        ["seen by nobody known"] = gossip => gossip.Overview.Seen.Add(99),
        ["seen by no member"] = gossip => gossip.Members.RemoveAt(0),
        ["observer that is no member"] = gossip =>
        {
            gossip.Overview.Seen.Clear();
            gossip.Members.RemoveAt(0);
        },
        ["subject that is no member"] = gossip =>
        {
            gossip.Overview.Seen.Clear();
            gossip.Members.RemoveAt(1);
        },
        ["observer twice"] = gossip =>
            gossip.Overview.ObserverReachability.Add(gossip.Overview.ObserverReachability[0]),
        ["subject twice"] = gossip => gossip.Overview.ObserverReachability[0].SubjectReachability.Add(
            gossip.Overview.ObserverReachability[0].SubjectReachability[0]),
        ["unknown reachability"] = gossip => gossip.Overview.ObserverReachability[0].SubjectReachability[0].Status =
            (SubjectProto.Types.Status)3,
        ["negative row version"] = gossip => gossip.Overview.ObserverReachability[0].Version = -1,
        ["huge record version"] = gossip =>
            gossip.Overview.ObserverReachability[0].SubjectReachability[0].Version = long.MaxValue,
        ["negative clock"] = gossip => gossip.Version.Versions[0].Timestamp = -1,
        ["huge clock"] = gossip => gossip.Version.Versions[0].Timestamp = long.MaxValue,
        ["clock index"] = gossip => gossip.Version.Versions[0].HashIndex = 9,
        ["clock twice"] = gossip => gossip.Version.Versions.Add(gossip.Version.Versions[0]),
        ["no address"] = gossip => gossip.AllAddresses[0].Address = null,
        ["no host"] = gossip => gossip.AllAddresses[0].Address.Hostname = "",
        ["no port"] = gossip => gossip.AllAddresses[0].Address.Port = 0,
        ["huge port"] = gossip => gossip.AllAddresses[0].Address.Port = 70_000,
        ["host that ends the line"] = gossip => gossip.AllAddresses[0].Address.Hostname = "a\r\nb",
        ["host with a path"] = gossip => gossip.AllAddresses[0].Address.Hostname = "a/b",
        ["other system"] = gossip => gossip.AllAddresses[1].Address.System = "Other",
    };

    private static readonly UniqueAddressProto Peer = GossipCodec.ToProto(Node(1));

    public static TheoryData<string> Faults => [.. Gossips.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_state_that_cannot_be_is_refused(string fault)
    {
        GossipProto gossip = GossipCodec.ToProto(Sound());
        Gossips[fault](gossip);

        IsRefused(ClusterMessageCodec.WelcomeManifest, new WelcomeProto { From = Peer, Gossip = gossip });
        IsRefused(ClusterMessageCodec.GossipEnvelopeManifest, new GossipEnvelopeProto
        {
            From = Peer, To = GossipCodec.ToProto(Node(2)), SerializedGossip = gossip.ToByteString(),
        });
    }

    [Fact]
    public void A_sound_state_is_read()
    {
        Gossip sound = Sound();

        Assert.Equal(sound.ToString(), GossipCodec.FromProto(GossipCodec.ToProto(sound)).ToString());
    }

    [Theory]
    [InlineData("one")]
    [InlineData("HEAD+20140707-1030")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3")]
    [InlineData("99999999999")]
    public void Any_version_of_an_application_is_let_in_and_told_on_as_it_is(string version)
    {
        GossipProto proto = GossipCodec.ToProto(Sound());
        proto.AllAppVersions[0] = version;

        Gossip gossip = GossipCodec.FromProto(proto);
        IClusterMessage join = ClusterMessageCodec.FromBytes(
            new JoinProto { Node = Peer, AppVersion = version }.ToByteArray(), ClusterMessageCodec.JoinManifest);

        Assert.All(gossip.Members, member => Assert.Equal(version, member.AppVersion.Version));
        Assert.Equal(version, Assert.Single(GossipCodec.ToProto(gossip).AllAppVersions));
        Assert.Equal(version, Assert.IsType<Join>(join).Joiner.AppVersion.Version);
        Assert.True(gossip.Members[0].AppVersion.CompareTo(AppVersion.Zero) < 0);
    }

    [Fact]
    public void What_is_missing_is_refused()
    {
        GossipProto gossip = GossipCodec.ToProto(Sound());
        IsRefused(ClusterMessageCodec.WelcomeManifest, new WelcomeProto { From = Peer });
        IsRefused(ClusterMessageCodec.WelcomeManifest, new WelcomeProto { Gossip = gossip });
        IsRefused(ClusterMessageCodec.GossipEnvelopeManifest, new GossipEnvelopeProto { From = Peer });
        IsRefused(ClusterMessageCodec.GossipStatusManifest, new GossipStatusProto());
        IsRefused(ClusterMessageCodec.JoinManifest, new JoinProto { AppVersion = "1.0.0" });
        IsRefused(ClusterMessageCodec.HeartbeatManifest, new HeartbeatProto { SequenceNr = 1 });
        IsRefused(ClusterMessageCodec.HeartbeatManifest, new HeartbeatProto { From = Peer.Address, SequenceNr = -1 });
        IsRefused(ClusterMessageCodec.HeartbeatResponseManifest, new HeartbeatResponseProto { SequenceNr = 1 });
        IsRefused(ClusterMessageCodec.InitJoinAckManifest, new AddressProto { System = "Tales" });
        IsRefused(ClusterMessageCodec.LeaveManifest, new AddressProto());
        IsRefused(ClusterMessageCodec.ExitingConfirmedManifest, new UniqueAddressProto { Uid = 3 });
        IsRefused("Akka.Cluster.Nothing, Akka.Cluster", new AddressProto());
    }

    [Fact]
    public void Nobody_becomes_Up_with_a_negative_number()
    {
        Gossip gossip = GossipOf(
            In(1, MemberStatus.Up, int.MaxValue - 1), In(2, MemberStatus.Joining), In(3, MemberStatus.Joining));

        LeaderStep step = LeaderRules.OnConvergence(gossip, Node(1), [], new ClusterNodeSettings());

        Assert.All(step.Changed, member => Assert.Equal(Member.NeverUp, member.UpNumber));
    }

    [Fact]
    public void A_seed_of_another_system_is_not_joined()
    {
        ClusterNodeState node = ClusterNode.Start(Node(2), new ClusterNodeSettings(), 1);
        node = ClusterNode.Step(node, new JoinSeedNodes([AddressOf(1), AddressOf(2)]), TimeSpan.Zero).State;

        node = ClusterNode.Step(node, new InitJoinAck(AddressOf(1).WithSystem("Other")), TimeSpan.Zero).State;

        Assert.Equal(NodePhase.AskingSeeds, node.Phase);
    }

    private static Gossip Sound() => GossipOf(Up(1, "a"), Up(2, "b"), In(3, MemberStatus.Joining)).Unreachable(1, 2);

    private static void IsRefused(string manifest, IMessage message) => Assert.Throws<SerializationException>(
        () => ClusterMessageCodec.FromBytes(message.ToByteArray(), manifest));
}
