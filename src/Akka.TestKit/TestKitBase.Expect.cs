using Akka.Actor;

namespace Akka.TestKit;

// Expectations about the next message. Each has a synchronous and an asynchronous form over the same judgement.
public abstract partial class TestKitBase
{
    /// <summary>The next message must be a T.</summary>
    /// <param name="hint">Said in the complaint.</param>
    public T ExpectMsg<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(BlockingWaiter.Instance, duration, hint, null, cancellationToken).Result();

    public async ValueTask<T> ExpectMsgAsync<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        await Next<T>(AsyncWaiter.Instance, duration, hint, null, cancellationToken);

    /// <summary>The next message must equal this one.</summary>
    public T ExpectMsg<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Same(message, hint), cancellationToken).Result();

    public async ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, Same(message, hint), cancellationToken);

    /// <summary>The next message must be a T for which the predicate holds.</summary>
    public T ExpectMsg<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Fits<T>((message, _) => isMessage(message), hint),
            cancellationToken)
            .Result();

    public async ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, Fits<T>((message, _) => isMessage(message), hint),
            cancellationToken);

    /// <summary>The next message must be a T, and the assertions about it must not throw.</summary>
    public T ExpectMsg<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next<T>(BlockingWaiter.Instance, timeout, hint, (message, _) => assert(message), cancellationToken).Result();

    public async ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next<T>(AsyncWaiter.Instance, timeout, hint, (message, _) => assert(message), cancellationToken);

    public T ExpectMsg<T>(
        Action<T, IActorRef> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, assert, cancellationToken).Result();

    public T ExpectMsg<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Fits(isMessageAndSender, hint), cancellationToken).Result();

    public T ExpectMsg<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Compared(expected, comparer, hint), cancellationToken).Result();

    /// <summary>The next message must be a T, sent by this actor.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next<T>(BlockingWaiter.Instance, duration, hint, (_, from) =>
            CheckSender(sender, from, hint), cancellationToken)
            .Result();

    public T ExpectMsgFrom<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Same(message, hint) +
            Sent<T>(sender, hint), cancellationToken).Result();

    public T ExpectMsgFrom<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(
            BlockingWaiter.Instance, timeout, hint,
            Fits<T>((message, _) => isMessage(message), hint) + Sent<T>(sender, hint), cancellationToken).Result();

    public async ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, duration, hint, Sent<T>(sender, hint), cancellationToken);

    /// <summary>The next message must be the notice that this actor is dead; it must be watched.</summary>
    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, DeathOf(target, hint), cancellationToken).Result();

    public async ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, DeathOf(target, hint), cancellationToken);

    /// <summary>Nothing must come for the default time of silence.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        Silence(BlockingWaiter.Instance, Dilated(TestKitSettings.ExpectNoMessageDefault), cancellationToken).Finish();

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Silence(BlockingWaiter.Instance, Dilated(duration), cancellationToken).Finish();

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await Silence(AsyncWaiter.Instance, Dilated(TestKitSettings.ExpectNoMessageDefault), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await Silence(AsyncWaiter.Instance, Dilated(duration), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<T> Next<T>(
        IWaiter waiter, TimeSpan? duration, string? hint, Action<T, IActorRef>? judge, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDilated(duration);
        MessageEnvelope? taken = await TryTake(
            waiter, limit == Timeout.InfiniteTimeSpan ? limit : duration, true, cancellation);
        if (taken is null)
            Assertions.Fail(Hinted($"Timeout ({limit}) while waiting for a message of type {typeof(T)}.", hint));
        if (taken!.Message is not T message)
        {
            Assertions.Fail(
                Hinted(
                    $"Expected a message of type {typeof(T)}, but received {Texts.Of(taken.Message)} from " +
                    $"{taken.Sender?.ToString() ?? "no sender"}.", hint));
            throw new InvalidOperationException("The assertions' Fail must not return.");
        }
        judge?.Invoke(message, taken.Sender);
        return message;
    }

    private async ValueTask Silence(IWaiter waiter, TimeSpan duration, CancellationToken cancellation)
    {
        TimeSpan limit = _within is { } within ? within.LeftOr(duration) : duration;
        MessageEnvelope? taken = await waiter.Take(_received, limit, true, cancellation);
        if (taken is null)
        {
            _last = NullMessageEnvelope.Instance;
            return;
        }
        _last = taken;
        Assertions.Fail(
            $"Expected no message for {limit}, but received {Texts.Of(taken.Message)} from " +
            $"{taken.Sender?.ToString() ?? "no sender"}.");
    }

    private Action<T, IActorRef> Same<T>(T expected, string? hint) =>
        (actual, _) => Assertions.AssertEqual(
            expected, actual, Hinted($"Expected {Texts.Of(expected)}, but received {Texts.Of(actual)}.", hint));

    private Action<T, IActorRef> Fits<T>(Func<T, IActorRef, bool> isMessage, string? hint) =>
        (message, sender) => Assertions.AssertTrue(
            isMessage(message, sender),
            Hinted($"Received {Texts.Of(message)}, for which the predicate does not hold.", hint));

    private Action<T, IActorRef> Sent<T>(IActorRef sender, string? hint) =>
        (_, from) => CheckSender(sender, from, hint);

    private void CheckSender(IActorRef expected, IActorRef actual, string? hint) =>
        Assertions.AssertEqual(
            expected, actual, Hinted($"Expected a message from {expected}, but it came from {actual}.", hint));

    private Action<Terminated, IActorRef> DeathOf(IActorRef target, string? hint) =>
        (message, _) => Assertions.AssertEqual(
            target, message.ActorRef, Hinted($"Expected {target} to be dead, but it was {message.ActorRef}.", hint));

    private static string Hinted(string text, string? hint) => hint is null ? text : $"{text} Hint: {hint}";
}
