using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Iridium.Node.Cli;
using Iridium.Node.Shell;

namespace Iridium.Node.Pbm;

/// <summary>Sends one command to a node's command endpoint and prints the answer.</summary>
public static class PbmClient
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    /// <param name="output">For the answer.</param>
    /// <param name="errors">For what went wrong.</param>
    /// <param name="interrupted">Ends a command that does not end by itself.</param>
    public static async Task<ExitCode> Run(
        string endpoint, IReadOnlyList<string> words, bool json, TextWriter output, TextWriter errors,
        CancellationToken interrupted)
    {
        if (endpoint is "help" or "--help" || (words.Count == 1 && words[0] == "help"))
        {
            output.Write(PbmCommands.Help());
            return ExitCode.Ok;
        }
        if (SettingParser.PeerOf(endpoint) is not { } node)
        {
            return Tell(new($"`{endpoint}` is not a node's command endpoint", "iridium pbm",
                "give host:port, such as 127.0.0.1:9110; a node prints it when it starts"), errors);
        }
        (PbmRequest? request, UserError? error) = PbmCommands.Parse(words);
        if (request is null) return Tell(error!, errors);
        try
        {
            return await Ask(node, request, json, output, errors, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException)
        {
            string cause = broken is OperationCanceledException ? "it did not answer in time" : broken.Message;
            return Tell(new($"no node answered: {cause}", node.ToString(),
                "is the node running? It prints its command endpoint when it starts", ExitCode.NotReached), errors);
        }
    }

    private static async Task<ExitCode> Ask(
        Endpoint node, PbmRequest request, bool json, TextWriter output, TextWriter errors, CancellationToken interrupted)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted))
        {
            patience.CancelAfter(ConnectPatience);
            await socket.ConnectAsync(node.Host, node.Port, patience.Token);
        }
        await using var stream = new NetworkStream(socket);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, PbmJson.Default.PbmRequest), (byte)'\n'];
        await stream.WriteAsync(line, interrupted);
        using var reader = new BoundedLineReader(stream, PbmProtocol.ReplyBytes);
        while (await reader.ReadLine(interrupted) is { } text)
        {
            PbmReply? reply = Read(text);
            if (reply is PbmReply.End) return ExitCode.Ok;
            if (reply is PbmReply.Refused refused)
                return Tell(new(refused.What, $"node {node}", refused.Next, ExitCode.Stopped), errors);
            if (reply is null)
                return Tell(new("the answer is not in the protocol of pbm", node.ToString(),
                    "is this the command endpoint of an Iridium node, of this version?", ExitCode.NotReached), errors);
            string shown = json ? text : PbmText.Of(reply);
            if (shown.Length > 0) await output.WriteLineAsync(shown);
            await output.FlushAsync(interrupted);
        }
        throw new IOException("the connection was closed in the middle of the answer");
    }

    private static PbmReply? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, PbmJson.Default.PbmReply);
        }
        catch (Exception foreign) when (foreign is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static ExitCode Tell(UserError error, TextWriter errors)
    {
        errors.Write(error.ToText());
        return error.Code;
    }
}
