namespace Akka.TestKit;

/// <summary>
/// How an expectation waits. Every expectation is written once, as an asynchronous method over a waiter: with
/// <see cref="BlockingWaiter"/> it never really suspends, and so is the synchronous form.
/// </summary>
internal interface IWaiter
{
    ValueTask<MessageEnvelope?> Take(
        ReceivedMessages from, TimeSpan timeout, bool remove, CancellationToken cancellation);

    ValueTask Pause(TimeSpan time, CancellationToken cancellation);
}

internal sealed class BlockingWaiter : IWaiter
{
    public static readonly BlockingWaiter Instance = new();

    public ValueTask<MessageEnvelope?> Take(
        ReceivedMessages from, TimeSpan timeout, bool remove, CancellationToken cancellation) =>
        ValueTask.FromResult(from.Take(timeout, remove, cancellation));

    public ValueTask Pause(TimeSpan time, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(time);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }
}

internal sealed class AsyncWaiter : IWaiter
{
    public static readonly AsyncWaiter Instance = new();

    public ValueTask<MessageEnvelope?> Take(
        ReceivedMessages from, TimeSpan timeout, bool remove, CancellationToken cancellation) =>
        from.TakeAsync(timeout, remove, cancellation);

    public async ValueTask Pause(TimeSpan time, CancellationToken cancellation) => await Task.Delay(time, cancellation);
}

/// <summary>The synchronous end of a method that waited by blocking.</summary>
internal static class Waited
{
    public static T Result<T>(this ValueTask<T> completed) => completed.GetAwaiter().GetResult();

    public static void Finish(this ValueTask completed) => completed.GetAwaiter().GetResult();
}
