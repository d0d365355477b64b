using System.Diagnostics;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>A member that had the singleton was stopped for longer than its removal takes, and has ended.</summary>
/// <param name="Singleton">That it had.</param>
/// <param name="AwakeAt">When it went on, by the journal's clock.</param>
/// <param name="Moved">How long from its stop until another singleton answered all the others; null is never.</param>
/// <param name="Ended">How long it took to end when it went on; null is never.</param>
internal sealed record RemovedHolder(Incarnation Singleton, long AwakeAt, TimeSpan? Moved, TimeSpan? Ended);

/// <summary>Pauses of the member that has the singleton of a plain cluster, while every member asks it all the
/// time.</summary>
internal static class HolderPauses
{
    /// <summary>Stops the holder for so long that nobody is removed for it.</summary>
    /// <returns>How long from then until all was well, and all were answered what they asked since.</returns>
    public static async Task<TimeSpan?> Short(Trial trial, SingletonCluster cluster, double seconds)
    {
        int holder = NumberOf(cluster.Journal.Incarnations[^1]);
        trial.Say($"plain node {holder}, with the singleton, stands still for {seconds} s");
        cluster.Send(holder, Signal.Stop);
        await Lab.Last(Trial.Seconds(seconds));
        return await cluster.AllWell(cluster.Send(holder, Signal.Continue));
    }

    /// <summary>Stops the holder for so long, and until another has the singleton if that takes longer; lets it go on and
    /// end; and starts another in its place.</summary>
    public static async Task<RemovedHolder> PastRemoval(Trial trial, SingletonCluster cluster, TimeSpan pause)
    {
        Incarnation singleton = cluster.Journal.Incarnations[^1];
        int holder = NumberOf(singleton);
        trial.Say($"plain node {holder}, with the singleton, stands still for {pause.TotalSeconds} s");
        cluster.Send(holder, Signal.Stop);
        Task whole = Lab.Last(pause);
        TimeSpan? moved = await cluster.Journal.Until(
            () => SingletonCluster.Hosts(but: holder).All(
                ip => cluster.Journal.LastAnswerTo(ip)!.Who.CompareTo(singleton) > 0),
            pause + SingletonCluster.Patience);
        await whole;
        long awakeAt = cluster.Send(holder, Signal.Continue);
        TimeSpan? ended = await cluster[holder].Ends(SingletonCluster.Patience);
        // An answer that was on its way from it has come when each has the answer to a later ask.
        await cluster.AllAnswered(Stopwatch.GetTimestamp(), but: holder);
        return new RemovedHolder(singleton, awakeAt, moved, ended);
    }

    /// <summary>Starts a process in the place of one that has ended, and waits until all is well.</summary>
    public static async Task Replace(SingletonCluster cluster, RemovedHolder removed)
    {
        await cluster.Replace(NumberOf(removed.Singleton), SingletonNode.HoldsAndAsks);
        await cluster.AllWell(Stopwatch.GetTimestamp());
    }

    private static int NumberOf(Incarnation singleton) =>
        Enumerable.Range(1, HostNetwork.Nodes).First(number => Host.IpOf(number) == singleton.Ip);
}
