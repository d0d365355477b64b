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

    private (byte[] Key, T Value)[] _slots = new (byte[], T)[FirstSlots];
    private int _displaced;

    public T? Find(ReadOnlySpan<byte> key)
    {
        ref (byte[] Key, T Value) slot = ref SlotOf(key);
        return slot.Key is not null && key.SequenceEqual(slot.Key) ? slot.Value : null;
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
        ulong hash = (ulong)key.Length * 0x9E3779B97F4A7C15;
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(key)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }
        foreach (byte rest in key) hash = (hash ^ rest) * 0x9E3779B97F4A7C15;
        return ref _slots[(hash >> 32) % (ulong)_slots.Length];
    }
}
