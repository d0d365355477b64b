using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.TestKit;

// Taking messages, one or many, without judging them. Each is written once over an IWaiter; see there.
public abstract partial class TestKitBase
{
    /// <summary>The next message, or null when none comes in time.</summary>
    /// <param name="max">Null: what is left of Within, or the default for one expectation.</param>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryTake(BlockingWaiter.Instance, max, true, cancellationToken).Result()?.Message;

    public async ValueTask<object?> ReceiveOneAsync(
        TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TryTake(AsyncWaiter.Instance, max, true, cancellationToken))?.Message;

    public bool TryReceiveOne(
        out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? taken = TryTake(BlockingWaiter.Instance, max, true, cancellationToken).Result();
        envelope = taken ?? NullMessageEnvelope.Instance;
        return taken is not null;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(
        TimeSpan? max, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? taken = await TryTake(AsyncWaiter.Instance, max, true, cancellationToken);
        return (taken is not null, taken ?? NullMessageEnvelope.Instance);
    }

    /// <summary>As <see cref="ReceiveOne"/>, but leaves the message where it is.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryTake(BlockingWaiter.Instance, max, false, cancellationToken).Result()?.Message;

    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TryTake(AsyncWaiter.Instance, max, false, cancellationToken))?.Message;

    /// <summary>Exactly this many messages; fails when one of them does not come in time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        TakeMany(BlockingWaiter.Instance, numberOfMessages, RemainingOrDefault, cancellationToken).Result();

    public IReadOnlyCollection<object> ReceiveN(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        TakeMany(BlockingWaiter.Instance, numberOfMessages, Dilated(max), cancellationToken).Result();

    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, CancellationToken cancellationToken = default) =>
        Stream(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Stream(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>Messages as long as the filter answers with something; the first for which it answers null
    /// stays.</summary>
    /// <param name="max">For all of them together.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        TakeWhile(BlockingWaiter.Instance, filter, max, Timeout.InfiniteTimeSpan, msgs, cancellationToken).Result();

    /// <param name="idle">The longest pause between two of them.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class =>
        TakeWhile(
            BlockingWaiter.Instance, filter, max, idle ?? Timeout.InfiniteTimeSpan, msgs, cancellationToken).Result();

    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class =>
        TakeWhile(
            BlockingWaiter.Instance, filter, max, idle ?? Timeout.InfiniteTimeSpan, msgs, cancellationToken).Result();

    /// <summary>Messages of type T as long as the predicate holds.</summary>
    /// <param name="shouldIgnoreOtherMessageTypes">Whether a message of another type is dropped, or ends the
    /// series.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        TakeWhileTyped(
            BlockingWaiter.Instance, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken)
            .Result();

    public async IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (T message in await TakeWhileTyped(
                     AsyncWaiter.Instance, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes,
                         cancellationToken))
            yield return message;
    }

    public async IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class
    {
        foreach (T message in await TakeWhile(
                     AsyncWaiter.Instance, filter, max, idle ?? Timeout.InfiniteTimeSpan, msgs, cancellationToken))
            yield return message;
    }

    private async ValueTask<MessageEnvelope?> TryTake(
        IWaiter waiter, TimeSpan? max, bool remove, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDilated(max);
        if (limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan) limit = TimeSpan.Zero;
        MessageEnvelope? taken = await waiter.Take(_received, limit, remove, cancellation);
        if (taken is not null && remove) _last = taken;
        return taken;
    }

    private async ValueTask<IReadOnlyCollection<object>> TakeMany(
        IWaiter waiter, int count, TimeSpan max, CancellationToken cancellation)
    {
        var deadline = new Deadline(max);
        var taken = new List<object>(Math.Min(count, 1024));
        while (taken.Count < count)
        {
            MessageEnvelope? next = await waiter.Take(_received, deadline.Left, true, cancellation);
            if (next is null)
            {
                Assertions.Fail(
                    $"Timeout ({max}) while expecting {count} messages. Only got {taken.Count} after " +
                    $"{deadline.Passed}: {Texts.List(taken)}");
                break;
            }
            _last = next;
            taken.Add(next.Message);
        }
        return taken;
    }

    private async IAsyncEnumerable<object> Stream(
        int count, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (object message in await TakeMany(AsyncWaiter.Instance, count, max, cancellation)) yield return message;
    }

    private ValueTask<IReadOnlyList<T>> TakeWhileTyped<T>(
        IWaiter waiter, Predicate<T> shouldContinue, TimeSpan? max, TimeSpan? idle, int count, bool ignoreOthers,
        CancellationToken cancellation) =>
        TakeSeries<T>(
            waiter,
            message => message is T typed
                ? shouldContinue(typed) ? (Take.Keep, typed) : (Take.Stop, default!)
                : (ignoreOthers ? Take.Drop : Take.Stop, default!),
            max, idle ?? Timeout.InfiniteTimeSpan, count, cancellation);

    private ValueTask<IReadOnlyList<T>> TakeWhile<T>(
        IWaiter waiter, Func<object, T?> filter, TimeSpan? max, TimeSpan idle, int count,
        CancellationToken cancellation)
        where T : class =>
        TakeSeries<T>(
            waiter, message => filter(message) is { } kept ? (Take.Keep, kept) : (Take.Stop, null!), max, idle, count,
            cancellation);

    private async ValueTask<IReadOnlyList<T>> TakeSeries<T>(
        IWaiter waiter, Func<object, (Take, T)> judge, TimeSpan? max, TimeSpan idle, int count,
        CancellationToken cancellation)
    {
        var deadline = new Deadline(RemainingOrDilated(max));
        var series = new List<T>();
        MessageEnvelope lastKept = NullMessageEnvelope.Instance;
        while (series.Count < count)
        {
            MessageEnvelope? next = await waiter.Take(_received, deadline.LeftOr(idle), true, cancellation);
            if (next is null) break;
            (Take verdict, T kept) = judge(next.Message);
            if (verdict == Take.Stop)
            {
                _received.PutBack(next);
                break;
            }
            if (verdict == Take.Drop) continue;
            series.Add(kept);
            lastKept = next;
        }
        _last = lastKept;
        return series;
    }

    private enum Take
    {
        Keep,
        Drop,
        Stop,
    }
}
