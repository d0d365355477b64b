using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>
/// The threads that look after all sockets of a Linux process. One leads: it waits for the kernel's word, reads what has
/// arrived, and if that is little, runs the turn that it causes, so that an answer leaves on the thread that the question
/// woke. The runtime's own way takes two threads more, and on a machine at rest each is a processor to be woken, for tens
/// of microseconds. The other thread guards: when the leader is held up by what it runs, the guard leads.
/// <code>
///   guard --leader held up for a tick--> leader --held up, deposed--> (what it runs) --> ends
///     ^ a new thread guards
/// </code>
/// </summary>
/// <remarks>
/// Shared memory, home three. Who leads is written under the gate. A socket is armed for one event, so whoever gets that
/// event has the socket to itself, even while a deposed leader still waits beside the new one.
/// </remarks>
internal sealed class SocketReaders
{
    private const int TickMilliseconds = 1;
    private const int QuietTicks = 3;

    // Twice what it takes to wake a sleeping processor of a virtual machine, so that a peer which has to be woken itself
    // still finds this one awake.
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMicroseconds(100);

    private readonly object _gate = new();
    private readonly ConcurrentDictionary<long, SocketWatch> _watches = [];
    private readonly int _epoll;
    private SocketReader? _leader;
    private long _lastId;
    private int _awake;
    private long _patience;

    // Batches whose turns are still to run elsewhere. A count that two leaders change at once may be off by one.
    private int _apart;

    private SocketReaders(int epoll)
    {
        _epoll = epoll;
        Patience = UsualPatience;
    }

    /// <summary>Null where the kernel is not Linux.</summary>
    public static SocketReaders? Shared { get; } = Create();

    /// <summary>The guard is up and ticking.</summary>
    public bool IsGuarded => Volatile.Read(ref _awake) != 0;

    public int Descriptor => _epoll;

    /// <summary>How long the leader looks for news before it sleeps. On one processor it would only keep the others from
    /// working.</summary>
    public TimeSpan Patience
    {
        set => Volatile.Write(ref _patience,
            Environment.ProcessorCount > 1 ? (long)(value.TotalSeconds * Stopwatch.Frequency) : 0);
    }

    /// <summary>The same, in the ticks of <see cref="Stopwatch"/>.</summary>
    public long PatienceTicks => Volatile.Read(ref _patience);

    /// <summary>From now on <see cref="Arm"/> is possible.</summary>
    /// <exception cref="SocketException">The kernel watches no more sockets for this user.</exception>
    public long Add(SocketWatch watch, int descriptor)
    {
        long id = Interlocked.Increment(ref _lastId);
        _watches[id] = watch;
        if (Epoll.Control(_epoll, Epoll.Add, descriptor, Epoll.OneShot, id) < 0)
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        if (Volatile.Read(ref _leader) is null) Start();
        return id;
    }

    public void Arm(int descriptor, long id, uint events) =>
        Epoll.Control(_epoll, Epoll.Modify, descriptor, events | Epoll.OneShot, id);

    public void Remove(int descriptor, long id)
    {
        _watches.TryRemove(id, out _);
        Epoll.Control(_epoll, Epoll.Remove, descriptor, 0, id);
    }

    public SocketWatch? Find(long id) => _watches.GetValueOrDefault(id);

    /// <summary>A turn took long, or would: for a while turns run elsewhere.</summary>
    public void KeepApart() => Volatile.Write(ref _apart, SocketReader.BatchesApart);

    /// <summary>Whether the turns of the next batch may run on the leader's thread.</summary>
    public bool MayRunTurns()
    {
        if (_apart == 0) return true;
        _apart--;
        return false;
    }

    public void WakeGuard()
    {
        lock (_gate)
        {
            if (_awake != 0) return;
            Volatile.Write(ref _awake, 1);
            Monitor.PulseAll(_gate);
        }
    }

    private static SocketReaders? Create()
    {
        if (!OperatingSystem.IsLinux()) return null;
        int epoll = Epoll.Create(Epoll.CloseOnExec);
        return epoll < 0 ? null : new SocketReaders(epoll);
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_leader is not null) return;
            _leader = new SocketReader(this);
            StartThread(_leader.Lead);
            StartThread(Guard);
        }
    }

    private static void StartThread(ThreadStart run) =>
        new Thread(run) { IsBackground = true, Name = "akka sockets" }.UnsafeStart();

    private void Guard()
    {
        SocketReader next = new(this);
        lock (_gate)
        {
            SocketReader leader = _leader!;
            long seen = -1;
            for (int quiet = 0; ;)
            {
                Monitor.Wait(_gate, _awake == 0 ? Timeout.Infinite : TickMilliseconds);
                long step = leader.Step;
                if (step == seen && SocketReader.IsBusyAt(step)) break;
                quiet = step == seen ? quiet + 1 : 0;
                seen = step;
                if (quiet < QuietTicks) continue;
                quiet = 0;
                // The leader steps and then reads this word, with a fence between; here it is the other way round.
                Interlocked.Exchange(ref _awake, 0);
                if (leader.Step != seen) Volatile.Write(ref _awake, 1);
            }
            KeepApart();
            leader.Depose();
            _leader = next;
            StartThread(Guard);
        }
        next.Lead();
    }
}
