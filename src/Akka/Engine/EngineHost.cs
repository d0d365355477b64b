namespace Akka.Engine;

/// <summary>
/// Everything the engine takes from the outside: time, chance, threads, the network. An actor system gets its host
/// through <see cref="EngineSetup"/>; without one it runs on <see cref="ProcessHost"/>, the real machine. The simulator
/// gives every node a host of one shared world, and so runs a whole cluster on one thread in virtual time.
/// </summary>
/// <remarks>No other file of the engine starts threads, reads clocks, draws random numbers or opens sockets.</remarks>
internal abstract class EngineHost
{
    /// <summary>Wall clock and monotonic timestamps. Timeouts use the monotonic side only.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Where dispatchers run mailboxes: every thread hop of the engine is one call of this executor.</summary>
    public abstract IExecutor Executor { get; }

    /// <summary>The delays of one actor system. Its scheduler is a shell around this source.</summary>
    /// <param name="tick">How precise the caller wants it (<c>akka.scheduler.tick-duration</c>).</param>
    public abstract ITimerSource CreateTimers(TimeSpan tick);

    /// <summary>
    /// An independent stream of chance; the same name on the same host of the same seed gives the same numbers. Users of
    /// different purposes take different names, so that one of them drawing more does not reshuffle the others.
    /// </summary>
    public abstract Random CreateRandom(string stream);

    /// <summary>Fills <paramref name="bytes"/> with what nobody can foretell; in a simulation, with what its seed
    /// gives.</summary>
    public abstract void FillSecret(Span<byte> bytes);

    /// <summary>Byte streams to other nodes.</summary>
    public abstract INetwork Network { get; }

    /// <summary>Where log lines go that no logger took; opened once, at the start.</summary>
    public abstract TextWriter LogSink { get; }

    /// <summary>A variable of the process environment, or null; HOCON substitutions fall back to it.</summary>
    public abstract string? EnvironmentVariable(string name);

    /// <summary>A thread of its own for a pinned dispatcher; in a simulation, the one thread there is.</summary>
    public abstract IExecutor CreatePinnedExecutor(string name);

    /// <summary>
    /// Threads apart from all others, for actors that compute for long: the operating system shares the processors
    /// between them and the rest, whose turns never wait behind theirs. In a simulation, the one thread there is.
    /// </summary>
    public virtual IExecutor CreateThreads(string name, int threads) => Executor;
}

/// <summary>Runs pieces of work some time soon, each exactly once, on whatever thread the host has for it.</summary>
internal interface IExecutor
{
    /// <param name="work">Must not throw; an exception that escapes is a broken invariant of the engine.</param>
    /// <param name="preferLocal">The caller is about to finish its own turn and would like this to run next on its
    /// thread. A hint; fairness to others comes first.</param>
    void Execute(IThreadPoolWorkItem work, bool preferLocal = false);

    /// <summary>As <see cref="Execute"/> with a preference for this thread, for work that gains by coming after a few more
    /// turns, if those are to follow here anyway.</summary>
    void ExecuteLate(IThreadPoolWorkItem work) => Execute(work, preferLocal: true);

    /// <summary>For work that is at the end of its turn and has more to do: another turn, after others had theirs.</summary>
    void ExecuteAgain(IThreadPoolWorkItem work) => Execute(work);
}

/// <summary>The one source of delays of an actor system.</summary>
internal interface ITimerSource : IDisposable
{
    /// <summary>Calls back once, not before <paramref name="delay"/> has passed, on an unspecified thread. The callback
    /// must be short and must not block: it posts to a mailbox or a dispatcher.</summary>
    /// <returns>Dispose cancels; disposing after the call is harmless.</returns>
    IDisposable Schedule(TimeSpan delay, Action callback);
}
