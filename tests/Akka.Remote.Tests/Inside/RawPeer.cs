using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Tests.Inside;

/// <summary>A peer made of a socket and the codec, that says exactly what a test wants said.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    public RawPeer(
        Address target, int uid = 77, string system = "Pair", string host = "10.9.8.7", int port = 4711,
        Offers offers = Offers.None, IPAddress? from = null)
    {
        IPAddress? there = IPAddress.TryParse(target.Host, out IPAddress? literal) ? literal : null;
        bool isIpv6 = there?.AddressFamily == AddressFamily.InterNetworkV6;
        _client = new TcpClient(new IPEndPoint(from ?? (isIpv6 ? IPAddress.IPv6Any : IPAddress.Any), 0));
        if (there is null) _client.Connect(target.Host!, target.Port!.Value);
        else _client.Connect(there, target.Port!.Value);
        _client.ReceiveTimeout = 15_000;
        _stream = _client.GetStream();
        Self = new Handshake(system, host, port, "tcp", uid, offers);
    }

    /// <summary>A peer that was dialled.</summary>
    public RawPeer(TcpClient accepted, Handshake self)
    {
        _client = accepted;
        _client.ReceiveTimeout = 15_000;
        _stream = _client.GetStream();
        Self = self;
    }

    public Handshake Self { get; }

    public string Root => $"akka.tcp://{Self.System}@{Self.Host}:{Self.Port}/";

    public RawPeer Associate()
    {
        Send(new Control(ControlCommand.Associate, Self));
        Assert.Equal(ControlCommand.Associate, ReadControl().Command);
        return this;
    }

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public void Send(Control control) => Send(ControlCodec.Frame(control, bigEndian: false));

    public void Send(Ack ack) => Send(ContainerCodec.AckFrame(ack, bigEndian: false));

    public void Send(
        string recipient, int serializer, string manifest, byte[] body, long sequence = WireEnvelope.Unsequenced,
            string sender = "")
    {
        WireEnvelope envelope = new()
        {
            Recipient = Encoding.UTF8.GetBytes(recipient),
            Sender = Encoding.UTF8.GetBytes(sender),
            Body = body,
            SerializerId = serializer,
            Manifest = Encoding.UTF8.GetBytes(manifest),
            Sequence = sequence,
        };
        byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
        ContainerCodec.WriteFrame(frame, envelope, bigEndian: false);
        Send(frame);
    }

    /// <summary>The next frame's body; null at the end of the stream.</summary>
    public byte[]? ReadFrame()
    {
        byte[] header = new byte[4];
        try
        {
            if (_stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4) return null;
            byte[] body = new byte[BitConverter.ToInt32(header)];
            _stream.ReadExactly(body);
            return body;
        }
        catch (IOException error)
            when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return null;
        }
    }

    /// <summary>The next control PDU, but for heartbeats.</summary>
    public Control ReadControl()
    {
        while (true)
        {
            byte[] frame = ReadFrame() ?? throw new EndOfStreamException("the connection ended");
            Assert.True(ControlCodec.TryRead(frame, out _, out Control control));
            if (control.Command is not (ControlCommand.None or ControlCommand.Heartbeat)) return control;
        }
    }

    /// <summary>The next acknowledgement that travels alone, messages and heartbeats left out.</summary>
    public Ack ReadAck()
    {
        while (true)
        {
            if (ReadContainer(out _) is { } ack) return ack;
        }
    }

    /// <summary>The next message.</summary>
    public (string Recipient, int Serializer, string Manifest, byte[] Body, string Sender, long Sequence) ReadMessage()
    {
        while (true)
        {
            ReadContainer(out var message);
            if (message is { } found) return found;
        }
    }

    public bool IsClosedByPeer()
    {
        while (ReadFrame() is not null)
        {
            // Whatever is still said before the end.
        }
        return true;
    }

    public void Dispose() => _client.Dispose();

    private Ack? ReadContainer(
        out (string Recipient, int Serializer, string Manifest, byte[] Body, string Sender, long Sequence)? message)
    {
        message = null;
        while (true)
        {
            byte[] frame = ReadFrame() ?? throw new EndOfStreamException("the connection ended");
            Assert.True(ControlCodec.TryRead(frame, out var payload, out Control control));
            if (control.Command != ControlCommand.None) continue;
            Assert.True(ContainerCodec.TryRead(payload, out Container container));
            if (container.HasEnvelope)
            {
                WireEnvelope envelope = container.Envelope;
                message =
                    (Text(envelope.Recipient), envelope.SerializerId, Text(envelope.Manifest), envelope.Body.ToArray(),
                    Text(envelope.Sender), envelope.Sequence);
            }
            return container.Ack;
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
