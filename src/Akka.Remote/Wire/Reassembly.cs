using System.Buffers;

namespace Akka.Remote.Wire;

/// <summary>
/// Puts the parts of one body together again. The room grows with what has come, not with what the first part
/// promises: a promise costs its maker nothing.
/// </summary>
/// <param name="mostBytes">The largest body.</param>
internal sealed class Reassembly(int mostBytes)
{
    private const int FirstRoom = 16 * 1024;

    private byte[] _room = [];
    private int _count;
    private int _rest;

    /// <summary>Some parts are here, and not the last.</summary>
    public bool IsOpen => _count > 0 && _rest > 0;

    /// <summary>The body, after its last part; until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Body => _room.AsSpan(0, _count);

    /// <summary>Takes the next part.</summary>
    /// <returns>Why it cannot be one of this body; null when it is.</returns>
    public string? Add(in Fragment fragment)
    {
        long whole = (long)_count + fragment.Part.Length + fragment.Rest;
        if (_count == 0)
        {
            if (whole > mostBytes) return $"parts of a message of {whole} bytes, where {mostBytes} are the most";
        }
        else if (fragment.Part.Length + fragment.Rest != _rest)
        {
            return $"a part of a message that does not follow: {_rest} bytes were to come, "
                + $"it has {fragment.Part.Length} and says that {fragment.Rest} come after it";
        }
        MakeRoom(_count + fragment.Part.Length, (int)whole);
        fragment.Part.CopyTo(_room.AsSpan(_count));
        _count += fragment.Part.Length;
        _rest = fragment.Rest;
        return null;
    }

    /// <summary>Gives the room back.</summary>
    public void Clear()
    {
        if (_room.Length > 0) ArrayPool<byte>.Shared.Return(_room);
        (_room, _count, _rest) = ([], 0, 0);
    }

    private void MakeRoom(int needed, int whole)
    {
        if (needed <= _room.Length) return;
        long twice = Math.Max(FirstRoom, 2L * _room.Length);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(twice, whole)));
        _room.AsSpan(0, _count).CopyTo(larger);
        if (_room.Length > 0) ArrayPool<byte>.Shared.Return(_room);
        _room = larger;
    }
}
