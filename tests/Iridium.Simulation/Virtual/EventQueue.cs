namespace Iridium.Simulation.Virtual;

/// <summary>Something that happens at a moment of virtual time.</summary>
internal interface IHappening
{
    /// <summary>One letter of the trace's legend (README.md); part of the rolling hash.</summary>
    char Letter { get; }

    void Happen();
}

/// <summary>What is planned. Without an owner it belongs to the world: the network, the faults, the story.</summary>
internal readonly record struct Planned(SimProcess? Owner, IHappening What);

/// <summary>What is to come, earliest first; equal times in the order of their ties. A heap of four children a node:
/// half as deep as a binary one, and the children share a cache line.</summary>
internal sealed class EventQueue<T>
{
    private const int Fan = 4;
    private Entry[] _heap = new Entry[64];

    public int Count { get; private set; }

    /// <summary>When the next entry is due, or the end of time.</summary>
    public long NextTime => Count == 0 ? long.MaxValue : _heap[0].Time;

    public void Add(long time, ulong tie, in T what)
    {
        var planned = new Entry(time, tie, what);
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        int hole = Count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / Fan;
            if (!Before(planned, _heap[parent])) break;
            _heap[hole] = _heap[parent];
            hole = parent;
        }
        _heap[hole] = planned;
    }

    public T Take(out long time)
    {
        Entry first = _heap[0];
        Entry last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0) Sink(last);
        time = first.Time;
        return first.What;
    }

    private void Sink(in Entry planned)
    {
        int hole = 0;
        while (true)
        {
            int child = hole * Fan + 1;
            if (child >= Count) break;
            int end = Math.Min(child + Fan, Count);
            int least = child;
            while (++child < end)
            {
                if (Before(_heap[child], _heap[least])) least = child;
            }
            if (!Before(_heap[least], planned)) break;
            _heap[hole] = _heap[least];
            hole = least;
        }
        _heap[hole] = planned;
    }

    private static bool Before(in Entry one, in Entry other) =>
        one.Time != other.Time ? one.Time < other.Time : one.Tie < other.Tie;

    private readonly record struct Entry(long Time, ulong Tie, T What);
}
