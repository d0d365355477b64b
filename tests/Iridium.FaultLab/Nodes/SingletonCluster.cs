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
    private readonly string? _leases;
    private readonly Dictionary<int, SingletonProcess> _nodes = [];

    private SingletonCluster(Lab lab, string? leases)
    {
        _lab = lab;
        _leases = leases;
    }

    public SingletonJournal Journal { get; } = new();

    /// <summary>All on the five hosts see all five up and none unreachable.</summary>
    public bool IsWhole => Enumerable.Range(1, HostNetwork.Nodes).All(number => _nodes[number].Up == HostNetwork.Nodes);

    public SingletonProcess this[int number] => _nodes[number];

    /// <summary>One after another on five hosts, so that the first is the oldest, and the singleton is there.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="part">What each of them does.</param>
    /// <param name="leases">The folder of the lease that the singleton uses; null is none.</param>
    public static async Task<SingletonCluster> Form(Lab lab, string part, string? leases = null)
    {
        var cluster = new SingletonCluster(lab, leases);
        for (int number = 1; number <= HostNetwork.Nodes; number++)
        {
            SingletonProcess node = cluster.Start(number, part);
            await cluster.Journal.Until(() => node.Up == number, Patience);
        }
        if (part == SingletonNode.HoldsAndAsks && await cluster.AllWell(since: 0) is null)
        {
            await cluster.DisposeAsync();
            throw new InvalidOperationException("The plain cluster did not form, or its singleton did not answer.");
        }
        return cluster;
    }

    /// <summary>The addresses of the five hosts, without that one.</summary>
    public static string[] Hosts(int but = 0) =>
        [.. Enumerable.Range(1, HostNetwork.Nodes).Where(number => number != but).Select(Host.IpOf)];

    /// <summary>Waits until all see all, and all have been answered what they asked since.</summary>
    public async Task<TimeSpan?> AllWell(long since)
    {
        TimeSpan? whole = await Journal.Until(() => IsWhole, Patience);
        return whole + await AllAnswered(since);
    }

    /// <summary>Waits until all on the five hosts, without that one, have been answered what they asked since.</summary>
    public Task<TimeSpan?> AllAnswered(long since, int but = 0) =>
        Journal.Until(() => Hosts(but).All(ip => Journal.LastAnswerTo(ip)?.Asked?.At > since), Patience);

    /// <summary>Starts the process of a host.</summary>
    public SingletonProcess Start(int number, string part) =>
        _nodes[number] = SingletonProcess.Start(_lab.Hosts[number], part, Journal, _lab.Folder, _leases);

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
