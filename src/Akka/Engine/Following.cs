namespace Akka.Engine;

/// <summary>
/// What is to follow the turn of one thread: one piece of work that the turn woke, one that used its own turn up and has
/// more to do, and one that gains by coming late. The thread itself fills and empties the places; when its turn takes
/// too long, another thread comes and takes away what is there.
/// </summary>
/// <remarks>
/// Shared memory, home three. Who takes must be one, and the thread itself takes after every turn, so it does that
/// without an interlocked operation: it says that it is taking, looks whether somebody has laid claim to the places, and
/// takes. The other lays claim, makes every thread of the process pass a fence, and looks whether the thread is taking.
/// Whichever way the fence falls, one of them sees the other: either the thread had said so before the fence, and the
/// other sees that and goes away; or the thread looks after the fence, sees the claim, and takes by an exchange, as the
/// other does. Only the thread itself fills a place, and only an empty one, so nothing is overwritten. The claim is given
/// back after the exchanges: whoever sees it gone sees the places emptied.
/// </remarks>
internal struct Following
{
    // What comes late waits for no more than this much of the other kinds.
    public const int MostBeforeLate = 3;

    private IThreadPoolWorkItem? _woken;
    private IThreadPoolWorkItem? _again;
    private IThreadPoolWorkItem? _late;
    private int _beforeLate;
    private bool _taking;
    private bool _tookWoken;
    private bool _claimed;

    /// <summary>For any thread; exact for the one that fills the places as long as nobody steals.</summary>
    public bool IsEmpty =>
        Volatile.Read(ref _woken) is null && Volatile.Read(ref _again) is null && Volatile.Read(ref _late) is null;

    /// <summary>The thread itself: leaves work that its turn woke.</summary>
    public bool TryPlaceWoken(IThreadPoolWorkItem work) => TryPlace(ref _woken, work);

    /// <summary>The thread itself: leaves what used its turn up.</summary>
    public bool TryPlaceAgain(IThreadPoolWorkItem work) => TryPlace(ref _again, work);

    /// <summary>The thread itself: leaves what is to come when nothing else follows, or a few pieces of work
    /// later.</summary>
    public bool TryPlaceLate(IThreadPoolWorkItem work) => TryPlace(ref _late, work);

    /// <summary>The thread itself: what comes next. A piece of either kind is taken in turn: they come in the order in
    /// which they were left, and neither kind keeps the other waiting; nor both of them what comes late.</summary>
    public IThreadPoolWorkItem? Take()
    {
        bool isLast = _woken is null && _again is null;
        if (_late is not null && (isLast || ++_beforeLate > MostBeforeLate))
        {
            _beforeLate = 0;
            return Take(ref _late);
        }
        if (isLast) return null;
        bool again = _again is not null && (_tookWoken || _woken is null);
        IThreadPoolWorkItem? work = again ? Take(ref _again) : Take(ref _woken);
        _tookWoken = !again;
        return work;
    }

    /// <summary>Another thread, one at a time: takes what is there, or nothing if the thread itself is about
    /// to.</summary>
    public (IThreadPoolWorkItem? Woken, IThreadPoolWorkItem? Again, IThreadPoolWorkItem? Late) Steal()
    {
        Volatile.Write(ref _claimed, true);
        Interlocked.MemoryBarrierProcessWide();
        IThreadPoolWorkItem? woken = null;
        IThreadPoolWorkItem? again = null;
        IThreadPoolWorkItem? late = null;
        if (!Volatile.Read(ref _taking))
        {
            woken = Interlocked.Exchange(ref _woken, null);
            again = Interlocked.Exchange(ref _again, null);
            late = Interlocked.Exchange(ref _late, null);
        }
        Volatile.Write(ref _claimed, false);
        return (woken, again, late);
    }

    private IThreadPoolWorkItem? Take(ref IThreadPoolWorkItem? place)
    {
        Volatile.Write(ref _taking, true);
        IThreadPoolWorkItem? work;
        if (Volatile.Read(ref _claimed))
        {
            work = Interlocked.Exchange(ref place, null);
        }
        else
        {
            work = place;
            place = null;
        }
        Volatile.Write(ref _taking, false);
        return work;
    }

    private static bool TryPlace(ref IThreadPoolWorkItem? place, IThreadPoolWorkItem work)
    {
        if (place is not null) return false;
        Volatile.Write(ref place, work);
        return true;
    }
}
