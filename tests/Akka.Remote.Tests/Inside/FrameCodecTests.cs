using System.Buffers;
using System.Buffers.Binary;
using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Remote.Tests.Inside;

public class FrameCodecTests
{
    [Theory]
    [InlineData(0, FrameReject.None)]
    [InlineData(127_996, FrameReject.None)]
    [InlineData(127_997, FrameReject.TooLong)]
    [InlineData(128_000, FrameReject.TooLong)]
    [InlineData(int.MaxValue, FrameReject.TooLong)]
    [InlineData(-1, FrameReject.NegativeLength)]
    [InlineData(int.MinValue, FrameReject.NegativeLength)]
    internal void The_limit_counts_the_length_itself_and_is_checked_before_the_body_comes(int length,
        FrameReject expected)
    {
        foreach (bool bigEndian in new[] { false, true })
        {
            byte[] header = new byte[4];
            FrameCodec.WriteLength(header, length, bigEndian);
            ReadOnlySequence<byte> input = new(header);
            FrameFormat format = FrameFormat.Default with { BigEndian = bigEndian };
            bool whole = FrameCodec.TryRead(ref input, format, out _, out FrameReject reject);
            Assert.Equal((expected, length == 0), (reject, whole));
        }
    }

    [Fact]
    public void A_frame_comes_out_whole_however_its_bytes_were_cut()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            (body, piece) =>
            {
                byte[] frame = new byte[4 + body.Length + 3];
                BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
                body.CopyTo(frame, 4);
                ReadOnlySequence<byte> input = Cut(frame, piece.Get);
                Assert.True(FrameCodec.TryRead(ref input, FrameFormat.Default, out var read, out _));
                Assert.Equal(body, read.ToArray());
                Assert.Equal(3, input.Length);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Bytes_in_one_piece_are_cut_as_those_in_many()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            ArbMap.Default.ArbFor<short>(),
            (bytes, length) =>
            {
                byte[] stream = new byte[4 + bytes.Length];
                BinaryPrimitives.WriteInt32LittleEndian(stream, length % 32);
                bytes.CopyTo(stream, 4);
                FrameFormat format = FrameFormat.Default with { MaximumBytes = 24 };
                ReadOnlySequence<byte> pieces = Cut(stream, 3);
                ReadOnlySpan<byte> whole = stream;
                bool fromPieces = FrameCodec.TryRead(ref pieces, format, out var expected, out FrameReject reject);
                bool fromWhole = FrameCodec.TryRead(ref whole, format, out var body, out FrameReject again);
                Assert.Equal((fromPieces, reject), (fromWhole, again));
                Assert.Equal(expected.ToArray(), body.ToArray());
                Assert.Equal(pieces.Length, whole.Length);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_make_the_decoders_throw()
    {
        Random chance = new(7);
        byte[][] seeds = [.. Captures.Frames.Select(frame => frame.Body)];
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = (byte[])seeds[chance.Next(seeds.Length)].Clone();
            for (int change = chance.Next(1, 6); change > 0; change--) bytes[chance.Next(bytes.Length)] =
                (byte)chance.Next(256);
            if (chance.Next(4) == 0) bytes = bytes[..chance.Next(bytes.Length)];
            if (!ControlCodec.TryRead(bytes, out var payload, out Control control)) continue;
            if (control.Command == ControlCommand.None) ContainerCodec.TryRead(payload, out _);
        }
    }

    [Fact]
    public void Reading_an_ordinary_message_allocates_nothing()
    {
        byte[] body =
            Captures.Frames.First(frame => frame.Label.Contains("17:System.String", StringComparison.Ordinal)).Body;
        long Read(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < rounds; round++)
            {
                ControlCodec.TryRead(body, out var payload, out _);
                if (!ContainerCodec.TryRead(payload, out _)) throw new InvalidOperationException("not read");
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Read(10);
        Assert.Equal(0, Read(1_000));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "a frame above the limit of 128000 bytes (maximum-frame-size): an HTTP request")]
    [InlineData("SSH-2.0-OpenSSH", "a frame above the limit of 128000 bytes (maximum-frame-size): an SSH client")]
    [InlineData("\u0016\u0003\u0001\u0002",
        "a frame above the limit of 128000 bytes (maximum-frame-size): a TLS client; this side speaks plain TCP")]
    [InlineData("\0\0\0\u0029\u0012'",
        "a frame above the limit of 128000 bytes (maximum-frame-size): perhaps a peer that is set to the other byte order (byte-order)")]
    public void Strangers_are_told_by_their_first_bytes(string first, string report)
    {
        ReadOnlySequence<byte> input = new([.. first.Select(letter => (byte)letter)]);
        Assert.False(FrameCodec.TryRead(ref input, FrameFormat.Default, out _, out FrameReject reject));
        Assert.Equal(report, WireReport.Of(reject, input, FrameFormat.Default));
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int piece)
    {
        Segment first = new(bytes.AsMemory(0, Math.Min(piece, bytes.Length)), 0);
        Segment last = first;
        for (int start = piece; start < bytes.Length; start += piece)
        {
            last = last.Append(bytes.AsMemory(start, Math.Min(piece, bytes.Length - start)));
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
