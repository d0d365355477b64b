using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Iridium.FaultLab.Nodes;

/// <summary>
/// What the processes of a plain cluster say of its singleton, all in one: by the clock that they share, so that what
/// two of them do can be compared. Waiting is for a condition on it.
/// </summary>
internal sealed class SingletonJournal
{
    private readonly Watched _watched = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<SingletonEntry> _entries = [];
    private readonly List<(long At, string Text)> _notes = [];
    private readonly Dictionary<string, SingletonEntry> _lastAnswers = [];

    /// <summary>Every life of the singleton that has begun, the oldest first.</summary>
    public ImmutableArray<Incarnation> Incarnations =>
        [.. Entries(entry => entry.What == SingletonEvent.Begins).Select(entry => entry.Who).Order()];

    /// <summary>What a node was answered last; null before its first answer.</summary>
    public SingletonEntry? LastAnswerTo(string ip) => _watched.Look(() => _lastAnswers.GetValueOrDefault(ip));

    public ImmutableArray<SingletonEntry> Entries(Func<SingletonEntry, bool> which) =>
        _watched.Look(() => _entries.Where(which).ToImmutableArray());

    /// <summary>The answers that came from one incarnation when somebody had been answered by a newer one already: with
    /// one singleton there are none.</summary>
    public ImmutableArray<SingletonEntry> OutdatedAnswers()
    {
        Incarnation newest = default;
        List<SingletonEntry> outdated = [];
        foreach (SingletonEntry answer in Entries(each => each.What == SingletonEvent.Answers).OrderBy(each => each.At))
        {
            if (answer.Who.CompareTo(newest) < 0) outdated.Add(answer);
            else newest = answer.Who;
        }
        return [.. outdated];
    }

    /// <summary>What one life of the singleton did when a newer one had begun already: with one singleton there is
    /// nothing.</summary>
    public ImmutableArray<SingletonEntry> Doubles()
    {
        ImmutableArray<Incarnation> all = Incarnations;
        return Entries(entry => entry.What is SingletonEvent.Beats or SingletonEvent.Takes
            && all.Any(newer => newer.BeganAt > entry.Who.BeganAt && newer.BeganAt <= entry.At));
    }

    public void Add(SingletonEntry entry) => Change(() =>
    {
        _entries.Add(entry);
        if (entry is { What: SingletonEvent.Answers, Asked: { } ask }) _lastAnswers[ask.From] = entry;
    });

    /// <summary>Writes down what the laboratory itself does, for <see cref="Text"/>.</summary>
    /// <returns>When that was.</returns>
    public long Note(string text)
    {
        long now = Stopwatch.GetTimestamp();
        Change(() => _notes.Add((now, $"<- {text}")));
        return now;
    }

    /// <summary>Changes what conditions look at.</summary>
    public void Change(Action change) => _watched.Change(change);

    /// <summary>Waits until the condition holds; it is asked after each change, with nothing changing meanwhile.</summary>
    /// <returns>How long it took; null when patience ended first.</returns>
    public Task<TimeSpan?> Until(Func<bool> condition, TimeSpan patience) => _watched.Until(condition, patience);

    /// <summary>The whole journal in the order of its clock, a line an entry.</summary>
    public string Text() => _watched.Look(() =>
    {
        IEnumerable<(long At, string Text)> all = _entries.Select(entry => (entry.At, entry.ToString()));
        return string.Concat(all.Concat(_notes).OrderBy(line => line.At).Select(line => string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(_start, line.At).TotalSeconds,8:0.000}  {line.Text}\n")));
    });
}
