using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process that is a <see cref="SingletonNode"/>, and what it has said.</summary>
internal sealed class SingletonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SingletonJournal _journal;
    private readonly Task _reading;
    private long _answeredAt;
    private TimeSpan _longest;

    private SingletonProcess(Process process, SingletonJournal journal)
    {
        _process = process;
        _journal = journal;
        _reading = Read();
    }

    /// <summary>How many members it sees up; -1 while it sees one unreachable.</summary>
    public int Up { get; private set; }

    public int Answers { get; private set; }

    /// <summary>Where the singleton was in turn, as it said itself.</summary>
    public List<Incarnation> Homes { get; } = [];

    /// <param name="part"><see cref="SingletonNode.Holds"/>, <see cref="SingletonNode.Asks"/>, or both.</param>
    public static SingletonProcess Start(Host host, string part, SingletonJournal journal, string folder) =>
        new(PlainNode.Launch(host, folder, SingletonNode.Verb, host.Ip, part), journal);

    public void Send(Signal signal) => LabNode.Send(_process, signal);

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
        LabNode.Send(_process, Signal.Kill);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task Read()
    {
        await Task.Yield();
        while (await _process.StandardOutput.ReadLineAsync() is { } line) Take(line);
    }

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
