using System.Buffers;
using System.Text;

namespace Akka.Remote.Wire;

/// <summary>Says in one line what is wrong with bytes that are no frame, and guesses who sent them.</summary>
internal static class WireReport
{
    private const int BytesShown = 16;
    private const int NameShown = 80;

    public static string Of(FrameReject reject, in ReadOnlySequence<byte> bytes, FrameFormat format)
    {
        Span<byte> head = stackalloc byte[BytesShown];
        int shown = (int)Math.Min(bytes.Length, BytesShown);
        head = head[..shown];
        bytes.Slice(0, shown).CopyTo(head);
        string what = reject == FrameReject.NegativeLength
            ? "a negative frame length"
            : format.MaximumBytes == FrameFormat.GreetingBytes ? "no greeting"
            : $"a frame above the limit of {format.MaximumBytes} bytes (maximum-frame-size)";
        return $"{what}: {Guess(head)}";
    }

    /// <summary>A stranger's name for itself, short and plain enough for a log line.</summary>
    public static string Name(Handshake who)
    {
        string name = $"{who.System}@{who.Host}:{who.Port}";
        if (name.Length > NameShown) name = name[..NameShown] + "…";
        return string.Concat(name.Select(letter => letter is >= ' ' and <= '~' or '…' ? letter : '?'));
    }

    /// <summary>The usual strangers at a port, told by their first bytes.</summary>
    public static string Guess(ReadOnlySpan<byte> head)
    {
        if (StartsWithAny(head, "GET ", "POST", "PUT ", "HEAD", "OPTI", "DELE", "CONN",
            "PRI ")) return "an HTTP request";
        if (StartsWithAny(head, "SSH-")) return "an SSH client";
        if (head.Length >= 3 && head[0] == 0x16 && head[1] == 0x03) return "a TLS client; this side speaks plain TCP";
        if (head.Length >= 4 && head[0] == 0 && head[3] != 0)
        {
            return "perhaps a peer that is set to the other byte order (byte-order)";
        }
        return $"not a peer of this protocol; it begins with {Convert.ToHexString(head[..Math.Min(head.Length, BytesShown)])}";
    }

    private static bool StartsWithAny(ReadOnlySpan<byte> head, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (head.StartsWith(Encoding.ASCII.GetBytes(word))) return true;
        }
        return false;
    }
}
