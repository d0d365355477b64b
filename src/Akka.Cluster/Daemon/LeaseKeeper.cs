using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Daemon;

/// <summary>The hands of the rules on a user's lease. Each question is answered, in time and whatever the lease throws: no
/// answer is a no.</summary>
internal sealed class LeaseKeeper(Lease lease, Cluster cluster, IActorRef daemon)
{
    private TimeSpan Patience => lease.Settings.TimeoutSettings.OperationTimeout;

    public void Acquire(long question)
    {
        try
        {
            if (lease.CheckLease())
            {
                daemon.Tell(new LeaseAnswered(question, true), daemon);
                return;
            }

            var late = new LeaseTimeoutException($"no answer within {Patience}");
            cluster.System.Scheduler.ScheduleTellOnce(Patience, daemon, new LeaseAnswered(question, false, late), daemon);
            lease.Acquire().PipeTo(
                daemon, daemon,
                success: granted => new LeaseAnswered(question, granted),
                failure: error => new LeaseAnswered(question, false, error));
        }
        catch (Exception error)
        {
            // It is the user's; what it throws must not take the node out of the cluster.
            daemon.Tell(new LeaseAnswered(question, false, error), daemon);
        }
    }

    public void Release()
    {
        try
        {
            lease.Release().ContinueWith(
                released =>
                {
                    if (released.Exception?.GetBaseException() is { } error) Complain(error.Message);
                    else if (released is { IsCanceled: false, Result: false }) Complain("it was refused");
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception error)
        {
            Complain(error.Message);
        }
    }

    private void Complain(string why) => cluster.Log(
        LogLevel.WarningLevel, $"SBR couldn't release lease ({why}): it may be this node's until it times out.");
}
