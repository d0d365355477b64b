using System.Diagnostics;

namespace Akka.MultiNode.TestAdapter;

/// <summary>One node's process, and what it leaves: a log, and a report if it failed.</summary>
internal sealed class NodeRun : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Task _reading;
    private readonly string _logFile;
    private readonly string _reportFile;
    private readonly Lock _writing = new();
    private bool _killed;

    private NodeRun(string role, string folder, ProcessStartInfo start)
    {
        Role = role;
        _logFile = Path.Combine(folder, $"{role}.log");
        _reportFile = Path.Combine(folder, $"{role}.failure");
        start.ArgumentList.Add($"-D{NodeProgram.ReportKey}={_reportFile}");
        _log = new StreamWriter(_logFile) { AutoFlush = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started.");
        _reading = Task.WhenAll(Copy(_process.StandardOutput), Copy(_process.StandardError));
        Ended = WaitForEnd();
    }

    public string Role { get; }

    /// <summary>The process is gone, and its log is whole.</summary>
    public Task Ended { get; }

    /// <summary>It has ended, and not well.</summary>
    public bool HasFailed => Ended.IsCompleted && (_killed || _process.ExitCode != 0);

    public static NodeRun Start(string role, string folder, string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A node lives for seconds: what makes a program faster in the long run makes it slower here.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return new NodeRun(role, folder, start);
    }

    public void Kill()
    {
        if (_process.HasExited) return;
        _killed = true;
        _process.Kill();
    }

    /// <summary>How it went, in words.</summary>
    public string Outcome()
    {
        if (_killed) return "did not come to an end, and was killed";
        if (_process.ExitCode == 0) return "passed";
        return File.Exists(_reportFile)
            ? $"failed: {File.ReadAllText(_reportFile).TrimEnd()}"
            : $"ended with exit code {_process.ExitCode}";
    }

    /// <summary>The end of its log.</summary>
    public IEnumerable<string> LastLines(int count) => File.ReadLines(_logFile).TakeLast(count);

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _log.Dispose();
    }

    private async Task WaitForEnd()
    {
        await _process.WaitForExitAsync();
        await _reading;
    }

    private async Task Copy(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_writing) _log.WriteLine(line);
        }
    }
}
