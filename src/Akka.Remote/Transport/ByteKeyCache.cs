using System.Runtime.InteropServices;

namespace Akka.Remote.Transport;

/// <summary>
/// Remembers what was made of some bytes (a path, a manifest), so that the next message with the same bytes needs no
/// text and no search. One slot per key: a newcomer takes the place of whoever was there. It starts small, because a
/// node of a large cluster has many connections over which little is said, and grows where keys get in one another's
/// way. One thread at a time.
/// </summary>
internal sealed class ByteKeyCache<T>(int most)
    where T : class
{
    private const int FirstSlots = 16;

    // Longer keys are rare, and would only pin memory.
    private const int LongestKey = 512;

    // Their number is a power of two.
    private (byte[] Key, T Value)[] _slots = new (byte[], T)[FirstSlots];
    private int _displaced;

    // Messages to one actor, or from one, come in runs.
    private (byte[] Key, T Value) _last = ([], null!);

    public T? Find(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual(_last.Key)) return _last.Value;
        ref (byte[] Key, T Value) slot = ref SlotOf(key);
        if (slot.Key is null || !key.SequenceEqual(slot.Key)) return null;
        _last = slot;
        return slot.Value;
    }

    public void Add(ReadOnlySpan<byte> key, T value)
    {
        if (key.Length > LongestKey) return;
        ref (byte[] Key, T Value) slot = ref SlotOf(key);
        if (slot.Key is not null && ++_displaced > _slots.Length && _slots.Length < most)
        {
            Grow();
            slot = ref SlotOf(key);
        }
        slot = (key.ToArray(), value);
        _last = slot;
    }

    private void Grow()
    {
        (byte[] Key, T Value)[] before = _slots;
        _slots = new (byte[], T)[before.Length * 2];
        _displaced = 0;
        foreach ((byte[] Key, T Value) each in before)
        {
            if (each.Key is not null) SlotOf(each.Key) = each;
        }
    }

    private ref (byte[] Key, T Value) SlotOf(ReadOnlySpan<byte> key)
    {
        ulong hash = (ulong)key.Length;
        ReadOnlySpan<byte> rest = key;
        for (; rest.Length >= 2 * sizeof(ulong); rest = rest[(2 * sizeof(ulong))..])
            hash = Mixed(hash ^ MemoryMarshal.Read<ulong>(rest), MemoryMarshal.Read<ulong>(rest[sizeof(ulong)..]));
        if (rest.Length > 0 && key.Length >= 2 * sizeof(ulong))
        {
            rest = key[^(2 * sizeof(ulong))..];
            hash = Mixed(hash ^ MemoryMarshal.Read<ulong>(rest), MemoryMarshal.Read<ulong>(rest[sizeof(ulong)..]));
        }
        else
        {
            foreach (byte each in rest) hash = Mixed(hash ^ each, 0);
        }
        return ref _slots[hash & (ulong)(_slots.Length - 1)];
    }

    // Every bit of both goes into every bit of the product's two halves.
    private static ulong Mixed(ulong first, ulong second)
    {
        ulong high = Math.BigMul(first ^ 0x9E3779B97F4A7C15, second ^ 0xE7037ED1A0B428DB, out ulong low);
        return high ^ low;
    }
}
