namespace Akka.Engine;

/// <summary>
/// Turns that follow one another on a thread of the pool without passing its queues. What an actor wakes while it works
/// runs next on the same thread: most often it is whom the actor answers, and what it will read lies in this processor's
/// cache. Were it queued, another thread that has nothing to do would take it within nanoseconds, and two actors that
/// answer one another would run on two processors, each waiting for the other's cache.
/// </summary>
/// <remarks>
/// Shared memory, home three. <c>_next</c> is empty or holds the one piece of work that is to follow. Only the chain's own
/// thread fills it, and only while it is empty; the thread after its turn, or the <see cref="Watchman"/> when the turn
/// takes too long, empties it by an exchange, so exactly one of them has the work. After <see cref="Length"/> turns the
/// thread looks whether anything waits in the pool, and if so queues up behind it: actors that keep one another busy let
/// others in. If nothing does, going on saves waking another thread for the ball.
/// </remarks>
internal sealed class TurnChain
{
    /// <summary>How many turns may follow before others get theirs.</summary>
    internal const int Length = 61;

    [ThreadStatic]
    private static TurnChain? t_chain;

    private readonly bool _ofPool = Thread.CurrentThread.IsThreadPoolThread;
    private IThreadPoolWorkItem? _next;
    private bool _running;
    private int _placed;
    private int _seen;

    /// <summary>For work that the pool has taken out of its queue: runs it, and then what it left to follow.</summary>
    public static void Run(Dispatch.Mailbox first)
    {
        TurnChain chain = t_chain ??= Start();
        // A turn inside a turn, or a thread that is not the pool's to use.
        if (chain._running || !chain._ofPool)
        {
            first.Run();
            return;
        }
        chain._running = true;
        ExecutionContext? context = ExecutionContext.Capture();
        first.Run();
        int left = Length;
        while (chain._next is not null && Interlocked.Exchange(ref chain._next, null) is { } next)
        {
            // What a handler put into its AsyncLocals is its own; the pool sees to that between two pieces of work.
            if (!ReferenceEquals(ExecutionContext.Capture(), context) && context is not null)
                ExecutionContext.Restore(context);
            if (--left == 0)
            {
                if (ThreadPool.PendingWorkItemCount > 0)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
                    break;
                }
                left = Length;
            }
            // The common case without a way through the interface and back here.
            if (next is Dispatch.Mailbox mailbox) mailbox.Run();
            else next.Execute();
        }
        chain._running = false;
    }

    /// <summary>Leaves work to follow the turn that runs on this thread.</summary>
    /// <returns>False if there is no such turn, or something is to follow it already.</returns>
    public static bool TryFollow(IThreadPoolWorkItem work)
    {
        TurnChain? chain = t_chain;
        if (chain is null || !chain._running || chain._next is not null) return false;
        chain._placed++;
        Volatile.Write(ref chain._next, work);
        if (!Watchman.IsAwake) Watchman.Wake();
        return true;
    }

    /// <summary>Whether the watchman is up; for tests.</summary>
    internal static bool IsWatched => Watchman.IsAwake;

    private static TurnChain Start()
    {
        TurnChain chain = new();
        if (chain._ofPool) Watchman.Watch(chain);
        return chain;
    }

    /// <summary>The watchman's: gives work to the pool that has waited since the last look.</summary>
    /// <returns>Whether there was any since.</returns>
    private bool Look()
    {
        int placed = Volatile.Read(ref _placed);
        bool waits = HasNext;
        bool isNew = placed != _seen;
        _seen = placed;
        if (waits && !isNew && Interlocked.Exchange(ref _next, null) is { } late)
            ThreadPool.UnsafeQueueUserWorkItem(late, preferLocal: false);
        return waits || isNew;
    }

    private bool HasNext => Volatile.Read(ref _next) is not null;

    /// <summary>
    /// Sees to it that no work waits behind a turn that blocks or computes: after one to two ticks it is the pool's. Its
    /// thread sleeps while no chain leaves anything to follow.
    /// </summary>
    private static class Watchman
    {
        private const int TickMilliseconds = 1;
        private const int QuietTicks = 3;

        private static readonly object Gate = new();
        private static readonly List<WeakReference<TurnChain>> Chains = [];
        private static bool s_started;

        // Written by Wake under the gate and by the watchman, read by every chain after it has left work.
        private static int s_awake;

        public static bool IsAwake => Volatile.Read(ref s_awake) != 0;

        public static void Watch(TurnChain chain)
        {
            lock (Gate)
            {
                Chains.Add(new WeakReference<TurnChain>(chain));
                if (s_started) return;
                s_started = true;
            }
            new Thread(Run) { IsBackground = true, Name = "akka turn watchman" }.Start();
        }

        public static void Wake()
        {
            lock (Gate)
            {
                if (s_awake != 0) return;
                Volatile.Write(ref s_awake, 1);
                Monitor.Pulse(Gate);
            }
        }

        private static void Run()
        {
            lock (Gate)
            {
                int quiet = 0;
                while (true)
                {
                    Monitor.Wait(Gate, s_awake == 0 ? Timeout.Infinite : TickMilliseconds);
                    quiet = LookAtAllLocked() ? 0 : quiet + 1;
                    if (quiet < QuietTicks || s_awake == 0) continue;
                    quiet = 0;
                    // Chains write their work and then read this word, without a fence; the fence is here, for both sides:
                    // whoever left work before it is seen below, whoever does so after it finds the word cleared.
                    Volatile.Write(ref s_awake, 0);
                    Interlocked.MemoryBarrierProcessWide();
                    if (AnyWaitsLocked()) Volatile.Write(ref s_awake, 1);
                }
            }
        }

        private static bool LookAtAllLocked()
        {
            bool busy = false;
            for (int index = Chains.Count - 1; index >= 0; index--)
            {
                // A thread that the pool has given up leaves nothing behind.
                if (Chains[index].TryGetTarget(out TurnChain? chain)) busy |= chain.Look();
                else Chains.RemoveAt(index);
            }
            return busy;
        }

        private static bool AnyWaitsLocked()
        {
            foreach (WeakReference<TurnChain> each in Chains)
                if (each.TryGetTarget(out TurnChain? chain) && chain.HasNext) return true;
            return false;
        }
    }
}
