using System.Buffers;
using System.Text;
using System.Text.Json;
using Akka.Remote.Wire;

namespace Akka.Remote.Tests.Inside;

public class CapturedFrames
{
    [Fact]
    public void There_are_captures() =>
        Assert.True(Captures.Frames.Count > 700, $"only {Captures.Frames.Count} frames");

    [Fact]
    public void Every_captured_frame_reads_as_recorded()
    {
        foreach (Captures.Frame frame in Captures.Frames)
        {
            Assert.True(ControlCodec.TryRead(frame.Body, out var payload, out Control control), frame.ToString());
            if (frame.Read.TryGetProperty("instruction", out JsonElement instruction)) Compare(frame, instruction,
                control);
            else Compare(frame, frame.Read.GetProperty("payload"), payload);
        }
    }

    [Fact]
    public void Every_captured_frame_is_written_again_byte_for_byte()
    {
        foreach (Captures.Frame frame in Captures.Frames)
        {
            Assert.True(ControlCodec.TryRead(frame.Body, out var payload, out Control control));
            byte[] again = control.Command == ControlCommand.None
                ? WriteAgain(payload)
                : ControlCodec.Frame(control, bigEndian: false);
            string expected = Convert.ToHexString(frame.Body);
            Assert.Equal((frame.ToString(), expected), (frame.ToString(), Convert.ToHexString(again.AsSpan(4))));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_captured_frame_survives_the_framing_in_pieces(bool bigEndian)
    {
        FrameFormat format = new(bigEndian, FrameFormat.DefaultMaximumBytes);
        foreach (Captures.Frame frame in Captures.Frames.Where((_, index) => index % 10 == 0))
        {
            byte[] bytes = new byte[frame.Body.Length + 4];
            FrameCodec.WriteLength(bytes, frame.Body.Length, bigEndian);
            frame.Body.CopyTo(bytes, 4);
            for (int whole = 0; whole < bytes.Length; whole++)
            {
                ReadOnlySequence<byte> partial = new(bytes, 0, whole);
                Assert.False(FrameCodec.TryRead(ref partial, format, out _, out FrameReject reject));
                Assert.Equal((FrameReject.None, whole), (reject, (int)partial.Length));
            }
            ReadOnlySequence<byte> input = new(bytes);
            Assert.True(FrameCodec.TryRead(ref input, format, out var body, out _));
            Assert.Equal(frame.Body, body.ToArray());
            Assert.True(input.IsEmpty);
        }
    }

    private static byte[] WriteAgain(ReadOnlySpan<byte> payload)
    {
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        if (!container.HasEnvelope) return ContainerCodec.AckFrame(container.Ack!.Value, bigEndian: false);
        byte[] again = new byte[ContainerCodec.FrameBytes(container.Envelope, container.Ack)];
        int written = ContainerCodec.WriteFrame(again, container.Envelope, bigEndian: false, container.Ack);
        Assert.Equal(again.Length, written);
        return again;
    }

    private static void Compare(Captures.Frame frame, JsonElement expected, Control actual)
    {
        string command = actual.Command switch
        {
            ControlCommand.DisassociateShuttingDown => "DISASSOCIATE_SHUTTING_DOWN",
            ControlCommand.DisassociateQuarantined => "DISASSOCIATE_QUARANTINED",
            ControlCommand other => other.ToString().ToUpperInvariant(),
        };
        Assert.Equal((frame.ToString(), expected.GetProperty("command").GetString()), (frame.ToString(), command));
        if (!expected.TryGetProperty("handshake", out JsonElement handshake)) return;
        JsonElement origin = handshake.GetProperty("origin");
        Handshake recorded = new(
            origin.GetProperty("system").GetString()!,
            origin.GetProperty("host").GetString()!,
            origin.GetProperty("port").GetInt32(),
            origin.GetProperty("protocol").GetString()!,
            handshake.GetProperty("uid").GetInt64());
        Assert.Equal(recorded, actual.Handshake);
    }

    private static void Compare(Captures.Frame frame, JsonElement expected, ReadOnlySpan<byte> payload)
    {
        Assert.True(ContainerCodec.TryRead(payload, out Container container), frame.ToString());
        Assert.Equal(expected.TryGetProperty("ack", out JsonElement ack), container.Ack is not null);
        if (container.Ack is { } received)
        {
            Assert.Equal(Number(ack, "cumulative"), received.Cumulative);
            Assert.False(ack.TryGetProperty("nacks", out _));
            Assert.Empty(received.Nacks);
        }
        Assert.Equal(expected.TryGetProperty("envelope", out JsonElement envelope), container.HasEnvelope);
        if (!container.HasEnvelope) return;
        JsonElement message = envelope.GetProperty("message");
        Assert.Equal(envelope.GetProperty("recipient").GetProperty("path").GetString(),
            Text(container.Envelope.Recipient));
        string? sender = envelope.TryGetProperty("sender", out JsonElement from) ? from.GetProperty("path").GetString()
            : "";
        Assert.Equal(sender, Text(container.Envelope.Sender));
        int serializer = message.TryGetProperty("serializer", out JsonElement id) ? id.GetInt32() : 0;
        Assert.Equal(serializer, container.Envelope.SerializerId);
        string? manifest = message.TryGetProperty("manifest", out JsonElement name) ? name.GetString() : "";
        Assert.Equal(manifest, Text(container.Envelope.Manifest));
        Assert.Equal(Number(envelope, "seq"), container.Envelope.Sequence);
    }

    private static long Number(JsonElement element, string name) =>
        !element.TryGetProperty(name, out JsonElement value) ? 0
        : value.ValueKind == JsonValueKind.String ? -1
        : value.GetInt64();

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
