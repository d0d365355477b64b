using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Cuts between hosts that last.</summary>
internal static class Partitions
{
    private static readonly int[] _minority = [1, 2];
    private static readonly int[] _majority = [3, 4, 5];

    /// <summary>Row 3: 2 | 3, until both sides have decided, then healed. The seeds are in the minority.</summary>
    public static async Task Symmetric(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        trial.Say("hosts 1 and 2 are cut off from 3, 4 and 5");
        TimeSpan cut = lab.Journal.Now;
        lab.Hosts.Partition(_minority, _majority);
        Task<TimeSpan?>[] ends = [.. _minority.Select(number => lab[number].Ends(Trial.Seconds(40)))];
        TimeSpan? decided = await lab.Journal.Until(
            () => lab.Journal.AllSee(_majority, _majority), Trial.Seconds(40));
        TimeSpan?[] stopped = await Task.WhenAll(ends);
        trial.Findings.Within("the majority has removed the minority", 12, decided);
        trial.Findings.Within("the minority has stopped", 12, stopped.Contains(null) ? null : stopped.Max());
        int[] lost = [.. _majority.Where(number => lab[number].HasEnded)];
        trial.Findings.AtMost("members of the majority lost", 0, lost.Length);
        trial.Findings.Holds("sides that survive", "1", Sides(lab) == 1, $"{Sides(lab)}");

        trial.Say("healed; nodes 1 and 2 start again");
        lab.Hosts.Heal();
        foreach (int number in _minority) lab.Start(number);
        trial.Findings.Within($"all views equal after the heal ({lab.Journal.Now - cut:m\\:ss} after the cut)", 10,
            await lab.AllWell(Trial.Seconds(40)));
    }

    /// <summary>Row 4: host 5 hears nothing from host 4; then, in a fresh laboratory, neither hears the other. All
    /// others hear both.</summary>
    public static async Task Partial(Trial trial)
    {
        await Cut(trial, "one way", lab => lab.Hosts.CutOneWay(4, 5));
        await Cut(trial, "both ways", lab => lab.Hosts.Cut(4, 5));
    }

    private static async Task Cut(Trial trial, string how, Action<Lab> cut)
    {
        Lab lab = await trial.FiveNodes();
        trial.Say($"between hosts 4 and 5 nothing passes, {how}");
        TimeSpan start = lab.Journal.Now;
        cut(lab);
        await Lab.Last(trial.Seconds(20, 15));
        // Long enough for a decision that has begun: every view that is left is settled, or was never in doubt.
        TimeSpan? settled = await lab.Journal.Until(() => Settled(lab), Trial.Seconds(5));
        string[] removed = [.. lab.Journal.RemovedSince(start).Select(number => $"{number}")];
        trial.Findings.Holds($"{how}: sides that survive", "1", Sides(lab) == 1, $"{Sides(lab)}");
        trial.Findings.Holds($"{how}: removed", "none, or one agreed set of 4 and 5",
            settled is not null && removed.All(number => number is "4" or "5"),
            (removed.Length == 0 ? "none" : string.Join(" and ", removed)) + (settled is null ? ", views differ" : ""));
        lab.Hosts.Heal();
        foreach (int number in (int[])[4, 5])
        {
            if (lab[number].HasEnded) lab.Start(number);
        }
        trial.Findings.Within($"{how}: all views equal after the heal", 10, await lab.AllWell(Trial.Seconds(40)));
    }

    /// <summary>Groups of running nodes whose views exclude each other.</summary>
    private static int Sides(Lab lab) =>
        lab.Running.Select(n => string.Join(',', lab.Journal.ViewOf(n).Keys.Order())).Distinct().Count();

    private static bool Settled(Lab lab)
    {
        int[] all = lab.Running;
        return all.All(observer => lab.Journal.ViewOf(observer) is { } view
            && view.Keys.Order().SequenceEqual(all) && view.Values.All(sight => sight.State == "up"));
    }
}
