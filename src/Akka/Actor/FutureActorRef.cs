using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference that an answer goes to. It has a path, and so a place under /temp, only if somebody asks
/// for it.</summary>
/// <remarks>
/// Shared memory, home four: the answer, the timeout and the asker's cancellation race; <see cref="Completion{T}"/>
/// says who wins, and the winner cleans up. The lock guards the path and the watchers, which most asks never have.
/// </remarks>
public class FutureActorRef<T> : MinimalActorRef
{
    private readonly Completion<T> _result;
    private readonly IActorRefProvider _provider;
    private ActorPath? _path;
    private List<IInternalActorRef>? _watchers;
    private IDisposable? _timer;
    private CancellationTokenRegistration _cancellation;

    internal FutureActorRef(IActorRefProvider provider)
    {
        _provider = provider;
        _result = new Completion<T>(provider.System);
    }

    public override ActorPath Path => Volatile.Read(ref _path) ?? Register();

    public override IActorRefProvider Provider => _provider;

    public override IInternalActorRef Parent => _provider.TempContainer;

    public override bool IsTerminated => _result.IsDecided;

    internal Task<T> Task => _result.Task;

    public override void Stop()
    {
        if (_result.TryFail(new TaskCanceledException())) Finish();
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                bool alive;
                lock (_result)
                {
                    alive = !IsTerminated;
                    if (alive) (_watchers ??= []).Add(watch.Watcher);
                }
                if (!alive) Notify(watch.Watcher);
                break;
            case Unwatch unwatch:
                lock (_result) _watchers?.Remove(unwatch.Watcher);
                break;
        }
    }

    internal void TimeOutAfter(TimeSpan timeout, ActorSystem system, ICanTell asked)
    {
        _timer = Internal.RawTimers.Schedule(system, timeout, () =>
        {
            AskTimeoutException late = new(
                $"Timeout after {timeout.TotalSeconds:0.###} seconds: {asked} did not answer.");
            if (_result.TryFail(late)) Finish();
        });
        if (IsTerminated) _timer.Dispose();
    }

    internal void CancelWith(CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _cancellation = token.UnsafeRegister(static (state, given) =>
        {
            var future = (FutureActorRef<T>)state!;
            if (future._result.TryFail(new OperationCanceledException(given))) future.Finish();
        }, this);
        if (IsTerminated) _cancellation.Dispose();
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        bool first = message switch
        {
            T answer when message is not Status.Failure || typeof(T) == typeof(Status.Failure) =>
                _result.TryAnswer(answer),
            Status.Failure failure => _result.TryFail(failure.Cause),
            _ => _result.TryFail(new ArgumentException(
                $"Received a message of type [{message.GetType()}]; the asker expected one of type [{typeof(T)}].")),
        };
        if (first) Finish();
        else _provider.DeadLetters.Tell(new Event.DeadLetter(message, sender ?? _provider.DeadLetters, this), sender);
    }

    private ActorPath Register()
    {
        lock (_result)
        {
            if (_path is not null) return _path;
            ActorPath path = _provider.TempPath();
            Volatile.Write(ref _path, path);
            if (!IsTerminated) _provider.RegisterTempActor(this, path);
            return path;
        }
    }

    private void Finish()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
        List<IInternalActorRef>? watchers;
        lock (_result)
        {
            if (_path is not null) _provider.UnregisterTempActor(_path);
            watchers = _watchers;
            _watchers = null;
        }
        if (watchers is null) return;
        foreach (IInternalActorRef watcher in watchers) Notify(watcher);
    }

    private void Notify(IInternalActorRef watcher) => watcher.SendSystemMessage(
        new DeathWatchNotification(this, ExistenceConfirmed: true, AddressTerminated: false));
}
