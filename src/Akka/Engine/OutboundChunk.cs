using System.Buffers;

namespace Akka.Engine;

/// <summary>Letters, one behind the other.</summary>
internal sealed class OutboundChunk(int bytes)
{
    // Not every end of a letter is remembered: on a line of 256 kbit/s these take 30 ms.
    private const int BetweenEnds = 1024;

    private List<int>? _ends;

    public byte[] Bytes { get; } = ArrayPool<byte>.Shared.Rent(bytes);

    public int Count { get; private set; }

    public int Room => Bytes.Length - Count;

    /// <summary>Where the letter ends, or one soon after it, that the byte at this place belongs to; the place itself
    /// if a letter begins there.</summary>
    public int EndOfLetter(int place)
    {
        if (place == 0) return 0;
        if (_ends is null) return Count;
        int at = _ends.BinarySearch(place);
        if (at < 0) at = ~at;
        return at < _ends.Count ? _ends[at] : Count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Count - (_ends is null ? 0 : _ends[^1]) >= BetweenEnds) (_ends ??= []).Add(Count);
        bytes.CopyTo(Bytes.AsSpan(Count));
        Count += bytes.Length;
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Bytes);
}
