using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Delivery;

/// <summary>
/// The receiving half: puts numbered messages of one life of a peer back in order, each delivered once. Duplicates are
/// acknowledged like news, because the peer that repeats itself has missed an acknowledgement.
/// </summary>
/// <typeparam name="T">What is received.</typeparam>
internal sealed class ReliableReceive<T>(int capacity)
{
    /// <summary>More missing numbers than this are not listed: at most 200 messages are under way at a time, and a list
    /// of 20,000 would be larger than a frame, in answer to each small message.</summary>
    public const int MostMissing = 1_000;

    private readonly SortedDictionary<long, T> _early = [];
    private long _delivered = -1;
    private long _highest = -1;

    /// <summary>What to tell the peer now. With too many missing it is told of those only that were delivered, and sends
    /// the rest again by and by.</summary>
    public Ack Ack
    {
        get
        {
            if (_highest == _delivered) return new Ack(_highest, []);
            ImmutableArray<long>.Builder missing = ImmutableArray.CreateBuilder<long>();
            for (long sequence = _delivered + 1; sequence < _highest; sequence++)
            {
                if (_early.ContainsKey(sequence)) continue;
                if (missing.Count == MostMissing) return new Ack(_delivered, []);
                missing.Add(sequence);
            }
            return new Ack(_highest, missing.ToImmutable());
        }
    }

    /// <summary>Takes a message in.</summary>
    /// <returns>What may be delivered now, in order: nothing for a duplicate or a message after a gap. A message so far
    /// ahead that the gap could not be kept is ignored, as if it had been lost.</returns>
    public ImmutableArray<T> Receive(long sequence, T message)
    {
        if (sequence <= _delivered || sequence > _delivered + capacity) return [];
        _highest = Math.Max(_highest, sequence);
        if (sequence > _delivered + 1)
        {
            _early.TryAdd(sequence, message);
            return [];
        }
        _delivered = sequence;
        ImmutableArray<T>.Builder due = ImmutableArray.CreateBuilder<T>();
        due.Add(message);
        while (_early.Remove(_delivered + 1, out T? next))
        {
            due.Add(next);
            _delivered++;
        }
        return due.ToImmutable();
    }
}
