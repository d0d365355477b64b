using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Iridium.FaultLab.Hosts;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>Asks a node's command endpoint from within its own host, where no fault of the network reaches.</summary>
internal static class NodeEndpoint
{
    public const int Port = 9110;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The lines of the answer, as they come. Ends early when the node does.</summary>
    public static async IAsyncEnumerable<PbmReply> Ask(
        Host host, string command, [EnumeratorCancellation] CancellationToken enough = default)
    {
        using Socket socket = host.Connect("127.0.0.1", Port);
        await using var stream = new NetworkStream(socket);
        var request = new PbmRequest(PbmProtocol.Number, command, []);
        await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, Json), (byte)'\n'], enough);
        using var reader = new StreamReader(stream);
        while (await ReadLine(reader, enough) is { } line)
        {
            PbmReply? reply = JsonSerializer.Deserialize<PbmReply>(line, Json);
            if (reply is null or PbmReply.End) yield break;
            yield return reply;
        }
    }

    private static async Task<string?> ReadLine(StreamReader reader, CancellationToken enough)
    {
        try
        {
            return await reader.ReadLineAsync(enough);
        }
        catch (IOException)
        {
            return null; // A killed process resets its connections.
        }
    }
}
