using System.Runtime.ExceptionServices;

namespace Akka.TestKit;

// Waiting for the world to become as it should: a condition, or an assertion that no longer throws.
public abstract partial class TestKitBase
{
    private static readonly TimeSpan AwaitInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again until the condition holds; fails when it does not in time.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default)
    {
        if (Holds(BlockingWaiter.Instance, Plain(conditionIsFulfilled), max, interval, cancellationToken)
            .Result()) return;
        Assertions.Fail(NotFulfilled(max, message));
    }

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), null, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default)
    {
        if (await Holds(AsyncWaiter.Instance, async () =>
            await conditionIsFulfilled(), max, interval, cancellationToken))
            return;
        Assertions.Fail(NotFulfilled(max, message));
    }

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    /// <summary>As AwaitCondition, but says false instead of failing.</summary>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Holds(BlockingWaiter.Instance, Plain(conditionIsFulfilled), max, interval, cancellationToken).Result();

    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, cancellationToken);

    public async Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await Holds(AsyncWaiter.Instance, async () => await conditionIsFulfilled(), max, interval, cancellationToken);

    /// <summary>Tries again and again until the assertion does not throw; lets its last exception out when time is
    /// up.</summary>
    public void AwaitAssert(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Passes(
            BlockingWaiter.Instance,
            () =>
            {
                assertion();
                return ValueTask.CompletedTask;
            },
            duration, interval, cancellationToken).Finish();

    public async Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await Passes(
            AsyncWaiter.Instance,
            () =>
            {
                assertion();
                return ValueTask.CompletedTask;
            },
            duration, interval, cancellationToken);

    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await Passes(AsyncWaiter.Instance, async () => await assertion(), duration, interval, cancellationToken);

    private static Func<ValueTask<bool>> Plain(Func<bool> condition) => () => ValueTask.FromResult(condition());

    private string NotFulfilled(TimeSpan? max, string? message) =>
        $"Timeout ({RemainingOrDilated(max)}) while waiting for a condition{(message is null ? "." : $": {message}")}";

    private async ValueTask<bool> Holds(
        IWaiter waiter, Func<ValueTask<bool>> condition, TimeSpan? max, TimeSpan? interval,
        CancellationToken cancellation)
    {
        var deadline = new Deadline(RemainingOrDilated(max));
        while (true)
        {
            if (await condition()) return true;
            if (deadline.IsOver) return false;
            await waiter.Pause(deadline.LeftOr(interval ?? AwaitInterval), cancellation);
        }
    }

    private async ValueTask Passes(
        IWaiter waiter, Func<ValueTask> assertion, TimeSpan? max, TimeSpan? interval, CancellationToken cancellation)
    {
        var deadline = new Deadline(RemainingOrDilated(max));
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                if (deadline.IsOver) ExceptionDispatchInfo.Throw(failure);
            }
            await waiter.Pause(deadline.LeftOr(interval ?? AwaitInterval), cancellation);
        }
    }
}
