using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Faults of one process: it dies, or it stands still.</summary>
internal static class Processes
{
    /// <summary>Row 1.</summary>
    public static async Task Kill(Trial trial)
    {
        Times unreachable = new(), removed = new();
        Lab lab = await trial.FiveNodes();
        int[] victims = [5, 3, 1, 4, 2];
        int times = trial.Times(3, quick: 1);
        for (int time = 0; time < times; time++)
        {
            int victim = victims[time % victims.Length];
            trial.Say($"killing node {victim}");
            int[] others = [.. lab.Running.Where(number => number != victim)];
            TimeSpan at = lab.Journal.Now;
            await lab[victim].Kill();
            TimeSpan? seen = await lab.Journal.Until(
                () => others.Any(other => lab.Journal.ViewOf(other).TryGetValue(victim, out Sight? s) && !s.Reachable),
                Trial.Seconds(15));
            unreachable.Add(seen is null ? null : lab.Journal.Now - at);
            TimeSpan? gone = await lab.Journal.Until(() => lab.Journal.AllSee(others, others), Trial.Seconds(30));
            removed.Add(gone is null ? null : lab.Journal.Now - at);
            lab.Start(victim);
            await lab.AllWell();
        }
        trial.Findings.Within($"unreachable", 1, unreachable);
        trial.Findings.Within($"removed in every view", 10, removed);
        trial.Findings.AtMost("processes lost beside it", 0, lab.Lost());
    }

    /// <summary>Row 2.</summary>
    public static async Task Pause(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        await ShortPauses(trial, lab);
        await PausesOfFiveSeconds(trial, lab);
        await PastRemoval(trial, lab);
        await PausedSingleton.Run(trial);
        await LeasedSingleton.Run(trial);
    }

    private static async Task ShortPauses(Trial trial, Lab lab)
    {
        TimeSpan start = lab.Journal.Now;
        double[] pauses = trial.Quick ? [1, 2] : [1, 2, 1, 2, 2, 2];
        foreach (double seconds in pauses)
        {
            trial.Say($"node 4 stands still for {seconds} s");
            lab[4].Send(Signal.Stop);
            await Lab.Last(Trial.Seconds(seconds));
            lab[4].Send(Signal.Continue);
            await Lab.Last(Trial.Seconds(3));
        }
        trial.NobodyHarmed(lab, start, "pauses of 1 and 2 s");
    }

    private static async Task PausesOfFiveSeconds(Trial trial, Lab lab)
    {
        TimeSpan start = lab.Journal.Now;
        Times unreachable = new(), well = new();
        int times = trial.Times(3, quick: 1);
        for (int time = 0; time < times; time++)
        {
            (TimeSpan? found, TimeSpan? back) = await FiveSeconds(trial, lab);
            unreachable.Add(found);
            well.Add(back);
        }
        trial.Findings.Within($"a pause of 5 s: unreachable", 3, unreachable);
        trial.Findings.Within($"well again after it", 2, well);
        trial.NobodyRemoved(lab, start, "a pause of 5 s");
    }

    private static async Task<(TimeSpan? Found, TimeSpan? Back)> FiveSeconds(Trial trial, Lab lab)
    {
        trial.Say("node 4 stands still for 5 s");
        int[] others = [1, 2, 3, 5];
        lab[4].Send(Signal.Stop);
        Task whole = Lab.Last(Trial.Seconds(5));
        TimeSpan? unreachable = await lab.Journal.Until(
            () => others.Any(o => lab.Journal.ViewOf(o).TryGetValue(4, out Sight? sight) && !sight.Reachable),
            Trial.Seconds(5));
        await whole;
        lab[4].Send(Signal.Continue);
        return (unreachable, await lab.AllWell(Trial.Seconds(20)));
    }

    private static async Task PastRemoval(Trial trial, Lab lab)
    {
        Times removed = new(), ends = new(), well = new();
        int times = trial.Times(1, quick: 1), harmed = 0;
        for (int time = 0; time < times; time++)
        {
            // A minute once; a removal takes less, and every further pause is over soon after it.
            TimeSpan pause = time == 0 ? trial.Seconds(60, 20) : Trial.Seconds(20);
            trial.Say($"node 4 stands still for {pause.TotalSeconds} s");
            int[] others = [1, 2, 3, 5];
            TimeSpan stopped = lab.Journal.Now;
            lab[4].Send(Signal.Stop);
            Task whole = Lab.Last(pause);
            removed.Add(await lab.Journal.Until(() => lab.Journal.AllSee(others, others), pause));
            await whole;
            lab[4].Send(Signal.Continue);
            ends.Add(await lab[4].Ends(Trial.Seconds(30)));
            harmed += others.Count(member => lab.Journal.Since(stopped).Any(
                e => e.Observer != 4 && e.Member == member && e.What == "removed"));
            await lab[4].Kill();
            lab.Start(4);
            well.Add(await lab.AllWell(Trial.Seconds(30)));
        }
        trial.Findings.Within("a longer one: removed in every view", 14, removed);
        // It decides as a minority does: it sees no one, and waits for stillness.
        trial.Findings.Within("the removed node learns it and ends", 15, ends);
        trial.Findings.AtMost("healthy members removed", 0, harmed);
        trial.Findings.Within("started again, up in every view", 10, well);
    }
}
