namespace Akka.Actor;

/// <summary>Something that can be called off.</summary>
public interface ICancelable
{
    bool IsCancellationRequested { get; }

    CancellationToken Token { get; }

    void Cancel();

    void CancelAfter(TimeSpan delay);

    void CancelAfter(int millisecondsDelay);

    /// <param name="throwOnFirstException">Stop at the first callback that throws.</param>
    void Cancel(bool throwOnFirstException);
}

/// <summary>A scheduler's handle of one piece of future work.</summary>
/// <remarks>The token's source is made only if somebody asks for the token; most never do.</remarks>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler? _scheduler;
    private IDisposable? _task;
    private CancellationTokenSource? _source;
    private volatile bool _cancelled;

    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced)
    {
    }

    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    internal Cancelable()
    {
    }

    public static ICancelable CreateCanceled()
    {
        Cancelable cancelable = new();
        cancelable.Cancel();
        return cancelable;
    }

    /// <summary>A cancelable that is also cancelled when one of the others is.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables)
    {
        Cancelable linked = new(scheduler);
        foreach (ICancelable cancelable in cancelables) cancelable.Token.Register(linked.Cancel);
        return linked;
    }

    public bool IsCancellationRequested => _cancelled;

    public CancellationToken Token => Source().Token;

    public void Cancel() => Cancel(throwOnFirstException: false);

    public void Cancel(bool throwOnFirstException)
    {
        if (_cancelled) return;
        _cancelled = true;
        Interlocked.Exchange(ref _task, null)?.Dispose();
        Volatile.Read(ref _source)?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        if (_scheduler is null) throw new NotSupportedException("This cancelable was made without a scheduler.");
        _scheduler.ScheduleOnce(delay, Cancel);
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose()
    {
        _source?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What to give up on when cancelled.</summary>
    internal void Own(IDisposable task)
    {
        Interlocked.Exchange(ref _task, task);
        if (_cancelled) Interlocked.Exchange(ref _task, null)?.Dispose();
    }

    private CancellationTokenSource Source()
    {
        if (Volatile.Read(ref _source) is { } present) return present;
        CancellationTokenSource made = new();
        CancellationTokenSource source = Interlocked.CompareExchange(ref _source, made, null) ?? made;
        if (_cancelled) source.Cancel();
        return source;
    }
}

/// <summary>Null-tolerant cancelling.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
