using System.Globalization;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A plain cluster of the engine with one singleton, a process of the laboratory's own program on each
/// host.</summary>
internal sealed class SingletonCluster : IAsyncDisposable
{
    /// <summary>Far more than it takes to start and to meet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lab _lab;
    private readonly Dictionary<int, SingletonProcess> _nodes = [];

    private SingletonCluster(Lab lab) => _lab = lab;

    public SingletonJournal Journal { get; } = new();

    /// <summary>All on the five hosts see all five up and none unreachable.</summary>
    public bool IsWhole => Enumerable.Range(1, HostNetwork.Nodes).All(number => _nodes[number].Up == HostNetwork.Nodes);

    public SingletonProcess this[int number] => _nodes[number];

    /// <summary>One after another on five hosts, so that the first is the oldest, and the singleton is there.</summary>
    public static async Task<SingletonCluster> Form(Lab lab, string part)
    {
        var cluster = new SingletonCluster(lab);
        for (int number = 1; number <= HostNetwork.Nodes; number++)
        {
            SingletonProcess node = cluster.Start(number, part);
            await cluster.Journal.Until(() => node.Up == number, Patience);
        }
        return cluster;
    }

    /// <summary>Starts the process of a host.</summary>
    public SingletonProcess Start(int number, string part) =>
        _nodes[number] = SingletonProcess.Start(_lab.Hosts[number], part, Journal, _lab.Folder);

    /// <summary>Starts it in the place of the one before.</summary>
    public async Task<SingletonProcess> Replace(int number, string part)
    {
        await _nodes[number].DisposeAsync();
        return Start(number, part);
    }

    /// <summary>Gives a signal to a host's process.</summary>
    /// <returns>When, by the clock of the journal.</returns>
    public long Send(int number, Signal signal)
    {
        long at = Journal.Note(string.Create(CultureInfo.InvariantCulture, $"host {number}: {signal}"));
        _nodes[number].Send(signal);
        return at;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SingletonProcess node in _nodes.Values) await node.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_lab.Folder, "singleton.txt"), Journal.Text());
    }
}
