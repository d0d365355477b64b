using System.Globalization;
using Akka.Remote.Tests.Inside;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Rows;

/// <summary>Row 6: host 5's line carries 256 kbit/s each way and is 200 ms long; first it is full of many messages, then
/// of a single one.</summary>
internal static class SlowLink
{
    private const int Kilobits = 256;

    private static readonly TimeSpan _delay = TimeSpan.FromMilliseconds(200);

    /// <summary>So long the line is slow before anything is sent: a kernel that takes it for the quick one it was repeats
    /// all that is under way.</summary>
    private static readonly TimeSpan _known = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _patienceWithBeats = TimeSpan.FromSeconds(10);

    private static readonly string[] _others = [.. Enumerable.Range(1, 4).Select(Host.IpOf)];

    private static readonly string _line = string.Create(
        CultureInfo.InvariantCulture, $"{Kilobits} kbit/s and {_delay.TotalMilliseconds} ms each way");

    public static async Task Run(Trial trial)
    {
        if (!File.Exists(Tap.Device))
        {
            trial.Findings.Skip($"this machine has no {Tap.Device}");
            return;
        }
        await ManyMessages(trial);
        if (!trial.Tls) await OneMessage(trial);
    }

    /// <summary>A program on host 5 prints to a session on host 1 as fast as it may, 512 kbit/s, while the guest comes
    /// and goes.</summary>
    private static async Task ManyMessages(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        using Certificates? certificates = trial.Tls ? new Certificates() : null;
        if (certificates is not null) await LabConfiguration.UseTls(lab.Folder, certificates);
        lab.Hosts.UseCubic();
        string wire = Path.Combine(lab.Folder, "five.wire");
        await lab.Form(5, ["--wire-log", wire]);
        wire = Path.Combine(
            lab.Folder, string.Create(CultureInfo.InvariantCulture, $"five-{LabNode.ClusterPort}.wire"));
        string program = await Links.Torrent(lab, letters: 1000);
        lab.Hosts.Slow(5, Kilobits, _delay);
        await Lab.Last(_known);
        TimeSpan start = lab.Journal.Now;
        TimeSpan whole = trial.Seconds(40, 20);
        trial.Say($"node 5 prints to node 1 over {_line} for {whole.TotalSeconds} s");
        long before = Links.Bytes(lab.Hosts[5], "tx"), mark = HeartbeatRecord.Mark(wire);
        await lab[1].Type($"!spawn {program} --on host5");
        var admissions = new Times();
        int times = trial.Times(10, quick: 3);
        for (int time = 0; time < times || lab.Journal.Now - start < whole; time++)
            admissions.Add(await Admission(lab));
        whole = lab.Journal.Now - start;
        double arrived = (Links.Bytes(lab.Hosts[5], "tx") - before) * 8.0 / 1000 / whole.TotalSeconds;
        HeartbeatRecord beats = await HeartbeatRecord.Answered(
            wire, mark, HeartbeatRecord.Mark(wire), _patienceWithBeats);
        int answers = await Answers(lab);
        trial.Findings.AtMost("verdicts, a full line", 0,
            lab.Journal.VerdictsSince(start, about: member => member <= HostNetwork.Nodes));
        trial.NobodyRemoved(lab, start, "a full line");
        // Who leaves ends when it is Exiting. Until the slow node has agreed to its removal, it is gone and not removed.
        int late = lab.Journal.VerdictsSince(start, about: member => member == HostNetwork.Guest);
        trial.Findings.Tell(
            "unreachable between its end and its removal, the guest that leaves", $"{late} of {admissions.Count} times");
        trial.Findings.Holds("the line was full", $">= {Kilobits / 2} kbit/s", arrived >= Kilobits / 2.0,
            string.Create(CultureInfo.InvariantCulture, $"{arrived:0} kbit/s"));
        trial.Findings.Within("a heartbeat of the slow node and its answer, a full line", 1, beats.To(_others));
        // The news of the newcomer to the slow node, its word to the leader, and the leader's to it: three times the
        // line, which is full, and each with the round of gossip that it goes with. As long as a join may take anywhere.
        trial.Findings.Within("a newcomer: from joining to up in every view", 5, admissions);
        trial.Findings.Holds("the slow node answers its own endpoint", "5 members", answers == 5, $"{answers} members");
        await lab[1].Type("!kill host5/1");
        lab.Hosts.Unslow(5);
        trial.Findings.Within("all well after it", 5, await lab.AllWell(Trial.Seconds(20)));
    }

    /// <summary>The guest joins, and leaves again.</summary>
    /// <returns>How long after the first sight of it all saw it up.</returns>
    private static async Task<TimeSpan?> Admission(Lab lab)
    {
        TimeSpan start = lab.Journal.Now;
        LabNode guest = lab.Start(HostNetwork.Guest);
        TimeSpan? well = await lab.AllWell();
        Entry[] seen = [.. lab.Journal.Since(start).Where(
            entry => entry is { Member: HostNetwork.Guest, Observer: <= HostNetwork.Nodes, What: "joining" or "up" })];
        guest.Send(Signal.Terminate);
        await guest.Ends(Trial.Seconds(30));
        await lab.AllWell();
        return well is null ? null : seen[^1].At - seen[0].At;
    }

    private static async Task<int> Answers(Lab lab)
    {
        await foreach (PbmReply reply in NodeEndpoint.Ask(lab.Hosts[5], "cluster show"))
        {
            if (reply is PbmReply.Count count) return count.Nodes;
        }
        return 0;
    }

    /// <summary>A plain cluster, whose node 5 sends one message to node 1.</summary>
    private static async Task OneMessage(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        lab.Hosts.UseCubic();
        int bytes = trial.Quick ? 512 << 10 : 8 << 20;
        int[] five = [1, 2, 3, 4, 5];
        Dictionary<int, FreightProcess> nodes = [];
        try
        {
            foreach (int number in five)
                nodes.Add(number, FreightProcess.Start(lab.Hosts[number], lab.Journal, lab.Folder));
            if (await lab.Journal.Until(() => lab.Journal.AllSee(five, five), Trial.Seconds(40)) is null)
                throw new InvalidOperationException("The plain cluster did not form.");
            lab.Hosts.Slow(5, Kilobits, _delay);
            await Lab.Last(_known);
            string size = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.##} MiB");
            TimeSpan least = TimeSpan.FromSeconds(bytes * 8 / (Kilobits * 1000.0));
            trial.Say($"plain node 5 sends {size} to node 1 over {_line}, which takes {least.TotalSeconds:0} s");
            TimeSpan start = lab.Journal.Now;
            long mark = HeartbeatRecord.Mark(nodes[5].WireLog);
            TimeSpan? arrived = await nodes[5].Send(bytes, lab.Hosts[1], least * 3);
            HeartbeatRecord beats = await HeartbeatRecord.Answered(
                nodes[5].WireLog, mark, HeartbeatRecord.Mark(nodes[5].WireLog), _patienceWithBeats);
            trial.Findings.AtMost($"verdicts, {size} in one message", 0, lab.Journal.VerdictsSince(start));
            trial.Findings.AtMost($"members removed, {size} in one message", 0,
                lab.Journal.RemovedSince(start).Length);
            trial.Findings.AtMost($"processes lost, {size} in one message", 0,
                nodes.Values.Count(node => node.HasEnded));
            trial.Findings.Within($"the {size} arrive, {least.TotalSeconds:0} s at the line's rate",
                least.TotalSeconds * 1.5, arrived);
            trial.Findings.Within("a heartbeat of the slow node and its answer, beside the message", 1, beats.To(_others));
            trial.Findings.Within("the same to the receiver, between the parts of the message",
                1, beats.To(lab.Hosts[1].Ip));
        }
        finally
        {
            foreach (FreightProcess node in nodes.Values) await node.DisposeAsync();
        }
    }
}
