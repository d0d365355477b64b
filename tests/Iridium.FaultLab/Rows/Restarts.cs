using System.Globalization;
using System.Text.RegularExpressions;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Nodes that go and come.</summary>
internal static class Restarts
{
    /// <summary>Row 24: each node in turn leaves in order and comes back, while a program on every node prints to a
    /// session on the guest's, 64 KB/s each; then the same of a plain cluster with a singleton that is asked all the
    /// time. What is acknowledged here is a spawn and, in order, each line of a program: those of nodes that stay are
    /// not lost. (There is no store of keys and values here, and no sharding.) With an earlier build, all nodes run that
    /// one at first, and come back in the present one; the guest's stays as it was.</summary>
    public static async Task Rolling(Trial trial)
    {
        await RollingLoaded(trial);
        // The plain cluster is this program, of which there is the present build alone.
        if (trial.Previous is null) await RollingSingleton(trial);
    }

    private static async Task RollingLoaded(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        string present = lab.Build;
        lab.Build = trial.Previous ?? present;
        await lab.Form();
        lab.Start(HostNetwork.Guest, ["--enable-remote-access"]);
        await lab.AllWell();
        int previous = lab.Running.Count(number => Runs(number, trial.Previous));
        lab.Build = present;
        string program = await ShellSession.Counter(lab);
        Dictionary<int, ShellSession> printing = [];
        int refused = 0, lost = 0, lines = 0, breaks = 0;
        try
        {
            for (int number = 1; number <= HostNetwork.Nodes; number++) await Load(number);
            TimeSpan start = lab.Journal.Now;
            long before = Links.Bytes(lab.Hosts[HostNetwork.Guest], "rx");
            var restarts = new Times();
            int turns = trial.Times(HostNetwork.Nodes, quick: 2);
            for (int turn = 0; turn < turns; turn++)
            {
                int number = turn % HostNetwork.Nodes + 1;
                trial.Say($"node {number} is restarted"
                    + (Runs(number, trial.Previous) ? ", from the previous build to the present one" : ""));
                TimeSpan at = lab.Journal.Now;
                lab[number].Send(Signal.Terminate);
                TimeSpan? ended = await lab[number].Ends(Trial.Seconds(30));
                lab.Start(number);
                TimeSpan? well = await lab.AllWell(Trial.Seconds(40));
                restarts.Add(ended is null || well is null ? null : lab.Journal.Now - at);
                foreach (int other in printing.Keys.Where(other => other != number))
                {
                    if (!await printing[other].Prints(Trial.Seconds(5))) lost++;
                }
                await End(number);
                await Load(number);
            }
            foreach (int number in printing.Keys.ToArray()) await End(number);
            if (trial.Previous is not null)
            {
                int all = HostNetwork.Guest, wanted = Math.Min(turns, HostNetwork.Nodes);
                int renewed = lab.Running.Count(number => Runs(number, present));
                trial.Findings.Holds(
                    "nodes at the start, all of the previous build", $"{all}", previous == all, $"{previous}");
                trial.Findings.Holds(
                    "of them came back in the present build", $"{wanted}", renewed == wanted, $"{renewed}");
            }
            double seconds = (lab.Journal.Now - start).TotalSeconds;
            double arrived = (Links.Bytes(lab.Hosts[HostNetwork.Guest], "rx") - before) / 1000.0 / seconds;
            trial.Findings.Holds("the load at the guest", ">= 200 KB/s", arrived >= 200,
                string.Create(CultureInfo.InvariantCulture, $"{arrived:0} KB/s"));
            trial.Findings.Within("a restart, from SIGTERM to up in every view", 12, restarts);
            trial.Findings.AtMost("verdicts", 0, lab.Journal.VerdictsSince(start));
            trial.Findings.AtMost("spawns not acknowledged", 0, refused);
            trial.Findings.AtMost("programs lost on nodes that stayed", 0, lost);
            trial.Findings.AtMost($"lines lost, doubled or disordered, of {lines}", 0, breaks);
        }
        finally
        {
            foreach (ShellSession session in printing.Values) await session.DisposeAsync();
        }

        // By what the system says of the process.
        bool Runs(int number, string? build) => build is not null
            && File.ResolveLinkTarget($"/proc/{lab[number].ProcessId}/exe", false)?.FullName
                == Path.Combine(build, LabNode.Program);

        async Task Load(int number)
        {
            ShellSession session = ShellSession.Open(lab.Hosts[HostNetwork.Guest]);
            printing.Add(number, session);
            if (!await session.Spawn(program, $"host{number}", Trial.Seconds(10))) refused++;
        }

        async Task End(int number)
        {
            printing.Remove(number, out ShellSession? session);
            await session!.DisposeAsync();
            lines += session.Lines;
            breaks += session.Breaks;
        }
    }

    private static async Task RollingSingleton(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        await using SingletonCluster cluster = await SingletonCluster.Form(lab, SingletonNode.Holds);
        SingletonProcess asker = cluster.Start(HostNetwork.Guest, SingletonNode.Asks);
        if (await cluster.Journal.Until(() => asker.Up == HostNetwork.Guest && asker.Answers > 0,
            SingletonCluster.Patience) is null)
            throw new InvalidOperationException("The plain cluster did not form, or its singleton did not answer.");
        var gone = new Times();
        int turns = trial.Times(HostNetwork.Nodes, quick: 2);
        asker.TakeLongest();
        for (int turn = 0; turn < turns; turn++)
        {
            int number = turn % HostNetwork.Nodes + 1;
            trial.Say($"plain node {number} is restarted, the oldest, with the singleton");
            cluster.Send(number, Signal.Terminate);
            TimeSpan? left = await cluster[number].Ends(SingletonCluster.Patience);
            SingletonProcess again = await cluster.Replace(number, SingletonNode.Holds);
            TimeSpan? back = await cluster.Journal.Until(
                () => again.Up == HostNetwork.Guest, SingletonCluster.Patience);
            // The answer that ends the gap has come, or none has come for longer than is allowed.
            TimeSpan longest = asker.TakeLongest();
            gone.Add(left is null || back is null ? null : longest);
        }
        int moves = asker.Homes.Count - 1;
        trial.Findings.Holds("moves of the singleton", $"{turns}", moves == turns, $"{moves}");
        trial.Findings.Within("no answer from the singleton, at a restart", 1, gone);
    }

    /// <summary>Row 25: the first seed dies; a sixth node comes by another; the seed comes back; two die.</summary>
    public static async Task SeedLoss(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        Times sixth = new(), back = new(), rest = new();
        int times = trial.Times(1, quick: 1), lostWithOne = 0, lostWithTwo = 0;
        for (int time = 0; time < times; time++)
        {
            trial.Say("the first seed dies");
            await lab[1].Kill();
            TimeSpan start = lab.Journal.Now;
            await lab.AllWell();
            lostWithOne += lab.Journal.RemovedSince(start).Count(number => number != 1) + lab.Lost(1, HostNetwork.Guest);

            trial.Say("a sixth node comes by another seed");
            LabNode guest = lab.Start(HostNetwork.Guest);
            sixth.Add(await lab.AllWell());

            trial.Say("the first seed comes back");
            lab.Start(1);
            back.Add(await lab.AllWell());

            trial.Say("two of the three seeds die");
            await Task.WhenAll(lab[1].Kill(), lab[2].Kill());
            start = lab.Journal.Now;
            rest.Add(await lab.AllWell());
            lostWithTwo += lab.Journal.RemovedSince(start).Count(number => number > 2) + lab.Lost(1, 2);
            if (time + 1 == times) break;

            trial.Say("both come back, and the sixth leaves");
            lab.Start(1);
            lab.Start(2);
            await lab.AllWell();
            guest.Send(Signal.Terminate);
            await guest.Ends(Trial.Seconds(30));
            await lab.AllWell();
        }
        trial.Findings.AtMost("other members lost with the seed", 0, lostWithOne);
        trial.Findings.Within("the sixth is up in every view", 5, sixth);
        trial.Findings.Within("the seed is back in the one cluster, no island", 5, back);
        trial.Findings.Within("two seeds dead: the others go on without them", 12, rest);
        trial.Findings.AtMost("other members lost with two seeds", 0, lostWithTwo);
    }

    /// <summary>Row 26: power is gone and comes back, one host a second.</summary>
    public static async Task Whole(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        var formed = new Times();
        int times = trial.Times(1, quick: 1), lost = 0;
        for (int time = 0; time < times; time++)
        {
            trial.Say("all five nodes die, and start again one a second");
            await Task.WhenAll(lab.Running.Select(number => lab[number].Kill()));
            int[] order = [4, 2, 5, 1, 3];
            foreach (int number in order)
            {
                lab.Start(number);
                if (number != order[^1]) await Lab.Last(Trial.Seconds(1));
            }
            formed.Add(await lab.AllWell());
            lost += lab.Lost();
        }
        trial.Findings.Within("one cluster of five after the last start", 10, formed);
        trial.Findings.AtMost("processes lost", 0, lost);
    }

    /// <summary>Row 27: a newcomer bears the alias of a member.</summary>
    public static async Task DuplicateAlias(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        int[] five = [1, 2, 3, 4, 5];
        Times refused = new(), gone = new();
        int times = trial.Times(1, quick: 1);
        HashSet<string> said = [];
        for (int time = 0; time < times; time++)
        {
            trial.Say("a sixth node comes as host2");
            LabNode guest = lab.Start(HostNetwork.Guest,
                ["--node-alias=host2", "--daemon-mode", "--join", $"{lab.Hosts[3].Ip}:{LabNode.ClusterPort}"]);
            refused.Add(await guest.Ends(Trial.Seconds(30)));
            bool hasReason = Regex.IsMatch(await File.ReadAllTextAsync(guest.Log), "alias", RegexOptions.IgnoreCase);
            said.Add($"{(hasReason ? "said" : "not said")}, code {guest.ExitCode}");
            File.Delete(guest.Log);
            // Otherwise the next one's address would be a member's.
            gone.Add(await lab.Journal.Until(() => lab.Journal.AllSee(five, five), Trial.Seconds(30)));
        }
        trial.Findings.Within("refused, from the start of its process to its end", 2, refused);
        trial.Findings.Holds("with a reason, and exit code 6", "a line about the alias",
            said.SetEquals(["said, code 6"]), string.Join("; ", said));
        trial.Findings.AtMost("verdicts meanwhile", 0,
            lab.Journal.Since(start).Count(e => e.Member <= 5 && e.What is "unreachable" or "down"));
        trial.Findings.Within("the five among themselves again", 10, gone);
    }

    /// <summary>Row 28: a node dies and another starts at once on its address.</summary>
    public static async Task AddressReuse(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        int[] four = [1, 2, 3, 4];
        var renewed = new Times();
        int times = trial.Times(3, quick: 1);
        for (int round = 0; round < times; round++)
        {
            trial.Say("node 5 dies and starts again at once");
            TimeSpan at = lab.Journal.Now;
            await lab[5].Kill();
            lab.Start(5);
            TimeSpan? well = await lab.Journal.Until(
                () => four.All(SawItGo) && lab.Journal.AllSee(lab.Running, lab.Running), Trial.Seconds(40));
            renewed.Add(well);

            bool SawItGo(int observer) => lab.Journal.Since(at).Any(
                entry => entry is { Member: 5, What: "removed" } && entry.Observer == observer);
        }
        trial.Findings.Within("the old one removed, the new one up everywhere", 5, renewed);
        trial.Findings.AtMost("processes lost", 0, lab.Lost());
    }
}
