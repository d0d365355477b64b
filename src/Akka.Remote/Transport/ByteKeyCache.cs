using System.Runtime.InteropServices;

namespace Akka.Remote.Transport;

/// <summary>
/// Remembers what was made of some bytes (a path, a manifest), so that the next message with the same bytes needs no text and
/// no search. One slot per key: a newcomer takes the place of whoever was there. One thread at a time.
/// </summary>
internal sealed class ByteKeyCache<T>(int slots)
    where T : class
{
    // Longer keys are rare, and would only pin memory.
    private const int LongestKey = 512;

    private readonly (byte[] Key, T Value)[] _slots = new (byte[], T)[slots];

    public T? Find(ReadOnlySpan<byte> key)
    {
        ref (byte[] Key, T Value) slot = ref SlotOf(key);
        return slot.Key is not null && key.SequenceEqual(slot.Key) ? slot.Value : null;
    }

    public void Add(ReadOnlySpan<byte> key, T value)
    {
        if (key.Length <= LongestKey) SlotOf(key) = (key.ToArray(), value);
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
