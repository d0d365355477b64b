using Akka.Actor;

namespace Akka.TestKit;

// The rarer asynchronous forms of the expectations about the next message, and those about its sender.
public abstract partial class TestKitBase
{
    public async ValueTask<T> ExpectMsgAsync<T>(
        Action<T, IActorRef> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, assert, cancellationToken);

    public async ValueTask<T> ExpectMsgAsync<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, Fits(isMessageAndSender, hint), cancellationToken);

    public async ValueTask<T> ExpectMsgAsync<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(AsyncWaiter.Instance, timeout, hint, Compared(expected, comparer, hint), cancellationToken);

    public async ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(
            AsyncWaiter.Instance, timeout, hint, Same(message, hint) + Sent<T>(sender, hint), cancellationToken);

    public async ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(
            AsyncWaiter.Instance, timeout, hint,
            Fits<T>((message, _) => isMessage(message), hint) + Sent<T>(sender, hint), cancellationToken);

    /// <summary>The next message must be a T from a sender for which the predicate holds.</summary>
    public T ExpectMsgFrom<T>(
        Predicate<IActorRef> isSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Fits<T>((_, from) => isSender(from), hint), cancellationToken)
            .Result();

    /// <summary>The next message must be a T, sent by this actor, and the assertions about it must not
    /// throw.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Next(BlockingWaiter.Instance, timeout, hint, Sent<T>(sender, hint) + Judged(assertMessage), cancellationToken)
            .Result();

    public async ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        await Next(
            AsyncWaiter.Instance, timeout, hint, Sent<T>(sender, hint) + Judged(assertMessage), cancellationToken);

    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await TestActor.Ask<Done>(new InternalTestActor.UnwatchIt(actorToUnwatch), DefaultTimeout);
        return actorToUnwatch;
    }

    private static Action<T, IActorRef> Judged<T>(Action<T> assert) => (message, _) => assert(message);

    private Action<T, IActorRef> Compared<T>(T expected, Func<T, T, bool> comparer, string? hint) => (actual, _) =>
        Assertions.AssertEqual(
            expected, actual, comparer,
            Hinted($"Expected {Texts.Of(expected)}, but received {Texts.Of(actual)}.", hint));
}
