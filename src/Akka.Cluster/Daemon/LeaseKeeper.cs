using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Daemon;

/// <summary>The hands of the rules on a user's lease. Each question is answered, in time and whatever the lease throws: no
/// answer is a no, and a yes that comes later is told, too.</summary>
internal sealed class LeaseKeeper(Lease lease, Cluster cluster, IActorRef daemon)
{
    private IScheduler Scheduler => cluster.System.Scheduler;

    public void Acquire(long question)
    {
        if (lease.IsHeld()) daemon.Tell(new LeaseAnswered(question, true), daemon);
        else
        {
            lease.TryAcquire(
                Scheduler, outcome => daemon.Tell(new LeaseAnswered(question, outcome.Done, outcome.Error), daemon));
        }
    }

    public void Release() => lease.TryRelease(Scheduler).ContinueWith(
        released =>
        {
            if (released.Result is not { Done: false, Error: var error }) return;
            cluster.Log(
                LogLevel.WarningLevel,
                $"SBR couldn't release lease ({error?.Message ?? "it was refused"}): it may be this node's until it times out.");
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
