using System.Globalization;
using System.Text.RegularExpressions;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Nodes that go and come.</summary>
internal static class Restarts
{
    /// <summary>Row 24: each node in turn leaves in order and comes back, while a program on every node prints to a
    /// session on the guest's, 64 KB/s each.</summary>
    public static async Task Rolling(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        lab.Start(HostNetwork.Guest);
        await lab.AllWell();
        string program = await Links.Torrent(lab, letters: 31);
        for (int number = 1; number <= HostNetwork.Nodes; number++) await Load(number);
        TimeSpan start = lab.Journal.Now;
        long before = Links.Bytes(lab.Hosts[HostNetwork.Guest], "rx");
        int[] turn = trial.Quick ? [1, 2] : [1, 2, 3, 4, 5];
        TimeSpan? total = TimeSpan.Zero;
        foreach (int number in turn)
        {
            trial.Say($"node {number} is restarted");
            TimeSpan at = lab.Journal.Now;
            lab[number].Send(Signal.Terminate);
            TimeSpan? ended = await lab[number].Ends(Trial.Seconds(30));
            lab.Start(number);
            TimeSpan? well = await lab.AllWell(Trial.Seconds(40));
            total = ended is null || well is null ? null : total + (lab.Journal.Now - at);
            await Load(number);
        }
        double seconds = (lab.Journal.Now - start).TotalSeconds;
        double arrived = (Links.Bytes(lab.Hosts[HostNetwork.Guest], "rx") - before) / 1000.0 / seconds;
        trial.Findings.Holds("the load at the guest", ">= 200 KB/s", arrived >= 200,
            string.Create(CultureInfo.InvariantCulture, $"{arrived:0} KB/s"));
        trial.Findings.Within($"{turn.Length} restarts", 12 * turn.Length, total);
        trial.Findings.AtMost("verdicts", 0, lab.Journal.VerdictsSince(start));

        Task Load(int number) => lab[HostNetwork.Guest].Type($"!spawn {program} --on host{number}");
    }

    /// <summary>Row 25: the first seed dies; a sixth node comes by another; the seed comes back; two die.</summary>
    public static async Task SeedLoss(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        trial.Say("the first seed dies");
        await lab[1].Kill();
        TimeSpan start = lab.Journal.Now;
        await lab.AllWell();
        trial.Findings.AtMost("other members lost with the seed", 0,
            lab.Journal.RemovedSince(start).Count(number => number != 1) + lab.Lost(1));

        trial.Say("a sixth node comes by another seed");
        lab.Start(HostNetwork.Guest);
        trial.Findings.Within("it is up in every view", 5, await lab.AllWell());

        trial.Say("the first seed comes back");
        lab.Start(1);
        trial.Findings.Within("it is back in the one cluster, no island", 5, await lab.AllWell());

        trial.Say("two of the three seeds die");
        await Task.WhenAll(lab[1].Kill(), lab[2].Kill());
        start = lab.Journal.Now;
        TimeSpan? rest = await lab.AllWell();
        trial.Findings.Within("two seeds dead: the others go on without them", 12, rest);
        trial.Findings.AtMost("other members lost with two seeds", 0,
            lab.Journal.RemovedSince(start).Count(number => number > 2) + lab.Lost(1, 2));
    }

    /// <summary>Row 26: power is gone and comes back, one host a second.</summary>
    public static async Task Whole(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        trial.Say("all five nodes die, and start again one a second");
        await Task.WhenAll(lab.Running.Select(number => lab[number].Kill()));
        int[] order = [4, 2, 5, 1, 3];
        foreach (int number in order)
        {
            lab.Start(number);
            if (number != order[^1]) await Lab.Last(Trial.Seconds(1));
        }
        trial.Findings.Within("one cluster of five after the last start", 10, await lab.AllWell());
        trial.Findings.AtMost("processes lost", 0, lab.Lost());
    }

    /// <summary>Row 27: a newcomer bears the alias of a member.</summary>
    public static async Task DuplicateAlias(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        trial.Say("a sixth node comes as host2");
        LabNode guest = lab.Start(HostNetwork.Guest,
            ["--node-alias=host2", "--daemon-mode", "--join", $"{lab.Hosts[3].Ip}:{LabNode.ClusterPort}"]);
        TimeSpan? refused = await guest.Ends(Trial.Seconds(30));
        string said = await File.ReadAllTextAsync(guest.Log);
        trial.Findings.Within("refused, from the start of its process to its end", 2, refused);
        bool hasReason = Regex.IsMatch(said, "alias", RegexOptions.IgnoreCase);
        trial.Findings.Holds("with a reason, and exit code 6", "a line about the alias",
            hasReason && guest.ExitCode == 6, $"{(hasReason ? "said" : "not said")}, code {guest.ExitCode}");
        trial.Findings.AtMost("verdicts meanwhile", 0,
            lab.Journal.Since(start).Count(e => e.Member <= 5 && e.What is "unreachable" or "down"));
        int[] five = [1, 2, 3, 4, 5];
        trial.Findings.Within("the five undisturbed", 5,
            await lab.Journal.Until(() => lab.Journal.AllSee(five, five), Trial.Seconds(30)));
    }

    /// <summary>Row 28: a node dies and another starts at once on its address.</summary>
    public static async Task AddressReuse(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        int[] four = [1, 2, 3, 4];
        TimeSpan? worst = TimeSpan.Zero;
        int times = trial.Times(3, quick: 1);
        for (int round = 0; round < times; round++)
        {
            trial.Say("node 5 dies and starts again at once");
            TimeSpan at = lab.Journal.Now;
            await lab[5].Kill();
            lab.Start(5);
            TimeSpan? well = await lab.Journal.Until(
                () => four.All(SawItGo) && lab.Journal.AllSee(lab.Running, lab.Running), Trial.Seconds(40));
            worst = Trial.Worst(worst, well);

            bool SawItGo(int observer) => lab.Journal.Since(at).Any(
                entry => entry is { Member: 5, What: "removed" } && entry.Observer == observer);
        }
        trial.Findings.Within($"the old one removed, the new one up everywhere{Trial.OfTimes(times)}", 5, worst);
        trial.Findings.AtMost("processes lost", 0, lab.Lost());
    }
}
