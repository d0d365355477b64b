using Akka.Engine;

namespace Akka.Actor;

/// <summary>
/// A task that the engine will complete once, from whatever thread has the outcome, without running its continuations
/// on that thread. If an actor asked for it, they run on the host's executor like everything else that actors do; if
/// it was asked for from outside, the runtime takes them where the caller awaits.
/// </summary>
/// <remarks>Shared memory, home three: one compare-and-swap decides which outcome counts.</remarks>
internal sealed class Completion<T> : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<T> _source;
    private readonly IExecutor? _executor;
    private T? _answer;
    private Exception? _failure;
    private int _claimed;

    public Completion(ActorSystem system)
    {
        bool inside = ActorCell.Current is not null;
        _executor = inside ? ((Internal.ActorSystemImpl)system).Host.Executor : null;
        _source = new TaskCompletionSource<T>(
            inside ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public Task<T> Task => _source.Task;

    public bool IsDecided => Volatile.Read(ref _claimed) != 0;

    /// <returns>False if another outcome came first.</returns>
    public bool TryAnswer(T answer) => TryDecide(answer, null);

    /// <param name="failure">A <see cref="OperationCanceledException"/> cancels the task.</param>
    public bool TryFail(Exception failure) => TryDecide(default, failure);

    public void Execute()
    {
        if (_failure is OperationCanceledException cancelled) _source.TrySetCanceled(cancelled.CancellationToken);
        else if (_failure is not null) _source.TrySetException(_failure);
        else _source.TrySetResult(_answer!);
    }

    private bool TryDecide(T? answer, Exception? failure)
    {
        if (Interlocked.Exchange(ref _claimed, 1) != 0) return false;
        _answer = answer;
        _failure = failure;
        if (_executor is null) Execute();
        else _executor.Execute(this);
        return true;
    }
}
