using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Iridium.FaultLab.Hosts;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process that is a <see cref="FreightNode"/>; what it says of members is in the journal.</summary>
internal sealed class FreightProcess : IAsyncDisposable
{
    private readonly int _number;
    private readonly Process _process;
    private readonly Journal _journal;
    private readonly Task _reading;
    private readonly TaskCompletionSource<string> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FreightProcess(Host host, Process process, Journal journal, string wireLog)
    {
        WireLog = wireLog;
        _number = host.Number;
        _process = process;
        _journal = journal;
        _reading = Read();
    }

    /// <summary>Where it records its conversations.</summary>
    public string WireLog { get; }

    public bool HasEnded => _process.HasExited;

    public static FreightProcess Start(Host host, Journal journal, string folder)
    {
        string path = Path.Combine(folder, $"{host.Name}.wire");
        return new FreightProcess(host, PlainNode.Launch(host, folder, FreightNode.Verb, host.Ip, path), journal,
            Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{host.Name}-{LabNode.ClusterPort}.wire")));
    }

    /// <summary>Lets it send a message of so many bytes to another.</summary>
    /// <returns>How long until the answer of the receiver is here; null when patience ended first.</returns>
    public async Task<TimeSpan?> Send(int bytes, Host to, TimeSpan patience)
    {
        TimeSpan start = _journal.Now;
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{to.Ip} {bytes}"));
        await _process.StandardInput.FlushAsync();
        await Task.WhenAny(_arrived.Task, Task.Delay(patience));
        return _arrived.Task.IsCompleted ? _journal.Now - start : null;
    }

    public async ValueTask DisposeAsync()
    {
        LabNode.Send(_process, Signal.Kill);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task Read()
    {
        await Task.Yield();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(FreightNode.Arrived, StringComparison.Ordinal)) _arrived.TrySetResult(line);
            else if (JsonSerializer.Deserialize<PbmReply>(line) is PbmReply.Change change) _journal.Add(_number, change);
        }
        _journal.Forget(_number);
    }
}
