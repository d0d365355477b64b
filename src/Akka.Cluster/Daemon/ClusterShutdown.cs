using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemon;

/// <summary>
/// The cluster's part in the orderly end of an actor system: leave, wait until the others have let go, say that it is
/// done, stop. Each is a task in a phase of its own, so that applications can put their own work between.
/// </summary>
internal static class ClusterShutdown
{
    private static readonly ImmutableArray<MemberStatus> OnTheWayOut =
        [MemberStatus.Leaving, MemberStatus.Exiting, MemberStatus.Down];

    private static readonly ImmutableArray<MemberStatus> LetGo = [MemberStatus.Exiting, MemberStatus.Down];

    public static void AddTasks(Cluster cluster)
    {
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(cluster.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () =>
        {
            cluster.Tell(new Leave(cluster.SelfAddress));
            return When(cluster, OnTheWayOut);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "wait-exiting", () => When(cluster, LetGo));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", () =>
        {
            if (cluster.IsTerminated) return Task.FromResult(Done.Instance);
            var told = new TaskCompletionSource<Done>();
            cluster.Tell(new ClusterRequest.ExitingDone(told));
            return Either(told.Task, cluster.Stopped.Task);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", () =>
        {
            cluster.Shutdown();
            return WhenHeard(cluster);
        });
    }

    /// <summary>Starts the system's own shutdown because the cluster says so.</summary>
    public static void Run(Cluster cluster, ShutdownCause cause)
    {
        CoordinatedShutdown.Reason reason = cause == ShutdownCause.Leaving
            ? CoordinatedShutdown.ClusterLeavingReason.Instance
            : CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance;
        CoordinatedShutdown.Get(cluster.System).Run(reason);
    }

    /// <summary>Stops the cluster's actors, and with them the system if this node was downed.</summary>
    public static void Stop(Cluster cluster, bool wasDown)
    {
        cluster.Shutdown();
        if (wasDown && cluster.Settings.RunCoordinatedShutdownWhenDown)
            CoordinatedShutdown.Get(cluster.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    /// <summary>The next phases end the system, and with it actors that have not read yet what they were told.</summary>
    private static Task<Done> WhenHeard(Cluster cluster)
    {
        var heard = new TaskCompletionSource<Done>();
        cluster.Stopped.Task.ContinueWith(
            _ => cluster.LastWordsHeard.ContinueWith(
                _ => heard.TrySetResult(Done.Instance), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return heard.Task;
    }

    private static Task<Done> When(Cluster cluster, ImmutableArray<MemberStatus> statuses)
    {
        if (cluster.IsTerminated) return Task.FromResult(Done.Instance);
        var reached = new TaskCompletionSource<Done>();
        cluster.Tell(new ClusterRequest.WhenSelfIs(statuses, reached));
        return Either(reached.Task, cluster.Stopped.Task);
    }

    /// <summary>The cluster may stop before it reads the request: then nobody answers it.</summary>
    private static Task<Done> Either(Task<Done> first, Task<Done> second)
    {
        var either = new TaskCompletionSource<Done>();
        foreach (Task<Done> task in new[] { first, second })
        {
            task.ContinueWith(
                _ => either.TrySetResult(Done.Instance), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return either.Task;
    }
}
