using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Pattern;

/// <summary>A call was refused because the breaker is open.</summary>
public class OpenCircuitException(string message, TimeSpan remainingDuration, Exception? cause = null)
    : AkkaException(message, cause)
{
    /// <summary>After this time the breaker lets one call try again.</summary>
    public TimeSpan RemainingDuration { get; } = remainingDuration;
}

/// <summary>
/// Stands before something that may be down. Closed, it lets calls pass and counts failures in a row; at the limit it opens
/// and refuses at once; after the reset time it lets one call try (half open) and closes if that succeeds.
/// </summary>
/// <remarks>Safe from any thread. Decisions are made under one lock; calls and callbacks run outside of it.</remarks>
public class CircuitBreaker
{
    private const string TakeAToken = "Use a form whose call takes a CancellationToken: it learns that it took too long.";

    private readonly IScheduler _scheduler;
    private readonly int _maxFailures;
    private readonly TimeSpan _callTimeout;
    private readonly TimeSpan _resetTimeout;
    private readonly TimeSpan _maxResetTimeout;
    private readonly double _backoffFactor;
    private readonly object _lock = new();
    private ImmutableList<Action> _onOpen = [];
    private ImmutableList<Action> _onHalfOpen = [];
    private ImmutableList<Action> _onClose = [];
    private State _state = State.Closed;
    private int _failures;
    private TimeSpan _openedAt;
    private TimeSpan _reset;
    private bool _trialRuns;

    /// <param name="maxFailures">So many failures in a row open it.</param>
    /// <param name="callTimeout">A call that takes longer is a failure.</param>
    /// <param name="resetTimeout">How long it stays open before it tries again.</param>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, TimeSpan.FromDays(36500), 1.0)
    {
    }

    private CircuitBreaker(
        IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout,
        double backoffFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFailures, 1);
        _scheduler = scheduler;
        _maxFailures = maxFailures;
        _callTimeout = callTimeout;
        _resetTimeout = resetTimeout;
        _maxResetTimeout = maxResetTimeout;
        _backoffFactor = backoffFactor;
        _reset = resetTimeout;
    }

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    public bool IsClosed => Current == State.Closed;

    public bool IsOpen => Current == State.Open;

    public bool IsHalfOpen => Current == State.HalfOpen;

    public long CurrentFailureCount
    {
        get { lock (_lock) return _failures; }
    }

    private State Current
    {
        get { lock (_lock) return _state; }
    }

    public static CircuitBreaker Create(
        IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    /// <summary>A breaker that stays open twice as long after every failed trial, up to a limit.</summary>
    public CircuitBreaker WithExponentialBackoff(TimeSpan maxResetTimeout) =>
        new(_scheduler, _maxFailures, _callTimeout, _resetTimeout, maxResetTimeout, 2.0);

    /// <exception cref="OpenCircuitException">The breaker is open, or half open with its trial under way.</exception>
    /// <exception cref="TimeoutException">The call took too long.</exception>
    /// <param name="body">The call; its token is cancelled when it takes too long.</param>
    public async Task<T> WithCircuitBreaker<T>(Func<CancellationToken, Task<T>> body)
    {
        Enter();
        using var cancelTimer = new Cancelable(_scheduler.Advanced);
        using var cancelCall = new CancellationTokenSource();
        try
        {
            Task<T> call = body(cancelCall.Token);
            if (!call.IsCompleted)
            {
                var late = new TaskCompletionSource();
                _scheduler.Advanced.ScheduleOnce(_callTimeout, () => late.TrySetResult(), cancelTimer);
                if (await Task.WhenAny(call, late.Task) != call)
                {
                    await cancelCall.CancelAsync();
                    throw new TimeoutException($"The call took longer than {_callTimeout}.");
                }
            }
            T result = await call;
            Succeed();
            return result;
        }
        catch
        {
            Fail();
            throw;
        }
        finally
        {
            cancelTimer.Cancel();
        }
    }

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{CancellationToken, Task{T}})" />
    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, CancellationToken, Task<T>> body) =>
        WithCircuitBreaker(cancelled => body(state, cancelled));

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{CancellationToken, Task{T}})" />
    public Task WithCircuitBreaker(Func<CancellationToken, Task> body) => WithCircuitBreaker<object?>(async cancelled =>
    {
        await body(cancelled);
        return null;
    });

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{CancellationToken, Task{T}})" />
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, CancellationToken, Task> body) =>
        WithCircuitBreaker(cancelled => body(state, cancelled));

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{CancellationToken, Task{T}})" />
    [Obsolete(TakeAToken)]
    public Task<T> WithCircuitBreaker<T>(Func<Task<T>> body) => WithCircuitBreaker(_ => body());

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{CancellationToken, Task{T}})" />
    [Obsolete(TakeAToken)]
    public Task WithCircuitBreaker(Func<Task> body) => WithCircuitBreaker(_ => body());

    /// <summary>As the asynchronous form, for a call that blocks: it cannot be interrupted, but counts as failed when it
    /// took too long.</summary>
    public T WithSyncCircuitBreaker<T>(Func<T> body)
    {
        Enter();
        TimeSpan start = _scheduler.MonotonicClock;
        T result;
        try
        {
            result = body();
        }
        catch
        {
            Fail();
            throw;
        }
        if (_scheduler.MonotonicClock - start > _callTimeout) Fail();
        else Succeed();
        return result;
    }

    public void WithSyncCircuitBreaker(Action body) => WithSyncCircuitBreaker<object?>(() =>
    {
        body();
        return null;
    });

    public CircuitBreaker OnOpen(Action callback) => Add(ref _onOpen, callback);

    public CircuitBreaker OnHalfOpen(Action callback) => Add(ref _onHalfOpen, callback);

    public CircuitBreaker OnClose(Action callback) => Add(ref _onClose, callback);

    /// <summary>Counts a success of a call that was made beside the breaker.</summary>
    public void Succeed()
    {
        ImmutableList<Action> callbacks = [];
        lock (_lock)
        {
            _failures = 0;
            if (_state == State.HalfOpen)
            {
                _state = State.Closed;
                _reset = _resetTimeout;
                callbacks = _onClose;
            }
        }
        foreach (Action callback in callbacks) callback();
    }

    /// <summary>Counts a failure of a call that was made beside the breaker.</summary>
    public void Fail()
    {
        ImmutableList<Action> callbacks = [];
        lock (_lock)
        {
            _failures++;
            bool opens = _state == State.HalfOpen || _state == State.Closed && _failures >= _maxFailures;
            if (!opens) return;
            if (_state == State.HalfOpen) _reset = Longer(_reset);
            _state = State.Open;
            _openedAt = _scheduler.MonotonicClock;
            _scheduler.Advanced.ScheduleOnce(_reset, AttemptReset);
            callbacks = _onOpen;
        }
        foreach (Action callback in callbacks) callback();
    }

    private TimeSpan Longer(TimeSpan reset)
    {
        TimeSpan next = reset * _backoffFactor;
        return next > _maxResetTimeout ? _maxResetTimeout : next;
    }

    private void AttemptReset()
    {
        ImmutableList<Action> callbacks;
        lock (_lock)
        {
            if (_state != State.Open) return;
            _state = State.HalfOpen;
            _trialRuns = false;
            callbacks = _onHalfOpen;
        }
        foreach (Action callback in callbacks) callback();
    }

    private void Enter()
    {
        lock (_lock)
        {
            switch (_state)
            {
                case State.Closed:
                    return;
                case State.HalfOpen when !_trialRuns:
                    _trialRuns = true;
                    return;
                case State.HalfOpen:
                    throw new OpenCircuitException("The circuit breaker is half open, and its trial call is under way.", TimeSpan.Zero);
                default:
                    TimeSpan left = _openedAt + _reset - _scheduler.MonotonicClock;
                    throw new OpenCircuitException("The circuit breaker is open; calls are failing fast.", left < TimeSpan.Zero ? TimeSpan.Zero : left);
            }
        }
    }

    private CircuitBreaker Add(ref ImmutableList<Action> list, Action callback)
    {
        lock (_lock) list = list.Add(callback);
        return this;
    }
}
