namespace Akka.TestKit;

// Time limits: what is left, what is stretched, and blocks that must end within bounds.
public abstract partial class TestKitBase
{
    private Deadline? _within;

    /// <summary>What is left of the innermost Within.</summary>
    /// <exception cref="InvalidOperationException">There is no Within around the call.</exception>
    public TimeSpan Remaining => _within?.Left
        ?? throw new InvalidOperationException("Remaining has a meaning only inside of Within.");

    /// <summary>What is left of the innermost Within, or the given time.</summary>
    public TimeSpan RemainingOr(TimeSpan duration) => _within?.Left ?? duration;

    /// <summary>What is left of the innermost Within, or the default time for one expectation.</summary>
    public TimeSpan RemainingOrDefault => _within?.Left ?? Dilated(TestKitSettings.SingleExpectDefault);

    /// <summary>The given time, stretched, but no more than Within has left; null means what is left or the
    /// default.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is null) return RemainingOrDefault;
        if (duration == Timeout.InfiniteTimeSpan) return duration.Value;
        if (duration < TimeSpan.Zero)
            throw new ArgumentException($"The time is {duration}, but must not be negative.", nameof(duration));
        return _within is { } within ? within.LeftOr(Dilated(duration.Value)) : Dilated(duration.Value);
    }

    /// <summary>A time multiplied by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration == Timeout.InfiniteTimeSpan
        ? duration
        : TimeSpan.FromTicks((long)(duration.Ticks * TestKitSettings.TestTimeFactor));

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => Dilated(timeout ?? DefaultTimeout);

    /// <summary>Runs the action, which must end within this time; expectations inside share it.</summary>
    public void Within(
        TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within<object?>(
            min, max,
            () =>
            {
                action();
                return null;
            },
            hint, epsilonValue, cancellationToken);

    public T Within<T>(
        TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        InBounds(min, max, () => ValueTask.FromResult(function()), hint, epsilonValue, cancellationToken).Result();

    public Task WithinAsync(
        TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public async Task WithinAsync(
        TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await InBounds<object?>(
            min, max,
            async () =>
            {
                await actionAsync();
                return null;
            },
            hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(
        TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(
        TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await InBounds(
            min, max, async () => await function(), hint, epsilonValue, cancellationToken);

    private async ValueTask<T> InBounds<T>(
        TimeSpan min, TimeSpan max, Func<ValueTask<T>> block, string? hint, TimeSpan? epsilon,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Deadline? outer = _within;
        TimeSpan limit = outer is { } around ? around.LeftOr(Dilated(max)) : Dilated(max);
        string about = hint is null ? "" : $" ({hint})";
        Assertions.AssertTrue(
            limit >= min, $"The remaining time {limit} is shorter than the required minimum {min}{about}.");
        var own = new Deadline(limit);
        _within = own;
        T result;
        try
        {
            result = await block();
        }
        finally
        {
            _within = outer;
        }
        TimeSpan took = own.Passed;
        Assertions.AssertTrue(took >= min, $"The block took {took}, but should have taken at least {min}{about}.");
        // An expectation of silence uses the time up to its end, so that a little more has always passed.
        TimeSpan leeway = epsilon ?? TimeSpan.FromMilliseconds(100);
        Assertions.AssertTrue(
            took <= limit + leeway, $"The block took {took}, longer than the {limit} it had{about}.");
        return result;
    }
}
