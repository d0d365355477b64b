using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Delivery;

/// <summary>
/// The sending half of reliable delivery to one peer: numbers messages, keeps them until they are acknowledged, and
/// says which to send again. Numbers and messages survive a reconnect to the same life of the peer; another life starts
/// from 0 with nothing kept, because what was meant for the dead is of no use to the newborn.
/// </summary>
/// <typeparam name="T">What is sent.</typeparam>
internal sealed class ReliableSend<T>(int capacity, int window)
{
    private readonly Queue<(long Sequence, T Message)> _unacknowledged = [];
    private long _next;
    private long _sentUpTo = -1;
    private long _highestSent = -1;
    private long _acknowledged = -1;

    public int Pending => _unacknowledged.Count;

    /// <summary>This life was sent something, or something waits for it.</summary>
    public bool IsUsed => _next > 0;

    /// <summary>What is not acknowledged, in order, sent or not.</summary>
    public IEnumerable<T> Waiting => _unacknowledged.Select(each => each.Message);

    /// <summary>Takes a message over.</summary>
    /// <returns>False when <c>capacity</c> messages wait already: the peer is beyond hope.</returns>
    public bool TryAdd(T message)
    {
        if (_unacknowledged.Count >= capacity) return false;
        _unacknowledged.Enqueue((_next++, message));
        return true;
    }

    /// <summary>What may go out now for the first time: as much as the window of outstanding messages allows.</summary>
    public ImmutableArray<(long Sequence, T Message)> TakeUnsent()
    {
        ImmutableArray<(long, T)>.Builder? due = null;
        long limit = _acknowledged + window;
        foreach ((long sequence, T message) in _unacknowledged)
        {
            if (sequence > limit) break;
            if (sequence <= _sentUpTo) continue;
            (due ??= ImmutableArray.CreateBuilder<(long, T)>()).Add((sequence, message));
            _sentUpTo = sequence;
        }
        _highestSent = Math.Max(_highestSent, _sentUpTo);
        return due?.ToImmutable() ?? [];
    }

    /// <summary>What went out before and is still not acknowledged, at most a window of it.</summary>
    public ImmutableArray<(long Sequence, T Message)> Unacknowledged() =>
        [.. _unacknowledged.TakeWhile(each => each.Sequence <= _sentUpTo).Take(window)];

    /// <summary>After a reconnect everything counts as unsent: what was in flight may be lost.</summary>
    public void Rewind() => _sentUpTo = _acknowledged;

    /// <summary>Forgets everything; the next number is 0.</summary>
    public void Reset()
    {
        _unacknowledged.Clear();
        (_next, _sentUpTo, _highestSent, _acknowledged) = (0, -1, -1, -1);
    }

    /// <summary>Drops what is acknowledged.</summary>
    /// <param name="resend">What the peer misses.</param>
    /// <returns>False when the acknowledgement speaks of messages that were never sent, or misses one that was
    /// acknowledged before: the two sides' ideas of the conversation cannot be mended.</returns>
    /// <remarks>Acknowledgements may overtake one another, for they come on several connections. What a peer has got only
    /// grows: of two with the same number, the one that misses more is the older.</remarks>
    public bool TryAcknowledge(Ack ack, out ImmutableArray<(long Sequence, T Message)> resend)
    {
        resend = [];
        if (ack.Cumulative > _highestSent) return false;
        if (ack.Cumulative < _acknowledged) return true;
        HashSet<long> missing = ack.Nacks.IsDefault ? [] : [.. ack.Nacks];
        if (missing.Any(nack => nack < 0 || nack > ack.Cumulative)) return false;
        var reported = _unacknowledged.TakeWhile(each => each.Sequence <= ack.Cumulative);
        int kept = missing.Count == 0 ? 0 : reported.Count(each => missing.Contains(each.Sequence));
        if (kept < missing.Count) return ack.Cumulative == _acknowledged && kept == reported.Count();
        if (missing.Count == 0)
        {
            while (_unacknowledged.TryPeek(out var first) && first.Sequence <= ack.Cumulative)
            {
                _unacknowledged.Dequeue();
            }
        }
        else
        {
            var left = _unacknowledged
                .Where(each => each.Sequence > ack.Cumulative || missing.Contains(each.Sequence))
                .ToArray();
            resend = [.. left.Where(each => missing.Contains(each.Sequence))];
            _unacknowledged.Clear();
            foreach (var each in left) _unacknowledged.Enqueue(each);
        }
        _acknowledged = ack.Cumulative;
        _sentUpTo = Math.Max(_sentUpTo, _acknowledged);
        return true;
    }
}
