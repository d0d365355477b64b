using Akka.Actor;

namespace Akka.Cluster.Daemon;

/// <summary>
/// Whether who was told of the cluster's end has had a turn to hear it: an actor that is stopped with its system leaves
/// what is still in its mailbox unread.
/// </summary>
internal static class LastWords
{
    /// <summary>Who is busy for longer, or waits for something that this wait keeps from happening, goes without.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Completes, and never fails, when all local ones have read what they were told before.</summary>
    public static Task HeardBy(IEnumerable<IActorRef> audience) =>
        Task.WhenAll(audience.OfType<LocalActorRef>().Select(HeardBy));

    // Every actor answers this by itself, in its turn; the dead letters answer for the dead.
    private static Task HeardBy(LocalActorRef listener) =>
        listener.Ask<ActorIdentity>(new Identify(nameof(LastWords)), Patience).ContinueWith(
            asked => _ = asked.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
