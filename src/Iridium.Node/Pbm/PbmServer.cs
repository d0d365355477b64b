using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Iridium.Node.Shell;

namespace Iridium.Node.Pbm;

/// <summary>Carries out commands; each reply is sent as it is found.</summary>
public interface IPbmNode
{
    /// <param name="send">Waits while the client is slow.</param>
    /// <param name="gone">The client has hung up.</param>
    Task Answer(PbmRequest request, Func<PbmReply, Task> send, CancellationToken gone);
}

/// <summary>
/// The command endpoint: one request a connection. The first line decides: whatever is not a request of this protocol
/// (a browser's, say) is refused and hung up on, before it can say more.
/// </summary>
public sealed class PbmServer : IAsyncDisposable
{
    /// <summary>Clients at a time; <c>cluster tail</c> holds one each.</summary>
    public const int MostClients = 32;

    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(10);

    private readonly Socket _listener;
    private readonly IPbmNode _node;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _places = new(MostClients);
    private readonly Task _accepting;

    /// <param name="listener">Bound and listening.</param>
    public PbmServer(Socket listener, IPbmNode node)
    {
        _listener = listener;
        _node = node;
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        // All places free means that every client is served or gone.
        for (int place = 0; place < MostClients; place++) await _places.WaitAsync();
    }

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_closing.Token);
            }
            catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One client's failed handshake, or no descriptor left: the next one may fare better.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                continue;
            }
            if (_places.Wait(0)) _ = Serve(client);
            else client.Dispose();
        }
    }

    private async Task Serve(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            if (await ReadRequest(stream, gone.Token) is { } request)
            {
                Task watching = WatchForHangUp(stream, gone);
                await _node.Answer(request, reply => Send(stream, reply, gone.Token), gone.Token);
                await Send(stream, new PbmReply.End(), gone.Token);
                await gone.CancelAsync();
                await watching;
            }
        }
        catch (Exception hungUp) when (hungUp is IOException or SocketException or OperationCanceledException
                                       or ObjectDisposedException)
        {
            // The client went away or broke the rules; that is its own affair.
        }
        finally
        {
            _places.Release();
        }
    }

    private static async Task<PbmRequest?> ReadRequest(NetworkStream stream, CancellationToken closing)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(closing);
        patience.CancelAfter(RequestPatience);
        using var reader = new BoundedLineReader(stream, PbmProtocol.RequestBytes);
        if (await reader.ReadLine(patience.Token) is not { } line) return null;
        PbmRequest? request = null;
        try
        {
            request = JsonSerializer.Deserialize(line, PbmJson.Default.PbmRequest);
        }
        catch (JsonException)
        {
            // Told below.
        }
        PbmReply? refusal = request switch
        {
            { Protocol: PbmProtocol.Number, Command: not null, Arguments: not null } => null,
            { Protocol: not 0 and not PbmProtocol.Number } => new PbmReply.Refused(
                $"this node speaks protocol {PbmProtocol.Number}, not {request.Protocol}",
                "use the iridium of the node's own version"),
            _ => new PbmReply.Refused("this is not a request", "use `iridium pbm`"),
        };
        if (refusal is null) return request;
        await Send(stream, refusal, patience.Token);
        return null;
    }

    /// <summary>A client has nothing more to say, so that reading ends only when it hangs up.</summary>
    private static async Task WatchForHangUp(NetworkStream stream, CancellationTokenSource gone)
    {
        byte[] nothing = new byte[256];
        try
        {
            while (await stream.ReadAsync(nothing, gone.Token) > 0) continue;
            await gone.CancelAsync();
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await gone.CancelAsync();
        }
    }

    private static async Task Send(NetworkStream stream, PbmReply reply, CancellationToken gone)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(reply, PbmJson.Default.PbmReply), (byte)'\n'];
        await stream.WriteAsync(line, gone);
    }
}
