using System.Globalization;
using Iridium.FaultLab.Hosts;

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

    /// <summary>Row 7: every host loses packets at random, at each level for as long as is said.</summary>
    public static async Task Loss(Trial trial)
    {
        int[] levels = trial.Quick ? [10, 20] : [10, 20, 30];
        foreach (int percent in levels)
        {
            Lab lab = await trial.FiveNodes();
            TimeSpan whole = trial.Level ?? trial.Seconds(45, 15);
            string time = string.Create(CultureInfo.InvariantCulture, $"in {whole.TotalSeconds} s");
            trial.Say($"{percent} % of all packets are lost for {whole.TotalSeconds} s");
            TimeSpan start = lab.Journal.Now;
            lab.Hosts.Lose(percent);
            await Lab.Last(whole);
            int verdicts = lab.Journal.VerdictsSince(start);
            if (percent == 10) trial.Findings.AtMost("verdicts at 10 %", 0, verdicts, time);
            if (percent == 20) trial.Findings.AtMost("verdicts at 20 %", MostVerdicts(whole), verdicts, time);
            trial.NobodyRemoved(
                lab, start, $"{percent} %{(percent == 30 ? $", {verdicts} verdicts" : "")} {time}");
            lab.Hosts.Heal();
            trial.Findings.Within($"all well after {percent} %", 10, await lab.AllWell(Trial.Seconds(40)));
        }
    }

    // Two an hour and node, and one at any time.
    private static double MostVerdicts(TimeSpan whole) =>
        Math.Max(1, Math.Floor(2 * HostNetwork.Nodes * whole.TotalHours));

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
}
