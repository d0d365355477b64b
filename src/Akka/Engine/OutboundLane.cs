using System.Diagnostics.CodeAnalysis;

namespace Akka.Engine;

/// <summary>Letters that wait in chunks, in order. Its owner locks.</summary>
internal sealed class OutboundLane
{
    // A send of 64 KB spreads the cost of the call over some hundred messages; larger ones gain nothing measurable.
    private const int ChunkBytes = 64 * 1024;

    private readonly Queue<OutboundChunk> _chunks = [];
    private OutboundChunk? _tail;

    public bool IsEmpty => _chunks.Count == 0;

    public void Append(ReadOnlySpan<byte> letters)
    {
        if (_tail is null || _tail.Room < letters.Length)
        {
            _tail = new OutboundChunk(Math.Max(ChunkBytes, letters.Length));
            _chunks.Enqueue(_tail);
        }
        _tail.Append(letters);
    }

    /// <summary>Takes the first chunk out: nothing is appended to it any more.</summary>
    public bool TryTake([NotNullWhen(true)] out OutboundChunk? chunk)
    {
        if (!_chunks.TryDequeue(out chunk)) return false;
        if (chunk == _tail) _tail = null;
        return true;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Free()
    {
        while (TryTake(out OutboundChunk? chunk)) chunk.Return();
    }
}
