using System.Diagnostics;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process of the laboratory's own program on a host: a <see cref="PlainNode"/>, as its starter sees it. It ends
/// with the laboratory, however that ends: it holds a pipe.</summary>
internal sealed class PlainProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private PlainProcess(Process process, Action<string> hear, Action? heardAll)
    {
        _process = process;
        _reading = Read(hear, heardAll);
    }

    public bool HasEnded => _process.HasExited;

    /// <param name="host">Where it runs.</param>
    /// <param name="folder">Where the engine's log goes; the output is for what the program itself says.</param>
    /// <param name="words">What it is.</param>
    /// <param name="hear">Gets each line that it says.</param>
    /// <param name="heardAll">Told that there is no more to hear.</param>
    public static PlainProcess Start(
        Host host, string folder, string[] words, Action<string> hear, Action? heardAll = null)
    {
        string log = Path.Combine(folder, $"{host.Name}.log");
        string[] all =
        [
            "netns", "exec", host.Namespace, "sh", "-c", $"exec \"$0\" \"$@\" 2>>'{log}'", Environment.ProcessPath!,
            .. words,
        ];
        var start = new ProcessStartInfo("ip", all) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new PlainProcess(Process.Start(start)!, hear, heardAll);
    }

    public void Send(Signal signal) => LabNode.Send(_process, signal);

    /// <summary>Says a line to it.</summary>
    public async Task Say(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <returns>How long it took until the process has ended and all it said is heard; null when patience ended
    /// first.</returns>
    public async Task<TimeSpan?> Ends(TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        Task ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(ended, Task.Delay(patience)) != ended) return null;
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await _reading;
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task Read(Action<string> hear, Action? heardAll)
    {
        await Task.Yield();
        while (await _process.StandardOutput.ReadLineAsync() is { } line) hear(line);
        heardAll?.Invoke();
    }
}
