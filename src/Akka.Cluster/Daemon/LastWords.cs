using Akka.Actor;

namespace Akka.Cluster.Daemon;

/// <summary>
/// Whether who was told of the cluster's end has had a turn to hear it: an actor that is stopped with its system leaves
/// what is still in its mailbox unread.
/// </summary>
internal static class LastWords
{
    /// <summary>Who is busy for longer, or waits for something that this wait keeps from happening, goes without.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Completes, and never fails, when all local ones have read what they were told before, or patience ends.
    /// </summary>
    public static Task HeardBy(IEnumerable<IActorRef> audience, TimeSpan patience) =>
        Task.WhenAll(audience.OfType<LocalActorRef>().Select(listener => HeardBy(listener, patience)));

    // Every actor answers this by itself, in its turn; the dead letters answer for the dead.
    private static Task HeardBy(LocalActorRef listener, TimeSpan patience) =>
        listener.Ask<ActorIdentity>(new Identify(nameof(LastWords)), patience).ContinueWith(
            asked => _ = asked.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
