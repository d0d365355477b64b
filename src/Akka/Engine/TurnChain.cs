using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Engine;

/// <summary>
/// Turns that follow one another on a thread of the pool without passing its queues. What an actor wakes while it works
/// runs next on the same thread: most often it is whom the actor answers, and what it will read lies in this processor's
/// cache. Were it queued, another thread that has nothing to do would take it within nanoseconds, and two actors that
/// answer one another would run on two processors, each waiting for the other's cache. For the same reason an actor that
/// has used its turn up goes behind what it woke, on this thread, as long as turns are short.
/// </summary>
/// <remarks>
/// <para>Shared memory, home three; what is shared is in <see cref="Following"/>. The <see cref="Watchman"/> takes from
/// there what has waited behind one turn too long.</para>
/// <para>Who else gets a turn: after <see cref="Length"/> turns the thread looks whether anything waits in the pool, and if
/// so queues up behind it. A turn that was used up counts as <see cref="UsedUp"/>, because it handled a whole batch. If
/// nothing waits, going on saves waking another thread for the ball. But a batch that takes longer than waking a thread
/// is worth one: when the turns since the last used-up one took longer than <see cref="Short"/> each, it goes to the
/// pool.</para>
/// </remarks>
internal sealed class TurnChain
{
    /// <summary>How many turns may follow before others get theirs.</summary>
    internal const int Length = 61;

    /// <summary>As how many turns one counts that handled as many messages as it may.</summary>
    internal const int UsedUp = 8;

    /// <summary>Several times what it costs to wake a thread, and to move what two actors share to its
    /// processor.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(25);

    private static readonly long ShortTicks = (long)(Short.TotalSeconds * TimeProvider.System.TimestampFrequency);

    private readonly bool _ofPool = Thread.CurrentThread.IsThreadPoolThread;
    private Following _following;
    private bool _running;
    private int _left;

    // Written by the chain's thread for the watchman.
    private int _placed;
    private int _seen;

    // Turns since the chain began, and when and at which of them one was last used up.
    private int _turns;
    private int _usedUpTurn;
    private long _usedUpAt;

    /// <summary>For work that the pool has taken out of its queue: runs it, and then what it left to follow.</summary>
    public static void Run(Mailbox first)
    {
        TurnThread thread = TurnThread.Mine;
        TurnChain chain = thread.Chain ??= Start();
        // A turn inside a turn, or a thread that is not the pool's to use.
        if (chain._running || !chain._ofPool) first.Run();
        else chain.RunAll(first, thread);
    }

    /// <summary>Leaves work to follow the turn that runs on this thread.</summary>
    /// <returns>False if there is no such turn, or something that it woke is to follow it already.</returns>
    public static bool TryFollow(IThreadPoolWorkItem work)
    {
        TurnChain? chain = TurnThread.Mine.Chain;
        if (chain is null || !chain._running || !chain._following.TryPlaceWoken(work)) return false;
        chain.Placed();
        return true;
    }

    /// <summary>Leaves work whose turn on this thread was used up to go on after what else is to follow.</summary>
    /// <returns>False if there is no such turn, or its like is waiting already, or turns are long.</returns>
    public static bool TryGoOn(IThreadPoolWorkItem work)
    {
        TurnChain? chain = TurnThread.Mine.Chain;
        if (chain is null || !chain._running || !chain.TurnsAreShort() || !chain._following.TryPlaceAgain(work))
            return false;
        chain._left -= UsedUp - 1;
        chain.Placed();
        return true;
    }

    /// <summary>Leaves work to follow the turns of this thread when nothing else does, or a few turns later.</summary>
    /// <returns>False if there is no such turn, or its like is waiting already.</returns>
    public static bool TryFollowLate(IThreadPoolWorkItem work)
    {
        TurnChain? chain = TurnThread.Mine.Chain;
        if (chain is null || !chain._running || !chain._following.TryPlaceLate(work)) return false;
        chain.Placed();
        return true;
    }

    private void RunAll(Mailbox first, TurnThread thread)
    {
        ActorCell? outer = thread.Current;
        SynchronizationContext? outerContext = SynchronizationContext.Current;
        if (outerContext is not null) SynchronizationContext.SetSynchronizationContext(null);
        ExecutionContext? ambience = ExecutionContext.Capture();
        _running = true;
        _left = Length;
        _turns = 0;
        _usedUpAt = 0;
        IThreadPoolWorkItem? next = first;
        do
        {
            // The common case without a way through the interface and back here.
            if (next is Mailbox mailbox) mailbox.RunInChain(thread);
            else next.Execute();
            _turns++;
            // What a handler put into its AsyncLocals is its own; the pool sees to that between two pieces of work.
            if (SynchronizationContext.Current is not null) SynchronizationContext.SetSynchronizationContext(null);
            if (!ReferenceEquals(ExecutionContext.Capture(), ambience) && ambience is not null)
                ExecutionContext.Restore(ambience);
            if (--_left <= 0 && !GoesOn()) break;
            next = _following.Take();
        }
        while (next is not null);
        _running = false;
        thread.Current = outer;
        if (outerContext is not null) SynchronizationContext.SetSynchronizationContext(outerContext);
    }

    /// <returns>False if others wait in the pool; then what was to follow waits behind them.</returns>
    private bool GoesOn()
    {
        _left = Length;
        if (ThreadPool.PendingWorkItemCount == 0) return true;
        while (_following.Take() is { } work) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        return false;
    }

    private bool TurnsAreShort()
    {
        long now = TimeProvider.System.GetTimestamp();
        bool areShort = _usedUpAt == 0 || now - _usedUpAt <= ShortTicks * (_turns - _usedUpTurn);
        _usedUpAt = now;
        _usedUpTurn = _turns;
        return areShort;
    }

    private void Placed()
    {
        _placed++;
        if (!Watchman.IsAwake) Watchman.Wake();
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
        bool waits = !_following.IsEmpty;
        bool isNew = placed != _seen;
        _seen = placed;
        if (waits && !isNew)
        {
            (IThreadPoolWorkItem? woken, IThreadPoolWorkItem? again, IThreadPoolWorkItem? late) = _following.Steal();
            if (late is not null) ThreadPool.UnsafeQueueUserWorkItem(late, preferLocal: false);
            if (woken is not null) ThreadPool.UnsafeQueueUserWorkItem(woken, preferLocal: false);
            if (again is not null) ThreadPool.UnsafeQueueUserWorkItem(again, preferLocal: false);
        }
        return waits || isNew;
    }

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
                if (each.TryGetTarget(out TurnChain? chain) && !chain._following.IsEmpty) return true;
            return false;
        }
    }
}
