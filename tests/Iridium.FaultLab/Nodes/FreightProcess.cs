using System.Globalization;
using System.Text.Json;
using Iridium.FaultLab.Hosts;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process that is a <see cref="FreightNode"/>; what it says of members is in the journal.</summary>
internal sealed class FreightProcess : IAsyncDisposable
{
    private readonly int _number;
    private readonly Journal _journal;
    private readonly PlainProcess _process;
    private readonly TaskCompletionSource<string> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FreightProcess(Host host, Journal journal, string folder)
    {
        string path = Path.Combine(folder, $"{host.Name}.wire");
        // The engine adds its port to the name.
        WireLog = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{host.Name}-{LabNode.ClusterPort}.wire"));
        _number = host.Number;
        _journal = journal;
        _process = PlainProcess.Start(
            host, folder, [FreightNode.Verb, host.Ip, path], Take, () => journal.Forget(host.Number));
    }

    /// <summary>Where it records its conversations.</summary>
    public string WireLog { get; }

    public bool HasEnded => _process.HasEnded;

    public static FreightProcess Start(Host host, Journal journal, string folder) => new(host, journal, folder);

    /// <summary>Lets it send a message of so many bytes to another.</summary>
    /// <returns>How long until the answer of the receiver is here; null when patience ended first.</returns>
    public async Task<TimeSpan?> Send(int bytes, Host to, TimeSpan patience)
    {
        TimeSpan start = _journal.Now;
        await _process.Say(string.Create(CultureInfo.InvariantCulture, $"{to.Ip} {bytes}"));
        await Task.WhenAny(_arrived.Task, Task.Delay(patience));
        return _arrived.Task.IsCompleted ? _journal.Now - start : null;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Take(string line)
    {
        if (line.StartsWith(FreightNode.Arrived, StringComparison.Ordinal)) _arrived.TrySetResult(line);
        else if (JsonSerializer.Deserialize<PbmReply>(line) is PbmReply.Change change) _journal.Add(_number, change);
    }
}
