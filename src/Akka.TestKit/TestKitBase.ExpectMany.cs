using Akka.Actor;

namespace Akka.TestKit;

// Expectations about several messages, and fishing for one among others.
public abstract partial class TestKitBase
{
    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, null, null, OneOf(messages), cancellationToken).Result();

    public async ValueTask<T> ExpectMsgAnyOfAsync<T>(
        IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, null, null, OneOf(messages), cancellationToken);

    /// <summary>The next messages must be these, in any order, and no others among them.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(BlockingWaiter.Instance, RemainingOrDefault, messages, cancellationToken).Result();

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(BlockingWaiter.Instance, Dilated(max), messages, cancellationToken).Result();

    public async IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        IReadOnlyCollection<T> messages,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (T message in await AllOf(AsyncWaiter.Instance, RemainingOrDefault, messages, cancellationToken))
            yield return message;
    }

    /// <summary>Takes messages until one fits; the others are dropped.</summary>
    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(BlockingWaiter.Instance, isMessage, max, hint, cancellationToken).Result()!;

    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(BlockingWaiter.Instance, isMessage, max, hint, cancellationToken).Result();

    public async ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        await Fish(AsyncWaiter.Instance, isMessage, max, hint, cancellationToken);

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        await Fish(AsyncWaiter.Instance, isMessage, max, hint, cancellationToken);

    /// <summary>Takes messages until one is a T.</summary>
    public T FishUntilMessage<T>(
        TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish<T>(BlockingWaiter.Instance, _ => true, max, hint, cancellationToken).Result();

    public async Task<T> FishUntilMessageAsync<T>(
        TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        await Fish<T>(AsyncWaiter.Instance, _ => true, max, hint, cancellationToken);

    private Action<T, IActorRef> OneOf<T>(IEnumerable<T> messages)
    {
        T[] allowed = [.. messages];
        return (actual, _) => Assertions.AssertTrue(
            allowed.Contains(actual),
            $"Expected one of {Texts.List(allowed.Cast<object?>())}, but received {Texts.Of(actual)}.");
    }

    private async ValueTask<IReadOnlyCollection<T>> AllOf<T>(
        IWaiter waiter, TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellation)
    {
        IReadOnlyCollection<object> taken = await TakeMany(waiter, messages.Count, max, cancellation);
        List<T> missing = [.. messages];
        var unexpected = new List<object>();
        foreach (object message in taken)
        {
            if (message is not T typed || !missing.Remove(typed)) unexpected.Add(message);
        }
        Assertions.AssertTrue(
            missing.Count == 0,
            $"Not found {Texts.List(missing.Cast<object?>())}; unexpected {Texts.List(unexpected)}.");
        return [.. taken.Cast<T>()];
    }

    private async ValueTask<T> Fish<T>(
        IWaiter waiter, Predicate<T> isMessage, TimeSpan? max, string hint, CancellationToken cancellation,
        System.Collections.ArrayList? others = null)
    {
        TimeSpan limit = RemainingOrDilated(max);
        var deadline = new Deadline(limit);
        var thrownBack = new List<object?>();
        while (true)
        {
            MessageEnvelope? taken = await waiter.Take(_received, deadline.Left, true, cancellation);
            if (taken is null)
            {
                Assertions.Fail(
                    Hinted(
                        $"Timeout ({limit}) while fishing for a message of type {typeof(T)}. Threw back " +
                        $"{thrownBack.Count}: {Texts.List(thrownBack)}", hint.Length == 0 ? null : hint));
            }
            _last = taken!;
            if (taken!.Message is T message && isMessage(message)) return message;
            thrownBack.Add(taken.Message);
            others?.Add(taken.Message);
        }
    }
}
