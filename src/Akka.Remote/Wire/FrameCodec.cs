using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>Why bytes are not a frame. The text for people is made by <see cref="WireReport"/>.</summary>
internal enum FrameReject
{
    None,

    /// <summary>A length below zero.</summary>
    NegativeLength,

    /// <summary>A length above the limit; refused at the header, before the body arrives.</summary>
    TooLong,
}

/// <summary>How a node cuts its byte streams into frames. Both sides must be set alike; nothing is
/// negotiated.</summary>
/// <param name="BigEndian">Byte order of the length.</param>
/// <param name="MaximumBytes">Largest frame accepted, its 4 bytes of length included. Akka.NET's receivers count this
/// way too, so that with the default of 128,000 a body of 127,997 bytes ends the connection.</param>
internal readonly record struct FrameFormat(bool BigEndian, int MaximumBytes)
{
    public const int DefaultMaximumBytes = 128_000;

    /// <summary>Largest frame before it is known who sends it: a greeting has three names of at most 255
    /// letters.</summary>
    public const int GreetingBytes = 4096;

    public static FrameFormat Default => new(BigEndian: false, DefaultMaximumBytes);

    /// <summary>What holds until the peer has introduced itself: strangers fill no large buffers.</summary>
    public FrameFormat OfGreeting => this with { MaximumBytes = Math.Min(GreetingBytes, MaximumBytes) };

    public int MaximumBodyBytes => MaximumBytes - FrameCodec.HeaderBytes;
}

/// <summary>
/// Cuts a byte stream into frames.
/// <code>
///    0        4
///   +--------+----------------------+
///   | length | body (length bytes)  |      length: signed, 32 bits, does not count itself
///   +--------+----------------------+
/// </code>
/// </summary>
internal static class FrameCodec
{
    public const int HeaderBytes = 4;

    /// <summary>Takes one frame off the front of <paramref name="input"/>.</summary>
    /// <returns>False, with the input untouched, when the frame is not whole yet or <paramref name="reject"/> says why
    /// it never will be.</returns>
    public static bool TryRead(
        ref ReadOnlySequence<byte> input,
        FrameFormat format,
        out ReadOnlySequence<byte> body,
        out FrameReject reject)
    {
        body = default;
        reject = FrameReject.None;
        if (input.Length < HeaderBytes) return false;
        int length = ReadLength(input, format.BigEndian);
        reject = Judge(length, format);
        if (reject != FrameReject.None || input.Length - HeaderBytes < length) return false;
        body = input.Slice(HeaderBytes, length);
        input = input.Slice(body.End);
        return true;
    }

    /// <summary>As above, for bytes in one piece, which is what sockets show.</summary>
    public static bool TryRead(
        ref ReadOnlySpan<byte> input, FrameFormat format, out ReadOnlySpan<byte> body, out FrameReject reject)
    {
        body = default;
        reject = FrameReject.None;
        if (input.Length < HeaderBytes) return false;
        int length = ReadLength(input, format.BigEndian);
        reject = Judge(length, format);
        if (reject != FrameReject.None || input.Length - HeaderBytes < length) return false;
        body = input.Slice(HeaderBytes, length);
        input = input[(HeaderBytes + length)..];
        return true;
    }

    public static void WriteLength(Span<byte> frame, int bodyBytes, bool bigEndian)
    {
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(frame, bodyBytes);
        else BinaryPrimitives.WriteInt32LittleEndian(frame, bodyBytes);
    }

    /// <summary>The length that stands at the front of a frame: that of its body.</summary>
    public static int ReadLength(ReadOnlySpan<byte> frame, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadInt32BigEndian(frame)
        : BinaryPrimitives.ReadInt32LittleEndian(frame);

    private static FrameReject Judge(int length, FrameFormat format) =>
        length < 0 ? FrameReject.NegativeLength
        : length > format.MaximumBodyBytes ? FrameReject.TooLong
        : FrameReject.None;

    private static int ReadLength(in ReadOnlySequence<byte> input, bool bigEndian)
    {
        ReadOnlySpan<byte> header = input.FirstSpan;
        if (header.Length >= HeaderBytes) return ReadLength(header, bigEndian);
        Span<byte> joined = stackalloc byte[HeaderBytes];
        input.Slice(0, HeaderBytes).CopyTo(joined);
        return ReadLength(joined, bigEndian);
    }
}
