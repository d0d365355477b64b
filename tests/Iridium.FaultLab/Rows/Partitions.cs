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
        Times decided = new(), silent = new(), ended = new(), well = new();
        int times = trial.Times(1, quick: 1), lost = 0, sides = 1;
        for (int time = 0; time < times; time++)
        {
            Split split = await CutTheSeedsOff(trial, lab);
            decided.Add(split.Decided);
            silent.Add(split.Silent);
            ended.Add(split.Ended);
            well.Add(split.Well);
            lost += split.Lost;
            sides = Math.Max(sides, split.Sides);
        }
        trial.Findings.Within("the majority has removed the minority", 12, decided);
        trial.Findings.Within("the minority serves no more", 12, silent);
        trial.Findings.Within("the minority's processes have ended", 12, ended);
        trial.Findings.AtMost("members of the majority lost", 0, lost);
        trial.Findings.Holds("sides that survive", "1", sides == 1, $"{sides}");
        trial.Findings.Within("all views equal after the heal", 10, well);
    }

    private static async Task<Split> CutTheSeedsOff(Trial trial, Lab lab)
    {
        trial.Say("hosts 1 and 2 are cut off from 3, 4 and 5");
        TimeSpan cut = lab.Journal.Now;
        lab.Hosts.Partition(_minority, _majority);
        Task<TimeSpan?>[] ends = [.. _minority.Select(number => lab[number].Ends(Trial.Seconds(40)))];
        TimeSpan? decided = await lab.Journal.Until(
            () => lab.Journal.AllSee(_majority, _majority), Trial.Seconds(40));
        TimeSpan?[] ended = await Task.WhenAll(ends);
        TimeSpan?[] silent = [.. _minority.Select(number =>
            lab.Journal.Since(cut).FirstOrDefault(entry => entry.Observer == number && entry.What == Journal.Ended)?.At - cut)];
        int lost = _majority.Count(number => lab[number].HasEnded), sides = Sides(lab);

        trial.Say("healed; nodes 1 and 2 start again");
        lab.Hosts.Heal();
        foreach (int number in _minority.Concat(_majority).Where(number => lab[number].HasEnded)) lab.Start(number);
        TimeSpan? well = await lab.AllWell(Trial.Seconds(40));
        return new Split(decided, Trial.Last(silent), Trial.Last(ended), lost, sides, well);
    }

    /// <summary>What became of a split.</summary>
    /// <param name="Silent">When the smaller side's command endpoints were closed: its actors have ended, and its
    /// process only waits for what it still has to send.</param>
    private sealed record Split(
        TimeSpan? Decided, TimeSpan? Silent, TimeSpan? Ended, int Lost, int Sides, TimeSpan? Well);

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
        var well = new Times();
        int times = trial.Times(1, quick: 1), sides = 1;
        bool settled = true;
        SortedSet<int> removed = [];
        for (int time = 0; time < times; time++)
        {
            trial.Say($"between hosts 4 and 5 nothing passes, {how}");
            TimeSpan start = lab.Journal.Now;
            cut(lab);
            await Lab.Last(trial.Seconds(20, 15));
            // Long enough for a decision that has begun: every view that is left is settled, or was never in doubt.
            settled &= await lab.Journal.Until(() => Settled(lab), Trial.Seconds(5)) is not null;
            sides = Math.Max(sides, Sides(lab));
            removed.UnionWith(lab.Journal.RemovedSince(start));
            lab.Hosts.Heal();
            foreach (int number in (int[])[1, 2, 3, 4, 5])
            {
                if (lab[number].HasEnded) lab.Start(number);
            }
            well.Add(await lab.AllWell(Trial.Seconds(40)));
        }
        trial.Findings.Holds($"{how}: sides that survive", "1", sides == 1, $"{sides}");
        trial.Findings.Holds($"{how}: removed", "none, or one agreed set of 4 and 5",
            settled && removed.All(number => number is 4 or 5),
            (removed.Count == 0 ? "none" : string.Join(" and ", removed)) + (settled ? "" : ", views differ"));
        trial.Findings.Within($"{how}: all views equal after the heal", 10, well);
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
