using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Hosts;
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
/// it needs a fencing token.
/// </remarks>
internal static class PausedSingleton
{
    public static async Task Run(Trial trial)
    {
        Lab lab = await trial.OpenLab();
        await using SingletonCluster cluster = await SingletonCluster.Form(lab, SingletonNode.HoldsAndAsks);
        if (await AllWell(cluster, 0) is null)
            throw new InvalidOperationException("The plain cluster did not form, or its singleton did not answer.");
        await UpToFiveSeconds(trial, cluster);
        await PastRemoval(trial, cluster);
    }

    private static async Task UpToFiveSeconds(Trial trial, SingletonCluster cluster)
    {
        double[] pauses = [1, 2, .. Enumerable.Repeat(5.0, trial.Times(3, quick: 1))];
        var answered = new Times();
        foreach (double seconds in pauses)
        {
            int holder = NumberOf(cluster.Journal.Incarnations[^1]);
            trial.Say($"plain node {holder}, with the singleton, stands still for {seconds} s");
            cluster.Send(holder, Signal.Stop);
            await Lab.Last(Trial.Seconds(seconds));
            long awake = cluster.Send(holder, Signal.Continue);
            answered.Add(await AllWell(cluster, awake));
        }
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
            Incarnation old = cluster.Journal.Incarnations[^1];
            int holder = NumberOf(old);
            trial.Say($"plain node {holder}, with the singleton, stands still for {pause.TotalSeconds} s");
            cluster.Send(holder, Signal.Stop);
            Task whole = Lab.Last(pause);
            moved.Add(await cluster.Journal.Until(
                () => Hosts(holder).All(ip => cluster.Journal.LastAnswerTo(ip)!.Who.CompareTo(old) > 0),
                pause + SingletonCluster.Patience));
            await whole;
            long awake = cluster.Send(holder, Signal.Continue);
            ends.Add(await cluster[holder].Ends(SingletonCluster.Patience));
            // An answer that was on its way from it has come when each has the answer to a later ask.
            await AllAnswered(cluster, Hosts(holder), Stopwatch.GetTimestamp());

            ImmutableArray<SingletonEntry> after =
                cluster.Journal.Entries(entry => entry.Who == old && entry.At > awake);
            works.Add(after.IsEmpty ? TimeSpan.Zero : Stopwatch.GetElapsedTime(awake, after.Max(entry => entry.At)));
            long newer = cluster.Journal.Incarnations[^1].BeganAt;
            foreach (SingletonEntry taken in after.Where(entry => entry.What == SingletonEvent.Takes))
            {
                if (taken.IsOwnAsk) own++;
                else if (taken.Asked?.At < newer) sentBefore++;
                else sentSince++;
            }
            await cluster.Replace(holder, SingletonNode.HoldsAndAsks);
            await AllWell(cluster, Stopwatch.GetTimestamp());
        }
        trial.Findings.Within("a longer one: another singleton answers every member", 22, moved);
        trial.Findings.AtMost("members answered by the one before when a newer one answers", 0,
            cluster.Journal.OutdatedAnswers().Count(answer => !answer.IsOwnAsk));
        trial.Findings.Within("the woken process learns it and ends", 15, ends);
        trial.Findings.Within("until then its singleton works, from its waking up", 1, works);
        trial.Findings.Holds("asks that it takes then, sent since a newer one began", "0", sentSince == 0,
            string.Create(CultureInfo.InvariantCulture, $"{sentSince}; {sentBefore} from before, {own} its own"));
    }

    /// <summary>Waits until all see all, and all have been answered what they asked since.</summary>
    private static async Task<TimeSpan?> AllWell(SingletonCluster cluster, long since)
    {
        TimeSpan? whole = await cluster.Journal.Until(() => cluster.IsWhole, SingletonCluster.Patience);
        return whole + await AllAnswered(cluster, Hosts(but: 0), since);
    }

    private static Task<TimeSpan?> AllAnswered(SingletonCluster cluster, string[] all, long since) =>
        cluster.Journal.Until(() => all.All(ip => cluster.Journal.LastAnswerTo(ip)?.Asked?.At > since),
            SingletonCluster.Patience);

    private static string[] Hosts(int but) =>
        [.. Enumerable.Range(1, HostNetwork.Nodes).Where(number => number != but).Select(Host.IpOf)];

    private static int NumberOf(Incarnation singleton) =>
        Enumerable.Range(1, HostNetwork.Nodes).First(number => Host.IpOf(number) == singleton.Ip);
}
