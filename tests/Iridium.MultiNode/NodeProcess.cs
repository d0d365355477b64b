using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Iridium.MultiNode;

/// <summary>A real <c>iridium</c> process, spoken to over its standard input and output. Waiting is for a line of its
/// output, never for time to pass; everything it said is kept, and told when a wait is in vain.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>Far more than anything waited for takes, on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;

    private NodeProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _reading = Task.WhenAll(Read(process.StandardOutput, ""), Read(process.StandardError, "stderr: "));
    }

    public string Name { get; }

    /// <summary>Everything the process said so far.</summary>
    public string Transcript
    {
        get
        {
            lock (_gate) return $"--- {Name} ---\n{string.Join('\n', _lines)}\n";
        }
    }

    public static NodeProcess Start(string name, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "iridium"), words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (string variable in start.Environment.Keys.Where(k => k.StartsWith("IRIDIUM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        return new NodeProcess(name, Process.Start(start)!);
    }

    public async Task Type(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the next line that matches, after those already waited for.</summary>
    public async Task<Match> Says(string pattern)
    {
        var wanted = new Regex(pattern);
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                for (; _seen < _lines.Count; _seen++)
                {
                    if (wanted.Match(_lines[_seen]) is not { Success: true } match) continue;
                    _seen++;
                    return match;
                }
                more = _more.Task;
            }
            if (_reading.IsCompleted && more == _more.Task) throw InVain(pattern, "has ended");
            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw InVain(pattern, $"did not say it within {Patience.TotalSeconds} s");
            }
        }
    }

    /// <summary>Waits until every pattern has matched some line, in whatever order they come.</summary>
    public async Task SaysAll(params string[] patterns)
    {
        List<string> open = [.. patterns];
        while (open.Count > 0)
        {
            Match match = await Says(string.Join('|', open.Select(pattern => $"(?:{pattern})")));
            open.RemoveAll(pattern => Regex.IsMatch(match.Value, pattern));
        }
    }

    /// <summary>SIGKILL: no word of farewell to anybody.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Ends the input, and waits for the end of the process.</summary>
    public async Task<int> EndInput()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        await _reading.WaitAsync(Patience);
        _process.Dispose();
    }

    private async Task Read(StreamReader from, string mark)
    {
        while (await from.ReadLineAsync() is { } line) Add(mark + line);
        Add($"{mark}(closed)");
    }

    private void Add(string line)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _lines.Add(line);
            waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.TrySetResult();
    }

    private Xunit.Sdk.XunitException InVain(string pattern, string why) =>
        new($"{Name} {why}: {pattern}\n{Transcript}");
}
