using System.Buffers;

namespace Iridium.Simulation.Network;

/// <summary>Bytes in order: added at the end, taken from the front.</summary>
internal sealed class ByteStore
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length) MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public byte[] Take(int count)
    {
        byte[] taken = _bytes.AsSpan(_start, count).ToArray();
        Drop(count);
        return taken;
    }

    public void Drop(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    public void Clear() => _start = _end = 0;

    /// <summary>The content in one segment, or in two when <paramref name="split"/> lies inside it.</summary>
    public ReadOnlySequence<byte> Show(int split)
    {
        if (split <= 0 || split >= Count) return new ReadOnlySequence<byte>(_bytes, _start, Count);
        var first = new Segment(_bytes.AsMemory(_start, split), 0);
        var second = new Segment(_bytes.AsMemory(_start + split, Count - split), split);
        first.Follow(second);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private void MakeRoom(int more)
    {
        int needed = Count + more;
        byte[] target = needed <= _bytes.Length ? _bytes : new byte[Math.Max(256, needed * 2)];
        int count = Count;
        Span.CopyTo(target);
        (_bytes, _start, _end) = (target, 0, count);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex) => (Memory, RunningIndex) = (memory, runningIndex);

        public void Follow(Segment next) => Next = next;
    }
}
