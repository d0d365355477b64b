using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Rows;

/// <summary>Links that are bad but not gone.</summary>
internal static class Links
{
    private static readonly int[] _others = [1, 2, 3, 4];

    /// <summary>Row 5: host 5 is off and on again every 0.3 s.</summary>
    public static async Task Flapping(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan whole = trial.Seconds(40, 15);
        trial.Say($"the link of host 5 goes off and on for {whole.TotalSeconds} s");
        TimeSpan start = lab.Journal.Now;
        while (lab.Journal.Now - start < whole)
        {
            lab.Hosts.Partition([5], _others);
            await Lab.Last(Trial.Seconds(0.3));
            lab.Hosts.Heal();
            await Lab.Last(Trial.Seconds(0.3));
        }
        TimeSpan? well = await lab.AllWell(Trial.Seconds(20));
        double minutes = whole.TotalMinutes;
        trial.Findings.AtMost("verdicts", Math.Max(1, Math.Floor(4 * minutes)), lab.Journal.VerdictsSince(start),
            $"in {whole.TotalSeconds} s");
        trial.NobodyRemoved(lab, start, "flapping");
        trial.Findings.Within("all well after it", 5, well);
    }

    /// <summary>Row 6: host 5's line carries 256 kbit/s each way, and a program there prints to a session on host 1
    /// as fast as it may, 512 kbit/s, while the guest comes and goes. (The kernel here has no netem: the delay is that of
    /// the full queue, up to 400 ms, and what comes when it is full is lost.)</summary>
    public static async Task Slow(Trial trial)
    {
        const int Kilobits = 256;
        Lab lab = await trial.FiveNodes();
        string program = await Torrent(lab, letters: 1000);
        lab.Hosts.Slow(5, Kilobits);
        TimeSpan start = lab.Journal.Now;
        TimeSpan whole = trial.Seconds(40, 20);
        trial.Say($"node 5 prints to node 1 over {Kilobits} kbit/s for {whole.TotalSeconds} s");
        long before = Bytes(lab.Hosts[5], "tx");
        await lab[1].Type($"!spawn {program} --on host5");
        var admissions = new Times();
        int times = trial.Times(10, quick: 3);
        for (int time = 0; time < times || lab.Journal.Now - start < whole; time++)
            admissions.Add(await Admission(lab));
        whole = lab.Journal.Now - start;
        double arrived = (Bytes(lab.Hosts[5], "tx") - before) * 8.0 / 1000 / whole.TotalSeconds;
        int answers = await Answers(lab);
        trial.NobodyHarmed(lab, start, "a full line");
        trial.Findings.Holds("the line was full", $">= {Kilobits / 2} kbit/s", arrived >= Kilobits / 2.0,
            string.Create(CultureInfo.InvariantCulture, $"{arrived:0} kbit/s"));
        // It takes the slow node's word to the leader, on the line that is full, and the leader's back.
        trial.Findings.Within("a newcomer: from joining to up in every view", 1, admissions);
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

    /// <summary>Row 7: every host loses packets at random.</summary>
    public static async Task Loss(Trial trial)
    {
        int[] levels = trial.Quick ? [10, 20] : [10, 20, 30];
        foreach (int percent in levels)
        {
            Lab lab = await trial.FiveNodes();
            TimeSpan whole = trial.Seconds(45, 15);
            trial.Say($"{percent} % of all packets are lost for {whole.TotalSeconds} s");
            TimeSpan start = lab.Journal.Now;
            lab.Hosts.Lose(percent);
            await Lab.Last(whole);
            int verdicts = lab.Journal.VerdictsSince(start);
            if (percent == 10) trial.Findings.AtMost("verdicts at 10 %", 0, verdicts);
            if (percent == 20) trial.Findings.AtMost("verdicts at 20 %", 1, verdicts);
            trial.NobodyRemoved(lab, start, $"{percent} %{(percent == 30 ? $", {verdicts} verdicts" : "")}");
            lab.Hosts.Heal();
            trial.Findings.Within($"all well after {percent} %", 10, await lab.AllWell(Trial.Seconds(40)));
        }
    }

    /// <summary>A program that prints such lines as fast as it may.</summary>
    public static async Task<string> Torrent(Lab lab, int letters)
    {
        string program = Path.Combine(lab.Folder, "torrent.iasm");
        await File.WriteAllTextAsync(program, $"""
            .data
            line: .asciiz '{new string('x', letters)}\n'
            .code
            again:
                prts @line
                eq $0 $0
                djmpe @again
            """);
        return program;
    }

    /// <summary>Bytes that a host has sent (tx) or got (rx).</summary>
    public static long Bytes(Host host, string way)
    {
        (_, string said) = Tool.Try("ip", $"netns exec {host.Namespace} cat /sys/class/net/eth0/statistics/{way}_bytes");
        return long.Parse(said, CultureInfo.InvariantCulture);
    }

    private static async Task<int> Answers(Lab lab)
    {
        await foreach (PbmReply reply in NodeEndpoint.Ask(lab.Hosts[5], "cluster show"))
        {
            if (reply is PbmReply.Count count) return count.Nodes;
        }
        return 0;
    }
}
