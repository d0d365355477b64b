using System.Buffers.Binary;
using System.Net.Sockets;

namespace Iridium.Simulation.Foreign;

/// <summary>
/// One connection of a foreign node: frames in and out over a real socket, and whatever bytes a test wants to be rude
/// with.
/// </summary>
internal sealed class ForeignLine(Socket socket) : IDisposable
{
    private readonly object _gate = new();
    private bool _isDead;

    public bool Dialled { get; init; }

    /// <summary>Who is at the other end, once it has said so.</summary>
    public Being? Peer { get; set; }

    /// <summary>The command with which the peer ended the association, or null.</summary>
    public int? Farewell { get; set; }

    /// <summary>The peer closed, or the connection broke.</summary>
    public bool Ended { get; private set; }

    public void SendFrame(byte[] body)
    {
        byte[] frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        SendBytes(frame);
    }

    public void SendBytes(byte[] bytes)
    {
        try
        {
            lock (_gate) socket.Send(bytes);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Ended = true;
        }
    }

    /// <summary>Reads frames until the end and hands each to <paramref name="onFrame"/>.</summary>
    public async Task ReadAll(Action<ForeignLine, byte[]> onFrame, Action onEnd)
    {
        try
        {
            byte[] header = new byte[4];
            while (await Fill(header))
            {
                byte[] body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
                if (!await Fill(body)) break;
                onFrame(this, body);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The peer reset it, or this side was disposed: the end either way.
        }
        Ended = true;
        onEnd();
    }

    /// <summary>Dies as a killed process does: a reset, nothing said.</summary>
    public void Dispose()
    {
        if (_isDead) return;
        _isDead = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private async Task<bool> Fill(byte[] buffer)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0) return false;
            filled += read;
        }
        return true;
    }
}
