using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Faults of a host: its clock, its disk, its processors.</summary>
internal static partial class Machines
{
    private static readonly string[] _fakeTimeLibraries =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib64/faketime/libfaketimeMT.so.1",
        "/usr/lib/faketime/libfaketimeMT.so.1",
    ];

    /// <summary>Row 8: host 5's wall clock jumps by an hour, back by two, then runs at twice the speed.</summary>
    public static async Task ClockJump(Trial trial)
    {
        if (_fakeTimeLibraries.FirstOrDefault(File.Exists) is not { } library)
        {
            trial.Findings.Skip("libfaketimeMT.so.1 is not where Debian and others keep it");
            return;
        }
        string clock = Path.Combine(Path.GetTempPath(), $"faultlab-clock-{Environment.ProcessId}");
        SetClock(clock, "+0");
        try
        {
            Lab lab = await trial.FiveNodes(5, before: $"export LD_PRELOAD={library} "
                + $"FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1;");
            TimeSpan start = lab.Journal.Now;
            List<double> ahead = [];
            foreach (string time in (string[])["+3600", "-3600", "+0 x2"])
            {
                trial.Say($"the clock of host 5 says {time}");
                SetClock(clock, time);
                await ComeAndGo(lab);
                ahead.Add(lab.Journal.ClockAheadOf(5).TotalHours);
                await Lab.Last(trial.Seconds(10, 4));
            }
            trial.Findings.Holds("the node saw the jumps", "1 h ahead, 1 h behind",
                ahead[0] is > 0.99 and < 1.01 && ahead[1] is > -1.01 and < -0.99,
                string.Create(CultureInfo.InvariantCulture, $"{ahead[0]:0.00} h, {ahead[1]:0.00} h"));
            trial.NobodyHarmed(lab, start, "clock jumps");
            // A lost timer would be a lost heartbeat, or a leave that does not come to its end.
            lab[5].Send(Signal.Terminate);
            trial.Findings.Within("its timers run: it leaves in order", 10, await lab[5].Ends(Trial.Seconds(30)));
        }
        finally
        {
            File.Delete(clock);
        }
    }

    /// <summary>Row 9, as far as a node writes: host 5 keeps its data and log on a disk of 256 KiB, which fills up
    /// while it runs, and while members that come and go give it something to log.</summary>
    public static async Task DiskFull(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        string disk = Directory.CreateDirectory(Path.Combine(lab.Folder, "disk")).FullName;
        // The mount is the process's own, and ends with it.
        await lab.Form(5, ["--log-file", $"{disk}/node.log", "--log-level", "DEBUG"],
            $"mount -t tmpfs -o size=256k tmpfs '{disk}';");
        string seen = $"/proc/{lab[5].ProcessId}/root{disk}";
        TimeSpan start = lab.Journal.Now;
        trial.Say("the disk of node 5 is full");
        bool isFull = Fill($"{seen}/ballast");
        await ComeAndGo(lab);
        await Lab.Last(trial.Seconds(15, 5));
        trial.Findings.Holds("the disk", "full", isFull, isFull ? "full" : "not full");
        trial.Findings.AtMost("verdicts, a full disk", 0, lab.Journal.VerdictsSince(start));
        trial.Findings.AtMost("processes lost, a full disk", 0, lab.Lost(6));

        trial.Say("there is space again");
        var log = new FileInfo($"{seen}/node.log");
        long full = log.Length;
        File.Delete($"{seen}/ballast");
        await ComeAndGo(lab);
        log.Refresh();
        trial.Findings.Holds("after space is made", "it logs again", log.Length > full,
            $"{log.Length - full} bytes more");
    }

    /// <summary>The guest joins and leaves in order.</summary>
    private static async Task ComeAndGo(Lab lab)
    {
        LabNode guest = lab.Start(6);
        await lab.AllWell();
        guest.Send(Signal.Terminate);
        await guest.Ends(Trial.Seconds(30));
        await lab.AllWell();
    }

    /// <summary>Writes until the disk takes no more.</summary>
    private static bool Fill(string file)
    {
        try
        {
            using FileStream ballast = File.OpenWrite(file);
            for (int blocks = 0; blocks < 1024; blocks++)
            {
                ballast.Write(new byte[4096]);
                ballast.Flush();
            }
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Row 29: both processors are taken by others, and host 5's node has a fifth of one.</summary>
    public static async Task Starvation(Trial trial)
    {
        const string Group = "/sys/fs/cgroup/cpu";
        Lab lab = await trial.FiveNodes(5, ["--log-level", "debug"]);
        TimeSpan whole = trial.Seconds(40, 20);
        string seconds = whole.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        string group = $"{Group}/faultlab-{Environment.ProcessId}";
        bool hasQuota = File.Exists($"{Group}/cpu.cfs_quota_us");
        trial.Say($"both processors are busy for {seconds} s" + (hasQuota ? ", node 5 has a fifth of one" : ""));
        TimeSpan start = lab.Journal.Now;
        if (hasQuota)
        {
            Directory.CreateDirectory(group);
            await File.WriteAllTextAsync($"{group}/cpu.cfs_quota_us", "20000");
            await File.WriteAllTextAsync(
                $"{group}/cgroup.procs", lab[5].ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        try
        {
            using Process stress = Process.Start(new ProcessStartInfo(
                "stress-ng", ["--cpu", $"{Environment.ProcessorCount}", "--timeout", $"{seconds}s", "--quiet"]))!;
            await stress.WaitForExitAsync();
            int[] healthy = [.. lab.Journal.Since(start).Where(e => e.What is "unreachable" or "down" && e.Member != 5)
                .Select(e => e.Member).Distinct()];
            trial.Findings.AtMost("verdicts against healthy peers", 1, healthy.Length);
            trial.NobodyRemoved(lab, start, "starving");
            // A fifth of a processor is enough for the timers of a node that has nothing else to do.
            trial.Findings.Tell(
                "the starved node's doubt of itself, 8 at most",
                WorstHealth(lab[5].Log).ToString(CultureInfo.InvariantCulture));
        }
        finally
        {
            if (hasQuota)
            {
                await File.WriteAllTextAsync($"{group}/cpu.cfs_quota_us", "-1");
                await lab[5].Kill();
                Directory.Delete(group);
            }
        }
    }

    private static int WorstHealth(string log) => File.ReadLines(log)
        .Select(line => HealthInLog().Match(line)).Where(found => found.Success)
        .Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    [GeneratedRegex("local health ([0-9]) of")]
    private static partial Regex HealthInLog();

    // Replaced in one step: a process that reads in between would see half a time.
    private static void SetClock(string file, string time)
    {
        File.WriteAllText(file + ".new", time + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }
}
