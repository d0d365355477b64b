using Akka.Actor;

namespace Akka.Coordination;

/// <summary>Questions to a lease, which is its user's code: each ends in time, and none throws.</summary>
internal static class LeaseCalls
{
    /// <param name="lease">The lease.</param>
    /// <param name="scheduler">Measures its <see cref="TimeoutSettings.OperationTimeout"/>.</param>
    /// <param name="answered">Told the outcome in time; and once more if that was a timeout and the lease is granted after
    /// all, for then somebody has to use it or give it back. The second may come first, by a moment.</param>
    /// <param name="lost">Called when it was taken and is lost again; null if nobody needs to know.</param>
    public static void TryAcquire(
        this Lease lease, IScheduler scheduler, Action<LeaseOutcome> answered, Action<Exception?>? lost = null)
    {
        InTime(lease, scheduler, () => lost is null ? lease.Acquire() : lease.Acquire(lost), AnsweredLate).ContinueWith(
            outcome => answered(outcome.Result), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        void AnsweredLate(LeaseOutcome late)
        {
            if (late.Done) answered(late);
        }
    }

    public static Task<LeaseOutcome> TryRelease(this Lease lease, IScheduler scheduler) =>
        InTime(lease, scheduler, lease.Release, late: null);

    /// <summary>Whether it is held, as far as is known; no if that cannot be said.</summary>
    public static bool IsHeld(this Lease lease)
    {
        try
        {
            return lease.CheckLease();
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static Task<LeaseOutcome> InTime(
        Lease lease, IScheduler scheduler, Func<Task<bool>> call, Action<LeaseOutcome>? late)
    {
        var outcome = new TaskCompletionSource<LeaseOutcome>();
        try
        {
            TimeSpan patience = lease.Settings.TimeoutSettings.OperationTimeout;
            ICancelable limit = scheduler.Advanced.ScheduleOnceCancelable(
                patience,
                () => outcome.TrySetResult(new(false, new LeaseTimeoutException($"no answer within {patience}"))));
            call().ContinueWith(
                answer =>
                {
                    limit.Cancel();
                    LeaseOutcome said = answer.IsCompletedSuccessfully
                        ? new LeaseOutcome(answer.Result)
                        : new LeaseOutcome(
                            false, answer.Exception?.GetBaseException() ?? new LeaseException("it was cancelled"));
                    if (!outcome.TrySetResult(said)) late?.Invoke(said);
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception error)
        {
            outcome.TrySetResult(new LeaseOutcome(false, error));
        }

        return outcome.Task;
    }
}

/// <param name="Done">Yes: it was taken, or given back.</param>
/// <param name="Error">Why that is not known; null when it is.</param>
internal readonly record struct LeaseOutcome(bool Done, Exception? Error = null);
