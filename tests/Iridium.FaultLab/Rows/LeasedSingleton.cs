using System.Globalization;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Row 2's pauses of the member that has the singleton, where the singleton has a lease
/// (<see cref="TermLease"/>) and looks at it before all that it does.</summary>
/// <remarks>
/// A lease alone would not do: the process that wakes up has had no time to be told that it is lost, and finds its mailbox
/// full. But it can see by its own clock that the time of the lease is over. What a lease cannot help is a process that is
/// stopped between that look and the deed: it does it when it wakes up. Who cannot bear even that lets what it acts upon
/// refuse older numbers of terms than it has seen (a fencing token).
/// </remarks>
internal static class LeasedSingleton
{
    public static async Task Run(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        await using SingletonCluster cluster =
            await SingletonCluster.Form(lab, SingletonNode.HoldsAndAsks, Path.Combine(lab.Folder, "leases"));
        await FiveSeconds(trial, cluster);
        await PastRemoval(trial, cluster);
    }

    private static async Task FiveSeconds(Trial trial, SingletonCluster cluster)
    {
        TimeSpan? answered = await HolderPauses.Short(trial, cluster, 5);
        int lives = cluster.Journal.Incarnations.Length, refused = Refused(cluster);
        trial.Findings.Holds("with a lease, 5 s: lives of the singleton, beats and asks it refuses", "1, 0",
            lives == 1 && refused == 0, string.Create(CultureInfo.InvariantCulture, $"{lives}, {refused}"));
        trial.Findings.Within("with a lease, 5 s: all well, and all are answered again", 2, answered);
    }

    private static async Task PastRemoval(Trial trial, SingletonCluster cluster)
    {
        Times moved = new(), ends = new();
        int times = trial.Times(1, quick: 1);
        for (int time = 0; time < times; time++)
        {
            RemovedHolder removed = await HolderPauses.PastRemoval(trial, cluster, Trial.Seconds(20));
            moved.Add(removed.Moved);
            ends.Add(removed.Ended);
            await HolderPauses.Replace(cluster, removed);
        }
        int doubles = cluster.Journal.Doubles().Length;
        trial.Findings.Within("with a lease, a longer one: another answers every member", 22, moved);
        trial.Findings.Within("with a lease: the woken process ends", 15, ends);
        trial.Findings.Holds("with a lease: beats and asks of the one before, beside a newer one", "0", doubles == 0,
            string.Create(CultureInfo.InvariantCulture, $"{doubles}; {Refused(cluster)} that it refuses"));
    }

    private static int Refused(SingletonCluster cluster) =>
        cluster.Journal.Entries(entry => entry.What == SingletonEvent.Refuses).Length;
}
