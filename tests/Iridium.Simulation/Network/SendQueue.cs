using System.Diagnostics.CodeAnalysis;

namespace Iridium.Simulation.Network;

/// <summary>
/// What a process wrote and its kernel has not sent: two lanes of whole writes, and behind them the send buffer, where
/// the order is final. An urgent write passes everything that has not reached the buffer.
/// </summary>
internal sealed class SendQueue
{
    /// <summary>When the buffer holds this much, no further write enters it.</summary>
    private const int BufferBytes = 64 * 1024;

    private readonly ByteStore _buffer = new();
    private readonly Queue<byte[]> _urgent = new();
    private readonly Queue<byte[]> _ordinary = new();
    private int _waiting;

    public int Count => _buffer.Count + _waiting;

    public void Add(ReadOnlySpan<byte> bytes, bool urgent)
    {
        (urgent ? _urgent : _ordinary).Enqueue(bytes.ToArray());
        _waiting += bytes.Length;
    }

    public byte[] Take(int most)
    {
        while (_buffer.Count < BufferBytes && TryTakeWrite(out byte[]? write, out _)) _buffer.Add(write);
        return _buffer.Take(Math.Min(most, _buffer.Count));
    }

    /// <summary>The next write as it was made.</summary>
    public bool TryTakeWrite([NotNullWhen(true)] out byte[]? write, out bool urgent)
    {
        urgent = _urgent.TryDequeue(out write);
        if (!urgent && !_ordinary.TryDequeue(out write)) return false;
        _waiting -= write!.Length;
        return true;
    }

    public void Clear()
    {
        _buffer.Clear();
        _urgent.Clear();
        _ordinary.Clear();
        _waiting = 0;
    }
}
