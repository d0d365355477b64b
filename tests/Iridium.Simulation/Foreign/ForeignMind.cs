namespace Iridium.Simulation.Foreign;

/// <summary>What the mind wants written, and to whom.</summary>
internal readonly record struct Outgoing(Place To, byte[] Frame);

/// <summary>
/// The thinking part of a minimal foreign node, written from the protocol's description alone: it joins through a seed,
/// takes every gossip and says it has seen it, answers heartbeats, and leaves when told. It has no failure detector and
/// never leads, so it must sort behind a real node.
/// </summary>
internal sealed class ForeignMind(Being self)
{
    private const string Cluster = "Akka.Cluster.";
    private const string Actions = Cluster + "InternalClusterAction+";
    private readonly List<Outgoing> _out = [];
    private long _heartbeats;

    public Being Self => self;

    public ForeignGossip? Gossip { get; private set; }

    public int WelcomesHeard { get; private set; }

    public int InitJoinAcksHeard { get; private set; }

    public int InitJoinNacksHeard { get; private set; }

    public int HeartbeatsAnswered { get; private set; }

    public int HeartbeatResponsesHeard { get; private set; }

    /// <summary>What could not be read: names what and why.</summary>
    public List<string> Complaints { get; } = [];

    public MemberStatus? StatusOf(Place place) =>
        Gossip?.Members.Where(member => member.Key.Place == place).Select(member => (MemberStatus?)member.Value)
            .FirstOrDefault();

    public IReadOnlyList<Outgoing> TakeOutgoing()
    {
        Outgoing[] taken = [.. _out];
        _out.Clear();
        return taken;
    }

    public void InitJoin(Place seed) => Select(seed, Actions + "InitJoin, Akka.Cluster", new ProtoMessage(),
        "/system/cluster/core/daemon/joinSeedNodeProcess-1#11", "system", "cluster", "core", "daemon");

    public void Join(Place seed, params string[] roles)
    {
        ProtoMessage join = new ProtoMessage().With(1, self.Write());
        foreach (string role in roles) join.With(2, role);
        ToDaemon(seed, Actions + "Join, Akka.Cluster", join.With(3, "1.0.0"));
    }

    public void Leave(Place member) => ToDaemon(member, Cluster + "ClusterUserAction+Leave, Akka.Cluster", self.Place.Write());

    /// <summary>Asks a member for a sign of life, as every monitor does each second.</summary>
    public void Beat(Place member) => Select(member, "HB",
        new ProtoMessage().With(1, self.Place.Write()).With(2, (ulong)++_heartbeats).With(3, ZigZag(123_456_789)),
        "/system/cluster/core/daemon/heartbeatSender#12", "system", "cluster", "heartbeatReceiver");

    public void SendGossip(Being to, Being? claimedFrom = null) =>
        ToDaemon(to.Place, Cluster + "GossipEnvelope, Akka.Cluster", Envelope(to, claimedFrom ?? self, Gossip!));

    public void Send(Place to, ProtoMessage payload, params string[] names) =>
        _out.Add(new Outgoing(to, Frames.Envelope($"{to}/", Frames.Selection(payload, names), null)));

    /// <summary>Reads one envelope. A handshake, acknowledgements and connections are the shell's business.</summary>
    public void OnEnvelope(ProtoMessage envelope)
    {
        string sender = envelope.Message(4).Text(1);
        ProtoMessage payload = envelope.Message(2);
        if (payload.Int(2) == 6)
        {
            ProtoMessage selection = ProtoMessage.Parse(payload.Bytes(1));
            payload = selection.Message(1);
        }
        string manifest = payload.Text(3);
        switch (payload.Int(2))
        {
            case 5:
                OnCluster(manifest, ProtoMessage.Parse(payload.Bytes(1)), sender);
                break;
            case 16:
                OnMisc(manifest, ProtoMessage.Parse(payload.Bytes(1)), sender);
                break;
            case 22:
                break;
            default:
                Complaints.Add($"serializer {payload.Int(2)} with manifest '{manifest}'");
                break;
        }
    }

    private void OnCluster(string manifest, ProtoMessage body, string sender)
    {
        switch (manifest.Replace(", Akka.Cluster", "").Replace(Cluster, ""))
        {
            case "InternalClusterAction+InitJoinAck": InitJoinAcksHeard++; break;
            case "InternalClusterAction+InitJoinNack": InitJoinNacksHeard++; break;
            case "InternalClusterAction+Welcome": OnWelcome(body, sender); break;
            case "GossipEnvelope": OnGossip(body, sender); break;
            case "GossipStatus": OnStatus(body, sender); break;
            case "HB": OnHeartbeat(body, sender); break;
            case "HBR": HeartbeatResponsesHeard++; break;
            case "InternalClusterAction+InitJoin":
            case "InternalClusterAction+Join":
            case "ClusterUserAction+Leave":
            case "ClusterUserAction+Down":
            case "InternalClusterAction+ExitingConfirmed": break;
            default: Complaints.Add($"cluster manifest '{manifest}'"); break;
        }
    }

    private void OnMisc(string manifest, ProtoMessage body, string sender)
    {
        if (manifest == "RWHB")
            Reply(sender, Frames.Payload(16, "RWHR", new ProtoMessage().With(1, (ulong)self.Uid)));
        else if (manifest == "ID")
            Reply(sender, Frames.Payload(16, "AID", new ProtoMessage().With(1, body.Message(1))));
    }

    private void OnWelcome(ProtoMessage body, string sender)
    {
        WelcomesHeard++;
        if (Gossip is not null) return;
        Gossip = new ForeignGossip(body.Message(2)).SeenBy([self]);
        TalkBack(Being.Read(body.Message(1)), sender);
    }

    private void OnGossip(ProtoMessage body, string sender)
    {
        var from = Being.Read(body.Message(1));
        var to = Being.Read(body.Message(2));
        var remote = new ForeignGossip(body.Message(3));
        if (to != self) Complaints.Add($"gossip for {to} came to {self}");
        if (Gossip is null || to != self) return;
        int? order = remote.CompareTo(Gossip.Version);
        bool seen = remote.Seen.Contains(self);
        if (order is null) Complaints.Add("gossip that is concurrent with one nobody here has changed");
        if (order == 0) Gossip = Gossip.SeenBy(remote.Seen);
        else if (order != -1) Gossip = remote.SeenBy([self]);
        if (order == -1 || !seen) TalkBack(from, sender);
        if (StatusOf(self.Place) == MemberStatus.Exiting) ConfirmExit(from.Place);
    }

    private void OnStatus(ProtoMessage body, string sender)
    {
        if (Gossip is null) return;
        string[] hashes = [.. body.Texts(2)];
        Dictionary<string, long> version = body.Message(3).Messages(2)
            .ToDictionary(entry => hashes[entry.Int(1)], entry => (long)entry.Number(2));
        int? order = Gossip.CompareTo(version);
        if (order == -1) Reply(sender, Frames.Payload(5, Cluster + "GossipStatus, Akka.Cluster", Gossip.Status(self)));
        else if (order != 0) TalkBack(Being.Read(body.Message(1)), sender);
    }

    private void OnHeartbeat(ProtoMessage body, string sender)
    {
        HeartbeatsAnswered++;
        Reply(sender, Frames.Payload(5, "HBR", new ProtoMessage()
            .With(1, self.Write()).With(2, body.Number(2)).With(3, UnZigZag(body.Number(3)))));
    }

    private void ConfirmExit(Place leader) =>
        ToDaemon(leader, Actions + "ExitingConfirmed, Akka.Cluster", self.Write());

    private void TalkBack(Being to, string sender) =>
        Reply(sender, Frames.Payload(5, Cluster + "GossipEnvelope, Akka.Cluster", Envelope(to, self, Gossip!)));

    private static ProtoMessage Envelope(Being to, Being from, ForeignGossip gossip) =>
        new ProtoMessage().With(1, from.Write()).With(2, to.Write()).With(3, gossip.ToBytes());

    private void Reply(string sender, ProtoMessage payload)
    {
        if (sender.Length == 0) return;
        _out.Add(new Outgoing(Place.OfPath(sender),
            Frames.Envelope(sender, payload, $"{self.Place}/system/cluster/core/daemon#10")));
    }

    private void ToDaemon(Place to, string manifest, ProtoMessage body) =>
        Select(to, manifest, body, "/system/cluster/core/daemon#10", "system", "cluster", "core", "daemon");

    private void Select(Place to, string manifest, ProtoMessage body, string sender, params string[] names) =>
        _out.Add(new Outgoing(to, Frames.Envelope(
            $"{to}/", Frames.Selection(Frames.Payload(5, manifest, body), names), self.Place + sender)));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static ulong UnZigZag(ulong value) => (value >> 1) ^ (ulong)-(long)(value & 1);
}
