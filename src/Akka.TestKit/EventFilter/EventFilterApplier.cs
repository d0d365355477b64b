using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>The last step of a filter: what is expected of the events it finds. They are kept out of the
/// log.</summary>
public interface IEventFilterApplier
{
    /// <summary>Another filter beside this one; both count.</summary>
    EventFilterFactory And { get; }

    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default);

    T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);

    Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default);

    Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default);

    Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default);

    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events out of the log while the action runs, however many there are.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    T Mute<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events out of the log until the result is unmuted or disposed.</summary>
    IUnmutableFilter Mute();
}

/// <summary>A filter at work, until it is told to stop.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}

internal sealed class EventFilterApplier(TestKitBase kit, ActorSystem system, IReadOnlyList<EventFilter> filters)
    : IEventFilterApplier
{
    public EventFilterFactory And => new(kit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default) =>
        Expecting(BlockingWaiter.Instance, expectedCount, timeout, Synchronously(action), cancellationToken).Result();

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        ExpectOne(Leeway, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expecting(BlockingWaiter.Instance, 1, timeout, () => ValueTask.FromResult(func()), cancellationToken).Result();

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway, func, cancellationToken);

    public T Expect<T>(
        int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expecting(
            BlockingWaiter.Instance, expectedCount, timeout, () =>
                ValueTask.FromResult(func()), cancellationToken).Result();

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, Leeway, actionAsync, cancellationToken);

    public Task ExpectOneAsync(
        TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, actionAsync, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        await Expecting<object?>(
            AsyncWaiter.Instance, expectedCount, timeout,
            async () =>
            {
                await actionAsync();
                return null;
            },
            cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, Leeway, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(
        TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, func, cancellationToken);

    public Task<T> ExpectAsync<T>(
        int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, func, cancellationToken);

    public Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Expecting(AsyncWaiter.Instance, expectedCount, timeout, async () => await func(), cancellationToken).AsTask();

    public async Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default)
    {
        using IUnmutableFilter muted = Mute();
        await action();
    }

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default)
    {
        using IUnmutableFilter muted = Mute();
        return await func();
    }

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        using IUnmutableFilter muted = Mute();
        action();
    }

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        using IUnmutableFilter muted = Mute();
        return func();
    }

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new TestEvent.Mute(filters));
        return new Unmutable(() => system.EventStream.Publish(new TestEvent.Unmute(filters)));
    }

    private TimeSpan Leeway => kit.TestKitSettings.TestEventFilterLeeway;

    private static Func<ValueTask<object?>> Synchronously(Action action) => () =>
    {
        action();
        return ValueTask.FromResult<object?>(null);
    };

    private async ValueTask<T> Expecting<T>(
        IWaiter waiter, int expected, TimeSpan timeout, Func<ValueTask<T>> action, CancellationToken cancellation)
    {
        using IUnmutableFilter muted = Mute();
        int before = Found();
        T result = await action();
        var deadline = new Deadline(kit.Dilated(timeout));
        while (Found() - before < expected && !deadline.IsOver)
        {
            // Asked first, counted again after: a match in between has completed the task already.
            Task next = Task.WhenAny(filters.Select(filter => filter.NextMatch));
            if (Found() - before >= expected) break;
            await Await(waiter, next, deadline.Left, cancellation);
        }
        if (expected == 0) await waiter.Pause(Silence(timeout), cancellation);
        int found = Found() - before;
        if (found != expected)
        {
            kit.Assertions.Fail(
                $"Expected {expected} log event(s), but {found} came within {kit.Dilated(timeout)}: " +
                string.Join("; ", filters.Select(filter => filter.Description)) + ". " + Others());
        }
        return result;
    }

    /// <summary>How long nothing must be logged where nothing is expected.</summary>
    private TimeSpan Silence(TimeSpan timeout)
    {
        TimeSpan limit = kit.TestKitSettings.ExpectNoMessageDefault;
        return kit.Dilated(timeout < limit ? timeout : limit);
    }

    private int Found() => filters.Sum(filter => filter.Count);

    /// <summary>What was logged besides, as far as no filter meant it.</summary>
    private string Others()
    {
        string[] others = [.. filters.SelectMany(filter => filter.Others()).Distinct()
            .Where(other => !filters.Any(filter => filter.Means(other)))
            .Select(other => $"{other.LogLevel().StringFor()} {other.LogSource}: {other.Message}")];
        return others.Length == 0 ? "Nothing else was logged." : $"Logged besides: {string.Join("; ", others)}";
    }

    private static async ValueTask Await(IWaiter waiter, Task next, TimeSpan limit, CancellationToken cancellation)
    {
        if (waiter is BlockingWaiter)
        {
            next.Wait((int)Math.Min(int.MaxValue, limit.TotalMilliseconds + 1), cancellation);
            return;
        }
        await Task.WhenAny(next, Task.Delay(limit, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private sealed class Unmutable(Action unmute) : IUnmutableFilter
    {
        private Action? _unmute = unmute;

        public void Unmute() => Interlocked.Exchange(ref _unmute, null)?.Invoke();

        public void Dispose() => Unmute();
    }
}
