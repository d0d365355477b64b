using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>
/// Row 2's pauses of the member that has the singleton of a plain cluster, while every member asks it all the time.
/// </summary>
/// <remarks>
/// A process that wakes up has the singleton in its memory, and no one can take it away: it has to learn that another
/// began meanwhile, and until then there are two. So it is measured whom the one before answers, which asks it still
/// takes, and for how long it works. What was sent to it before its removal waits in the sockets, and is the first that
/// it finds; and its own node asks it until it has ended. These are told and not judged: the time is. Who cannot bear
/// it needs a lease: <see cref="LeasedSingleton"/>.
/// </remarks>
internal static class PausedSingleton
{
    public static async Task Run(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        await using SingletonCluster cluster = await SingletonCluster.Form(lab, SingletonNode.HoldsAndAsks);
        await UpToFiveSeconds(trial, cluster);
        await PastRemoval(trial, cluster);
    }

    private static async Task UpToFiveSeconds(Trial trial, SingletonCluster cluster)
    {
        double[] pauses = [1, 2, .. Enumerable.Repeat(5.0, trial.Times(3, quick: 1))];
        var answered = new Times();
        foreach (double seconds in pauses) answered.Add(await HolderPauses.Short(trial, cluster, seconds));
        trial.Findings.AtMost("the singleton moves, pauses of its holder up to 5 s", 0,
            cluster.Journal.Incarnations.Length - 1);
        trial.Findings.Within("all well, and all are answered again", 2, answered);
    }

    private static async Task PastRemoval(Trial trial, SingletonCluster cluster)
    {
        Times moved = new(), ends = new(), works = new();
        int times = trial.Times(1, quick: 1), sentSince = 0, sentBefore = 0, own = 0;
        for (int time = 0; time < times; time++)
        {
            // As long as the pauses of the nodes; and until another has the singleton, if that takes longer.
            TimeSpan pause = time == 0 ? trial.Seconds(60, 20) : Trial.Seconds(20);
            RemovedHolder removed = await HolderPauses.PastRemoval(trial, cluster, pause);
            moved.Add(removed.Moved);
            ends.Add(removed.Ended);

            ImmutableArray<SingletonEntry> after =
                cluster.Journal.Entries(entry => entry.Who == removed.Singleton && entry.At > removed.AwakeAt);
            works.Add(after.IsEmpty
                ? TimeSpan.Zero : Stopwatch.GetElapsedTime(removed.AwakeAt, after.Max(entry => entry.At)));
            long newer = cluster.Journal.Incarnations[^1].BeganAt;
            foreach (SingletonEntry taken in after.Where(entry => entry.What == SingletonEvent.Takes))
            {
                if (taken.IsOwnAsk) own++;
                else if (taken.Asked?.At < newer) sentBefore++;
                else sentSince++;
            }
            await HolderPauses.Replace(cluster, removed);
        }
        trial.Findings.Within("a longer one: another singleton answers every member", 22, moved);
        trial.Findings.AtMost("members answered by the one before when a newer one answers", 0,
            cluster.Journal.OutdatedAnswers().Count(answer => !answer.IsOwnAsk));
        trial.Findings.Within("the woken process learns it and ends", 15, ends);
        trial.Findings.Within("until then its singleton works, from its waking up", 1, works);
        trial.Findings.Holds("asks that it takes then, sent since a newer one began", "0", sentSince == 0,
            string.Create(CultureInfo.InvariantCulture, $"{sentSince}; {sentBefore} from before, {own} its own"));
    }
}
