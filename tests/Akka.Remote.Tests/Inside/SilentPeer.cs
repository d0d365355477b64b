using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>A peer that answers nothing until it is told to; the kernel takes the connection for it. With certificates it
/// speaks TLS.</summary>
internal sealed class SilentPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Certificates? _certificates;
    private readonly Offers _offers;
    private Stream? _stream;

    public SilentPeer(Certificates? certificates = null, Offers offers = Offers.None)
    {
        (_certificates, _offers) = (certificates, offers);
        _listener.Start();
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private string Transport => _certificates is null ? "tcp" : "ssl.tcp";

    private string Root => $"akka.{Transport}://Pair@127.0.0.1:{Port}/";

    public IActorRef Actor(ActorSystem system, string path) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef(Root + path);

    public ActorSelection Select(ActorSystem system, string path) => system.ActorSelection(Root + path);

    public async Task<List<string>> GreetAndRead(int messages)
    {
        TcpClient client = await _listener.AcceptTcpClientAsync().WaitAsync(Patience);
        if (_certificates is null)
        {
            _stream = client.GetStream();
        }
        else
        {
            SslStream encrypted = new(client.GetStream(), false, (_, _, _, _) => true);
            _stream = encrypted;
            await encrypted.AuthenticateAsServerAsync(_certificates.Load("good"), true, false).WaitAsync(Patience);
        }
        Greet();
        return await Read(messages);
    }

    /// <summary>Dials, over TLS.</summary>
    public async Task DialAndGreet(ActorSystem system)
    {
        TcpClient client = new();
        await client.ConnectAsync(AddressOf(system).Host!, AddressOf(system).Port!.Value);
        SslStream encrypted = new(client.GetStream(), false, (_, _, _, _) => true);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(
            Certificates.Name, [_certificates!.Load("good")], false).WaitAsync(Patience);
        Greet();
        Assert.True(ControlCodec.TryRead(await Frame(), out _, out Control answer));
        Assert.Equal(ControlCommand.Associate, answer.Command);
    }

    public async Task<List<string>> Read(int messages)
    {
        var names = new List<string>();
        while (names.Count < messages)
        {
            if (Recipient(await Frame()) is { } name) names.Add(name);
        }

        return names;
    }

    /// <summary>Nothing but heartbeats comes before it.</summary>
    public async Task ReadFarewell()
    {
        Control control;
        do Assert.True(ControlCodec.TryRead(await Frame(), out _, out control));
        while (control.Command == ControlCommand.Heartbeat);
        Assert.Equal(ControlCommand.DisassociateShuttingDown, control.Command);
    }

    public async Task<long> BytesUntil(string recipient)
    {
        long bytes = 0;
        while (true)
        {
            byte[] frame = await Frame();
            if (Recipient(frame) == recipient) return bytes;
            bytes += frame.Length;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _listener.Dispose();
    }

    private void Greet()
    {
        Handshake self = new("Pair", "127.0.0.1", Port, Transport, 77, _offers);
        _stream!.Write(ControlCodec.Frame(new Control(ControlCommand.Associate, self), bigEndian: false));
    }

    private async Task<byte[]> Frame()
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] header = new byte[FrameCodec.HeaderBytes];
        await _stream!.ReadExactlyAsync(header, patience.Token);
        byte[] body = new byte[BitConverter.ToInt32(header)];
        await _stream.ReadExactlyAsync(body, patience.Token);
        return body;
    }

    private string? Recipient(byte[] frame)
    {
        if (Fragment.IsAt(frame)) return null;
        Assert.True(ControlCodec.TryRead(frame, out ReadOnlySpan<byte> payload, out Control control));
        if (control.Command != ControlCommand.None) return null;
        Assert.True(ContainerCodec.TryRead(payload, out Container container));
        if (!container.HasEnvelope) return null;
        string path = System.Text.Encoding.UTF8.GetString(container.Envelope.Recipient);
        return path == Root ? "(selection)" : path[Root.Length..];
    }
}
