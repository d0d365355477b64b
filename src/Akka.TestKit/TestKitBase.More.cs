using System.Collections;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

// Further forms of what the other parts do: by predicates, with what was thrown back, until it is quiet.
public abstract partial class TestKitBase
{
    /// <summary>The log of the test itself.</summary>
    public ILoggingAdapter Log => Logging.GetLogger(Sys, GetType());

    /// <summary>A clock that only goes forward; for spans, not for dates.</summary>
    public static TimeSpan Now => System.Diagnostics.Stopwatch.GetElapsedTime(0);

    /// <summary>What is left of the innermost Within, or how long nothing must come where nothing is expected.</summary>
    public TimeSpan NoMessageRemainingOrDefault => _within?.Left ?? Dilated(TestKitSettings.ExpectNoMessageDefault);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        ExpectMsgAllOf((IReadOnlyCollection<T>)messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages);

    public async IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        TimeSpan max, IReadOnlyCollection<T> messages,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (T message in await AllOf(AsyncWaiter.Instance, Dilated(max), messages, cancellationToken))
            yield return message;
    }

    /// <summary>As many messages as predicates, in any order, each message for one predicate.</summary>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(params PredicateInfo[] predicates) =>
        AllFit(BlockingWaiter.Instance, RemainingOrDefault, predicates, default).Result();

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken = default) =>
        AllFit(BlockingWaiter.Instance, RemainingOrDefault, predicates, cancellationToken).Result();

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(
        TimeSpan max, params PredicateInfo[] predicates) =>
        AllFit(BlockingWaiter.Instance, Dilated(max), predicates, default).Result();

    public async IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(
        IReadOnlyCollection<PredicateInfo> predicates,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (object message in await AllFit(AsyncWaiter.Instance, RemainingOrDefault, predicates, cancellationToken))
            yield return message;
    }

    /// <param name="allMessages">Gets what was thrown back.</param>
    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(BlockingWaiter.Instance, isMessage, max, hint, cancellationToken, allMessages).Result();

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        await Fish(AsyncWaiter.Instance, isMessage, max, hint, cancellationToken, allMessages);

    /// <summary>Takes messages until none comes for a while.</summary>
    /// <param name="max">How long none must come; null is the default for expecting none.</param>
    /// <param name="maxMessages">More than so many fail the test; null is without a limit.</param>
    /// <returns>What came before.</returns>
    public async Task<ArrayList> WaitForRadioSilenceAsync(
        TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        ArrayList heard = [];
        TimeSpan silence = max is { } given ? Dilated(given) : NoMessageRemainingOrDefault;
        while (await TryTake(AsyncWaiter.Instance, silence, true, cancellationToken) is { } taken)
        {
            heard.Add(taken.Message);
            if (maxMessages is { } limit && heard.Count > limit)
            {
                Assertions.Fail(
                    $"Expected silence after at most {limit} messages, but got {Texts.List(heard.Cast<object?>())}");
            }
        }
        return heard;
    }

    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? seen = TryTake(BlockingWaiter.Instance, max, false, cancellationToken).Result();
        envelope = seen ?? NullMessageEnvelope.Instance;
        return seen is not null;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(
        TimeSpan? max, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? seen = await TryTake(AsyncWaiter.Instance, max, false, cancellationToken);
        return (seen is not null, seen ?? NullMessageEnvelope.Instance);
    }

    public object? PeekOne(CancellationToken cancellationToken) => PeekOne(null, cancellationToken);

    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) => PeekOneAsync(null, cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhileAsync(filter, max, null, msgs, cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class => ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken);

    public IActorRef ActorOf<TActor>(string name) where TActor : ActorBase, new() =>
        Sys.ActorOf(Props.Create<TActor>(), name);

    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => Sys.ActorSelection(anchorRef, actorPath);

    /// <summary>As <see cref="CreateBarrier"/>.</summary>
    public TestBarrier CreateTestBarrier(int count) => CreateBarrier(count);

    public Task<IActorRef> ChildActorOfAsync(
        Props props, string name, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default) =>
        SpawnChildAsync(props, name, supervisorStrategy, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(
        Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) =>
        SpawnChildAsync(props, null, supervisorStrategy, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(
        Props props, string name, CancellationToken cancellationToken = default) =>
        SpawnChildAsync(props, name, null, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(Props props, CancellationToken cancellationToken = default) =>
        SpawnChildAsync(props, null, null, cancellationToken);

    private async ValueTask<IReadOnlyCollection<object>> AllFit(
        IWaiter waiter, TimeSpan max, IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellation)
    {
        IReadOnlyCollection<object> taken = await TakeMany(waiter, predicates.Count, max, cancellation);
        List<PredicateInfo> missing = [.. predicates];
        List<object?> unexpected = [];
        foreach (object message in taken)
        {
            int index = missing.FindIndex(predicate => predicate.Fits(message));
            if (index >= 0) missing.RemoveAt(index);
            else unexpected.Add(message);
        }
        Assertions.AssertTrue(
            missing.Count == 0,
            $"Nothing fits {string.Join(", ", missing)}; unexpected {Texts.List(unexpected)}.");
        return taken;
    }
}
