using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Iridium.FaultLab.Hosts;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>A signal, by its number on Linux.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>A real <c>iridium</c> process on a host of the laboratory. It ends with the laboratory, however that ends:
/// it holds a pipe.</summary>
internal sealed class LabNode : IAsyncDisposable
{
    public const int ClusterPort = 2254;

    /// <summary>Its name, in the folder of a build.</summary>
    public const string Program = "iridium";

    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Journal _journal;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _telling;

    private LabNode(Host host, Process process, Journal journal, string log)
    {
        Host = host;
        Log = log;
        _process = process;
        _journal = journal;
        StartedAt = journal.Now;
        _telling = Tell();
    }

    public Host Host { get; }

    public int Number => Host.Number;

    public int ProcessId => _process.Id;

    public TimeSpan StartedAt { get; }

    /// <summary>What the process said, output and errors.</summary>
    public string Log { get; }

    public bool HasEnded => _process.HasExited;

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <param name="build">The folder that has the program.</param>
    /// <param name="words">Options beside those of every node here.</param>
    /// <param name="before">Shell text that runs first, in the process that becomes the node.</param>
    public static LabNode Start(
        Host host, Journal journal, string folder, string build, string[] words, string before = "")
    {
        string log = Path.Combine(folder, $"{host.Name}.log");
        string iridium = Path.Combine(build, Program);
        string[] all =
        [
            "netns", "exec", host.Namespace, "sh", "-c", $"{before} exec \"$0\" \"$@\" >>'{log}' 2>&1", iridium,
            "--config", Path.Combine(folder, LabConfiguration.FileName),
            "--server-bind-host", host.Ip, "--server-bind-port", ClusterPort.ToString(CultureInfo.InvariantCulture),
            "--pbm-port", NodeEndpoint.Port.ToString(CultureInfo.InvariantCulture), "--data-root-dir", folder,
            .. words,
        ];
        var start = new ProcessStartInfo("ip", all) { RedirectStandardInput = true };
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("IRIDIUM_", StringComparison.Ordinal)) start.Environment.Remove(name);
        }
        start.Environment["IRIDIUM_CLUSTER_SECRET"] = LabConfiguration.Secret;
        // A shell ends with its input by itself.
        if (words.Contains("--daemon-mode")) start.Environment["IRIDIUM_ENDS_WITH_INPUT"] = "1";
        return new LabNode(host, Process.Start(start)!, journal, log);
    }

    public void Send(Signal signal) => Send(_process, signal);

    public static void Send(Process process, Signal signal)
    {
        if (!process.HasExited) _ = kill(process.Id, (int)signal);
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task Kill()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync();
        await _telling;
    }

    /// <returns>How long the process took to end; null when patience ended first.</returns>
    public async Task<TimeSpan?> Ends(TimeSpan patience)
    {
        TimeSpan start = _journal.Now;
        using var enough = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        await _telling;
        return _journal.Now - start;
    }

    /// <summary>Types a line at the node's shell, if it has one.</summary>
    public async Task Type(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>What the process has used of all processors.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public double ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Kill();
        _process.Dispose();
        _ending.Dispose();
    }

    /// <summary>Writes into the journal what the node says of the members, from its start to its end.</summary>
    private async Task Tell()
    {
        await Task.Yield();
        while (!_process.HasExited && !_ending.IsCancellationRequested && _journal.Now - StartedAt < _startPatience)
        {
            try
            {
                await foreach (PbmReply reply in NodeEndpoint.Ask(Host, "cluster tail", _ending.Token))
                {
                    if (reply is PbmReply.Change change) _journal.Add(Number, change);
                }
                break;
            }
            catch (IOException)
            {
                await Task.Delay(10); // It does not listen yet.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        _journal.Forget(Number);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
