using System.Diagnostics;

namespace Akka.Engine;

/// <summary>One thread's time as the leader.</summary>
internal sealed unsafe class SocketReader(SocketReaders readers)
{
    /// <summary>How many batches' turns run elsewhere after one that took long.</summary>
    public const int BatchesApart = 256;

    private const int MostEvents = 64;

    // Turns that follow one another without anything from outside: actors that talk among themselves do so on the pool, where
    // the next turn costs no look at the sockets.
    private const int MostInARow = 8;

    // Three long turns with few short ones between them are a habit.
    private const int LongTurnWeight = 16;
    private const int MostSlowness = 2 * LongTurnWeight;

    // A wait that fails doubles how many follow without looking for news; one in 64 costs nothing to speak of.
    private const int MostDoubt = 6;

    // A turn that takes longer than a wake-up does not gain from saving one, and others wait for it.
    private static readonly long _longTurn = Stopwatch.Frequency / 10_000;

    [ThreadStatic]
    private static SocketReader? t_current;

    private ExecutionContext? _context;
    private IThreadPoolWorkItem? _next;
    private bool _collects;
    private int _inARow;
    private bool _isStream;
    private int _slowness;
    private bool _deposed;
    private int _doubt;
    private uint _waits;
    private long _step;

    public static bool IsCurrent => t_current is not null;

    /// <summary>Changes with everything the thread does.</summary>
    public long Step => Volatile.Read(ref _step);

    public static bool IsBusyAt(long step) => (step & 1) != 0;

    /// <summary>Leaves work to follow what this thread does now.</summary>
    /// <returns>False if this is no such thread, or something follows already.</returns>
    public static bool TryFollow(IThreadPoolWorkItem work)
    {
        SocketReader? reader = t_current;
        if (reader is null || !reader._collects || reader._next is not null) return false;
        Volatile.Write(ref reader._next, work);
        // Whoever deposes it writes the one word, passes the barrier, and reads the other; here it is the other way round.
        if (Volatile.Read(ref reader._deposed)) reader.PassOn();
        return true;
    }

    /// <summary>What has arrived will keep others busy for a while: they start on other threads at once.</summary>
    public static void ExpectMuch()
    {
        if (t_current is { } reader) (reader._collects, reader._isStream) = (false, true);
    }

    /// <summary>Another leads from now on, and what was to follow is not held up.</summary>
    public void Depose()
    {
        Volatile.Write(ref _deposed, true);
        Interlocked.MemoryBarrierProcessWide();
        PassOn();
    }

    public void Lead()
    {
        t_current = this;
        _context = ExecutionContext.Capture();
        byte* events = stackalloc byte[MostEvents * Epoll.EventBytes];
        while (!Volatile.Read(ref _deposed))
        {
            int count = Await(events);
            Interlocked.Increment(ref _step);
            if (!readers.IsGuarded) readers.WakeGuard();
            if (count > 0) Handle(events, count);
            Follow();
            Interlocked.Increment(ref _step);
        }
        t_current = null;
        PassOn();
    }

    private int Await(byte* events)
    {
        if (_next is not null) return Epoll.Wait(readers.Descriptor, events, MostEvents, 0);
        long patience = readers.PatienceTicks;
        bool looks = patience > 0 && !_isStream && (++_waits & ((1u << _doubt) - 1)) == 0;
        if (looks)
        {
            long until = Stopwatch.GetTimestamp() + patience;
            do
            {
                int count = Epoll.Wait(readers.Descriptor, events, MostEvents, 0);
                if (count > 0)
                {
                    _doubt = 0;
                    return count;
                }
                Thread.Yield();
            }
            while (Stopwatch.GetTimestamp() < until);
            if (_doubt < MostDoubt) _doubt++;
        }
        return Epoll.Wait(readers.Descriptor, events, MostEvents, -1);
    }

    private void Handle(byte* events, int count)
    {
        PassOn();
        SocketWatch? mine = null;
        for (int index = 0; index < count; index++)
        {
            (uint occurred, long id) = Epoll.Read(events, index);
            if (readers.Find(id) is not { } watch || !watch.Occurred(occurred)) continue;
            // One is this thread's; the others need not wait for it.
            if (mine is null) mine = watch;
            else if (watch.Executor is { } executor) executor.Execute(watch.Work!);
            else watch.TellDue();
        }
        if (mine is null) return;
        _collects = readers.MayRunTurns();
        _inARow = 0;
        _isStream = false;
        mine.TellDue();
        RestoreContext();
    }

    private void Follow()
    {
        if (_next is null || Interlocked.Exchange(ref _next, null) is not { } work) return;
        _collects = ++_inARow < MostInARow;
        long start = Stopwatch.GetTimestamp();
        work.Execute();
        Judge(Stopwatch.GetTimestamp() - start);
        RestoreContext();
    }

    // The operating system lengthens a turn now and then by giving the processor to another thread: one does not count.
    private void Judge(long turn)
    {
        if (turn <= _longTurn)
        {
            if (_slowness > 0) _slowness--;
        }
        else if ((_slowness += LongTurnWeight) > MostSlowness)
        {
            _slowness = 0;
            readers.KeepApart();
        }
    }

    private void PassOn()
    {
        if (_next is not null && Interlocked.Exchange(ref _next, null) is { } work)
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    // What a handler put into its AsyncLocals is its own.
    private void RestoreContext()
    {
        if (_context is not null && !ReferenceEquals(ExecutionContext.Capture(), _context))
            ExecutionContext.Restore(_context);
    }
}
