using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process that is a <see cref="SingletonNode"/>, and what it has said.</summary>
internal sealed class SingletonProcess : IAsyncDisposable
{
    private readonly SingletonJournal _journal;
    private readonly PlainProcess _process;
    private long _answeredAt;
    private TimeSpan _longest;

    private SingletonProcess(Host host, string[] words, SingletonJournal journal, string folder)
    {
        _journal = journal;
        _process = PlainProcess.Start(host, folder, words, Take);
    }

    /// <summary>How many members it sees up; -1 while it sees one unreachable.</summary>
    public int Up { get; private set; }

    public int Answers { get; private set; }

    /// <summary>Where the singleton was in turn, as it said itself.</summary>
    public List<Incarnation> Homes { get; } = [];

    /// <param name="host">Where it runs.</param>
    /// <param name="part"><see cref="SingletonNode.Holds"/>, <see cref="SingletonNode.Asks"/>, or both.</param>
    /// <param name="journal">Gets what it says.</param>
    /// <param name="folder">Where it writes.</param>
    /// <param name="leases">The folder of the lease that the singleton uses; null is none.</param>
    public static SingletonProcess Start(
        Host host, string part, SingletonJournal journal, string folder, string? leases) =>
        new(host, [SingletonNode.Verb, host.Ip, part, .. leases is null ? [] : new[] { leases }], journal, folder);

    public void Send(Signal signal) => _process.Send(signal);

    /// <inheritdoc cref="PlainProcess.Ends"/>
    public Task<TimeSpan?> Ends(TimeSpan patience) => _process.Ends(patience);

    /// <summary>The longest time without an answer since this was asked last; the one that lasts counts.</summary>
    public TimeSpan TakeLongest()
    {
        TimeSpan longest = default;
        _journal.Change(() =>
        {
            TimeSpan lasting = Stopwatch.GetElapsedTime(_answeredAt);
            longest = lasting > _longest ? lasting : _longest;
            _longest = TimeSpan.Zero;
        });
        return longest;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Take(string line)
    {
        if (line.Split(' ') is [SingletonNode.Up, var count])
        {
            _journal.Change(() => Up = int.Parse(count, CultureInfo.InvariantCulture));
            return;
        }
        var entry = SingletonEntry.Parse(line);
        if (entry.What == SingletonEvent.Answers) _journal.Change(() => OnAnswer(entry.Who));
        _journal.Add(entry);
    }

    private void OnAnswer(Incarnation from)
    {
        if (Answers++ > 0 && Stopwatch.GetElapsedTime(_answeredAt) is var pause && pause > _longest) _longest = pause;
        _answeredAt = Stopwatch.GetTimestamp();
        if (Homes.Count == 0 || Homes[^1] != from) Homes.Add(from);
    }
}
