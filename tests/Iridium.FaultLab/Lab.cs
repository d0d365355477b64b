using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab;

/// <summary>The hosts, the nodes on them, and the journal of what they say: what a row plays with.</summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>Far more than five processes need to start and meet.</summary>
    private static readonly TimeSpan _formPatience = TimeSpan.FromSeconds(40);

    private readonly Dictionary<int, LabNode> _nodes = [];

    private Lab(HostNetwork hosts, string folder)
    {
        Hosts = hosts;
        Folder = folder;
    }

    public HostNetwork Hosts { get; }

    public Journal Journal { get; } = new();

    /// <summary>Where the nodes write.</summary>
    public string Folder { get; }

    /// <summary>The folder whose program the nodes run that are started from now on; at first what was built with the
    /// laboratory.</summary>
    public string Build { get; set; } = AppContext.BaseDirectory;

    public LabNode this[int number] => _nodes[number];

    /// <summary>The numbers of the nodes whose processes run.</summary>
    public int[] Running => [.. _nodes.Values.Where(node => !node.HasEnded).Select(node => node.Number).Order()];

    /// <summary>How many processes have ended that nobody told to end.</summary>
    public int Lost(params int[] expected) =>
        _nodes.Values.Count(node => node.HasEnded && !expected.Contains(node.Number));

    /// <summary>A fresh laboratory without nodes.</summary>
    public static Lab Open(HostNetwork hosts, string folder)
    {
        Directory.CreateDirectory(folder);
        LabConfiguration.Write(folder);
        hosts.Heal();
        return new Lab(hosts, folder);
    }

    /// <summary>Starts five nodes and waits until each sees all five up.</summary>
    /// <param name="with">More options, or shell text before, for one of them.</param>
    public async Task Form(int special = 0, string[]? words = null, string before = "")
    {
        for (int number = 1; number <= HostNetwork.Nodes; number++)
        {
            if (number == special) Start(number, words ?? [], before);
            else Start(number);
        }
        if (await AllWell() is null)
        {
            throw new InvalidOperationException(
                $"The five nodes did not form a cluster in {_formPatience.TotalSeconds} s.");
        }
    }

    /// <summary>Starts the node of a host, in the place of the one that ran there.</summary>
    public LabNode Start(int number, string[]? words = null, string before = "")
    {
        Host host = Hosts[number];
        string[] name = words?.Any(word => word.StartsWith("--node-alias", StringComparison.Ordinal)) == true
            ? [] : [$"--node-alias={host.Name}"];
        return _nodes[number] = LabNode.Start(
            host, Journal, Folder, Build, [.. name, .. words ?? []], before);
    }

    /// <summary>Waits until all that run see all that run, and no one else.</summary>
    public Task<TimeSpan?> AllWell(TimeSpan? patience = null) => Journal.Until(
        () => Running is { Length: > 0 } all && Journal.AllSee(all, all), patience ?? _formPatience);

    /// <summary>Lets a fault last; the only kind of waiting here that is for time.</summary>
    public static Task Last(TimeSpan time) => Task.Delay(time);

    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "journal.txt"), Journal.Text());
        foreach (LabNode node in _nodes.Values) await node.DisposeAsync();
        Hosts.Heal();
    }
}
