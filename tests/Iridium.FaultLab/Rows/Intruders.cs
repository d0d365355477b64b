using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Remote.Tests.Inside;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;
using Attacks = Akka.Serialization.Hyperion.Tests.Inside.Gadgets;

namespace Iridium.FaultLab.Rows;

/// <summary>Who knows the protocol and wants in, or is in and means harm.</summary>
internal static class Intruders
{
    private const string OtherSecret = "the secret of somebody else";

    private const string InitJoin = "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster";

    private static readonly byte[] _unreadable = [1];

    /// <summary>Row 17: a peer that knows the secret sends node 1 letters whose types are those of known attacks, in
    /// JSON and as manifests. (A node has no Hyperion; the same names in its form are in
    /// tests/Akka.Serialization.Hyperion.Tests.)</summary>
    public static async Task Gadgets(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        string desk = $"akka.tcp://iridium@{lab.Hosts[1].Ip}:{LabNode.ClusterPort}/user/node";
        using WirePeer peer = WirePeer.Dial(lab, 1);
        if (!peer.Introduce(LabConfiguration.Secret).IsIn)
            throw new InvalidOperationException("Who knows the secret was not let in.");
        // What reading itself needs is loaded by names that mean nothing.
        int sent = SendEach(peer, desk, "No.Such, Nowhere") + SendEach(peer, desk, "No.Such, Akka");
        bool first = IsAcknowledged(peer, desk, 0);
        string[] before = Libraries(lab[1]);
        trial.Say($"letters of {Attacks.All.Count} types arrive at node 1");
        foreach ((string type, string assembly) in Attacks.All)
            sent += SendEach(peer, desk, $"{type}, {assembly}");
        bool stays = IsAcknowledged(peer, desk, 1);
        string[] loaded = [.. Libraries(lab[1]).Except(before)];
        // The node complains once in ten seconds, and then of all that it has kept to itself.
        await Lab.Last(Trial.Seconds(11));
        sent += SendEach(peer, desk, "No.Such, Nowhere");
        bool end = IsAcknowledged(peer, desk, 2);
        int refused = Refused(await File.ReadAllTextAsync(lab[1].Log));
        stays &= first && end;
        trial.Findings.Holds("the connection", "stays", stays, stays ? "stays" : "closed");
        trial.Findings.Holds("letters refused, by the node's log", $"{sent}", refused == sent, $"{refused}");
        trial.Findings.AtMost("libraries loaded", 0, loaded.Length);
        foreach (string library in loaded) trial.Say($"{library} was loaded");
        trial.NobodyHarmed(lab, start, "gadgets");
    }

    // A name as JSON's type, alone and inside, and as the manifests of protobuf and of JSON.
    private static int SendEach(WirePeer peer, string desk, string name)
    {
        (int Serializer, string Manifest, string Body)[] letters =
        [
            (1, "", $$"""{"$type":"{{name}}","X":1}"""),
            (1, "", $$$"""{"$type":"System.Object[], System.Private.CoreLib","$values":[{"$type":"{{{name}}}"}]}"""),
            (2, name, ""),
        ];
        foreach ((int serializer, string manifest, string body) in letters)
            peer.Send(WirePeer.Letter(desk, serializer, manifest, Encoding.UTF8.GetBytes(body)));
        return letters.Length;
    }

    // Of one connection everything is read in order: who acknowledges this has read what came before.
    private static bool IsAcknowledged(WirePeer peer, string desk, long sequence)
    {
        peer.Send(WirePeer.Letter(desk, 22, "", _unreadable, sequence));
        return peer.ReadAll().FirstOrDefault(said => said.Command == WirePeer.Message) is not null;
    }

    private static int Refused(string log)
    {
        MatchCollection lines = Regex.Matches(log,
            @"Cannot read a message of serializer [12],.*?(?:\((\d+) more like it since the last report\))?\r?$",
            RegexOptions.Multiline);
        return lines.Sum(line => 1 + (line.Groups[1].Success
            ? int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0));
    }

    private static string[] Libraries(LabNode node) =>
        [.. File.ReadLines($"/proc/{node.ProcessId}/maps")
            .Where(line => line.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct()];

    /// <summary>Row 18: an honest conversation is recorded and said again; what the node says is said back to it; a
    /// true proof is cut short or changed.</summary>
    public static async Task Replay(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        (byte[] greeting, byte[] proof, bool isIn) = Honest(lab);
        int attacks = trial.Quick ? 500 : 10_000;
        var chance = new Random(18);
        (string Name, Func<bool> IsIn)[] kinds =
        [
            ("replays", () => Replayed(lab, greeting, proof)),
            ("reflections", () => Reflected(lab, chance)),
            ("proofs cut or changed", () => Broken(lab, chance)),
        ];
        foreach ((string name, Func<bool> attack) in kinds)
        {
            trial.Say($"{attacks} {name} at node 1");
            TimeSpan worked = lab[1].ProcessorTime();
            int accepted = Enumerable.Range(0, attacks).Count(_ => attack());
            trial.Findings.AtMost($"accepted of {attacks} {name}", 0, accepted);
            trial.Findings.AtMost($"the node's processor time for each of the {name}", 10,
                (lab[1].ProcessorTime() - worked).TotalMilliseconds / attacks, "ms");
        }
        bool still = Honest(lab).IsIn;
        trial.Findings.Holds("who knows the secret, before and after", "let in", isIn && still,
            isIn && still ? "let in" : "refused");
        trial.NobodyHarmed(lab, start, "replays");
    }

    private static (byte[] Greeting, byte[] Proof, bool IsIn) Honest(Lab lab)
    {
        using WirePeer peer = WirePeer.Dial(lab, 1);
        return peer.Introduce(LabConfiguration.Secret);
    }

    private static bool Replayed(Lab lab, byte[] greeting, byte[] proof)
    {
        using WirePeer peer = WirePeer.Dial(lab, 1);
        peer.Send([.. greeting, .. proof]);
        return LetsIn(peer);
    }

    // Its own greeting, or its own nonce as if it were the peer's.
    private static bool Reflected(Lab lab, Random chance)
    {
        using WirePeer peer = WirePeer.Dial(lab, 1);
        peer.Send(peer.Greet());
        if (peer.ReadChallenge() is not var (node, nonce)) return false;
        if (chance.Next(2) == 0)
        {
            peer.Send(WirePeer.Proof(nonce, RandomNumberGenerator.GetBytes(32)));
            return LetsIn(peer);
        }
        using WirePeer mirror = WirePeer.Dial(lab, 1, node);
        mirror.Send(mirror.Greet());
        return LetsIn(mirror);
    }

    // The code that proves is at the end of the frame.
    private static bool Broken(Lab lab, Random chance)
    {
        using WirePeer peer = WirePeer.Dial(lab, 1);
        peer.Send(peer.Greet());
        if (peer.ReadChallenge() is not var (node, nonce)) return false;
        byte[] proof = peer.Prove(LabConfiguration.Secret, node, nonce);
        if (chance.Next(2) == 0)
        {
            proof[^chance.Next(1, 33)] ^= (byte)(1 << chance.Next(8));
            peer.Send(proof);
        }
        else
        {
            // A whole frame with less in it than there was; half a frame is waited for, and is in row 16.
            byte[] mac = proof[^32..][..chance.Next(32)];
            peer.Send(WirePeer.Proof(peer.Nonce, mac));
        }
        return LetsIn(peer);
    }

    private static bool LetsIn(WirePeer peer, byte[] said)
    {
        peer.Send(said);
        return LetsIn(peer);
    }

    private static bool LetsIn(WirePeer peer) =>
        peer.ReadAll().Any(said => said.Command is WirePeer.ProofCommand or WirePeer.Message);

    /// <summary>Row 19: peers and nodes without the secret, with none, or with another; and with no certificate, or one
    /// that is not good, at a node that wants one. What they were told, beyond a greeting and a challenge, is to be
    /// nothing.</summary>
    public static async Task Unauthenticated(Trial trial)
    {
        List<string> told = [];
        int cases = await WithoutSecret(trial, told) + await WithoutCertificate(trial, told);
        foreach (string name in told) trial.Say($"told something: {name}");
        trial.Findings.AtMost($"of {cases} strangers, told something or joined", 0, told.Count);
    }

    private static async Task<int> WithoutSecret(Trial trial, List<string> told)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        string daemon = $"akka.tcp://iridium@{lab.Hosts[1].Ip}:{LabNode.ClusterPort}/system/cluster/core/daemon";
        (string Name, uint Offers, Func<WirePeer, bool> IsIn)[] peers =
        [
            ("a peer that offers no secret", 0, LetsIn),
            ("a peer with a proof by chance", WirePeer.OffersSecret, peer =>
                LetsIn(peer, WirePeer.Proof(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32)))),
            ("a peer with another secret", WirePeer.OffersSecret, peer =>
                peer.Introduce(OtherSecret, greet: false).IsIn),
            ("a peer with an empty secret", WirePeer.OffersSecret, peer => peer.Introduce("", greet: false).IsIn),
            ("a peer that wants to join before its proof", WirePeer.OffersSecret, peer =>
                LetsIn(peer, WirePeer.Letter(daemon, 5, InitJoin, []))),
        ];
        trial.Say($"{peers.Length} peers without the secret call node 1");
        foreach ((string name, uint offers, Func<WirePeer, bool> isIn) in peers)
        {
            using WirePeer peer = WirePeer.Dial(lab, 1, WirePeer.Stranger("tcp") with { Offers = offers });
            peer.Send(peer.Greet());
            if (isIn(peer)) told.Add(name);
        }
        (string Name, string Before)[] nodes =
        [
            ("a node without a secret", "unset IRIDIUM_CLUSTER_SECRET;"),
            ("a node with another secret", $"export IRIDIUM_CLUSTER_SECRET='{OtherSecret}';"),
        ];
        foreach ((string name, string before) in nodes)
        {
            trial.Say($"{name} wants to join");
            LabNode guest = lab.Start(HostNetwork.Guest,
                ["--insecure", "--daemon-mode", "--join", $"{lab.Hosts[3].Ip}:{LabNode.ClusterPort}"], before);
            TimeSpan? ends = await guest.Ends(Trial.Seconds(30));
            bool joined = lab.Journal.Since(start).Any(
                e => e.Member == HostNetwork.Guest && e.Observer is > 0 and <= HostNetwork.Nodes);
            if (joined || ends is null || guest.ExitCode != 6) told.Add($"{name} (code {guest.ExitCode})");
        }
        trial.NobodyHarmed(lab, start, "strangers");
        return peers.Length + nodes.Length;
    }

    private static async Task<int> WithoutCertificate(Trial trial, List<string> told)
    {
        Lab lab = await trial.OpenLab();
        using var certificates = new Certificates();
        await LabConfiguration.UseTls(lab.Folder, certificates);
        lab.Start(1);
        if (await lab.AllWell() is null)
            throw new InvalidOperationException("The node with a certificate did not start.");
        string[] bad = ["none", "stranger", "expired", "early", "self-signed", "other-name", "server-only"];
        trial.Say($"{bad.Length} strangers without a good certificate call node 1, and one with");
        foreach (string certificate in bad)
        {
            if (HearsWith(lab, certificates, certificate)) told.Add($"certificate {certificate}");
        }
        using WirePeer plain = WirePeer.Dial(lab, 1);
        plain.Send(plain.Greet());
        if (plain.Read() is not null) told.Add("no TLS");
        bool good = HearsWith(lab, certificates, "good");
        trial.Findings.Holds("who has a good certificate", "answered", good, good ? "answered" : "refused");
        return bad.Length + 1;
    }

    private static bool HearsWith(Lab lab, Certificates certificates, string certificate)
    {
        using Socket socket = lab.Hosts[HostNetwork.Guest].Connect(lab.Hosts[1].Ip, LabNode.ClusterPort);
        socket.ReceiveTimeout = 5000;
        // The node shows its certificate to everybody; whether that is good is not the question here.
        var stream = new SslStream(new NetworkStream(socket), false, (_, _, _, _) => true);
        using var peer = new WirePeer(stream, WirePeer.Stranger("ssl.tcp"));
        try
        {
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = Certificates.Name,
                ClientCertificates = certificate == "none" ? [] : [certificates.Load(certificate)],
            });
            peer.Send(peer.Greet());
            return peer.Read() is not null;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
