using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>A session over a TCP connection. The client's terminal echoes and edits (as under nc and telnet); this
/// side reads lines, and shows an event by going to a fresh line and prompting again.</summary>
public sealed class SocketScreen(Socket socket, RemoteShellLimits limits) : IScreen
{
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _written = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _prompted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _prompt;
    private int _waitingBytes;

    public bool IsInteractive => true;

    /// <summary>Completes when the connection is closed and both loops are over.</summary>
    public Task Ended => _ended.Task;

    public void Write(ImmutableArray<ScreenLine> lines)
    {
        string text = string.Concat(lines.Select(line => line.Text + "\r\n"));
        lock (_gate) Put(_prompt is null ? text : "\r\n" + text + _prompt);
    }

    public void Prompt(string text)
    {
        lock (_gate)
        {
            if (text == _prompt) return;
            Put(_prompt is null ? text : "\r\n" + text);
            _prompt = text;
            _prompted.TrySetResult();
        }
    }

    public void Close(int exitCode) => _output.Writer.TryComplete();

    /// <summary>Says why and hangs up.</summary>
    public void Refuse(string reason)
    {
        Put(reason + "\r\n");
        Close(0);
        _ = Run(_ => { });
    }

    /// <summary>Serves the connection to its end. Never throws for what the client does.</summary>
    public async Task Run(Action<ShellEffect> perform)
    {
        Task reading = ReadLines(perform);
        await WriteOutput();
        await _written.CancelAsync();
        await reading;
        await Drain();
        socket.Dispose();
        _written.Dispose();
        _ended.TrySetResult();
    }

    private void Put(string text)
    {
        int waiting = Interlocked.Add(ref _waitingBytes, text.Length);
        if (waiting > limits.WaitingBytes) _output.Writer.TryComplete();
        else _output.Writer.TryWrite(text);
    }

    private async Task WriteOutput()
    {
        try
        {
            while (await _output.Reader.WaitToReadAsync())
            {
                while (_output.Reader.TryRead(out string? text))
                {
                    await SendAll(Encoding.UTF8.GetBytes(text));
                    Interlocked.Add(ref _waitingBytes, -text.Length);
                }
            }
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _output.Writer.TryComplete();
        }
    }

    private async Task SendAll(ReadOnlyMemory<byte> bytes)
    {
        // A client that takes no byte for so long is gone, whatever TCP thinks.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, patience.Token)..];
    }

    private async Task ReadLines(Action<ShellEffect> perform)
    {
        bool refused = false;
        try
        {
            string farewell = await ReadUntilEnd(perform);
            refused = farewell.Length > 0;
            if (refused) Put(farewell + "\r\n");
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is closed, by this side or by the other.
        }
        perform(new ShellEffect.EndInput());
        if (refused) Close(0);
    }

    /// <summary>Takes in what the client still sends, for a moment: closing over unread bytes would reset the
    /// connection, and the client might never see the last lines.</summary>
    private async Task Drain()
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, moment.Token) > 0) continue;
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // Enough.
        }
    }

    /// <returns>What to say before hanging up.</returns>
    private async Task<string> ReadUntilEnd(Action<ShellEffect> perform)
    {
        byte[] buffer = new byte[1024];
        var lines = new LineDecoder(limits.LineBytes);
        while (true)
        {
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_written.Token);
            idle.CancelAfter(limits.Idle);
            int count;
            try
            {
                count = await socket.ReceiveAsync(buffer, idle.Token);
            }
            catch (OperationCanceledException) when (!_written.IsCancellationRequested)
            {
                return $"Nothing was typed for {limits.Idle.TotalMinutes:0} minutes. Farewell!";
            }
            if (count == 0) return "";
            foreach (byte next in buffer.AsSpan(0, count).ToArray())
            {
                switch (lines.Take(next, out string line))
                {
                    case LineDecoder.Result.Line:
                        // A page in a browser can make it send lines here; they must not run.
                        if (LooksLikeHttp(line)) return "This is no web server. Farewell!";
                        await Prompted();
                        perform(new ShellEffect.Submit(line));
                        break;
                    case LineDecoder.Result.Interrupt:
                        perform(new ShellEffect.Interrupt());
                        break;
                    case LineDecoder.Result.EndOfInput:
                        return "";
                    case LineDecoder.Result.TooLong:
                        return $"A line has at most {limits.LineBytes} bytes. Farewell!";
                }
            }
        }
    }

    private static bool LooksLikeHttp(string line) =>
        line.EndsWith(" HTTP/1.1", StringComparison.Ordinal) || line.EndsWith(" HTTP/1.0", StringComparison.Ordinal);

    /// <summary>Waits until a line is asked for: a client that sends a file is not read faster than it is carried
    /// out.</summary>
    private async Task Prompted()
    {
        Task prompted;
        lock (_gate) prompted = _prompted.Task;
        await prompted.WaitAsync(_written.Token);
        lock (_gate)
        {
            _prompt = null;
            _prompted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
