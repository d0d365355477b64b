using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>How one node sees another.</summary>
internal sealed record Sight(string State, bool Reachable)
{
    public bool IsWell => State == "up" && Reachable;
}

/// <summary>One line of the journal: at this time, by the laboratory's own clock, one node learned this of
/// another.</summary>
internal sealed record Entry(TimeSpan At, int Observer, string What, int Member);

/// <summary>
/// What every node says of every other (<c>cluster tail</c> of each), in the order in which the laboratory hears it;
/// and the views that follow from it. Waiting is for a condition on these views.
/// </summary>
internal sealed class Journal
{
    /// <summary>The observer tells no more.</summary>
    public const string Ended = "ended";

    private readonly Watched _watched = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private ImmutableList<Entry> _entries = [];
    private ImmutableDictionary<int, ImmutableDictionary<int, Sight>> _views =
        ImmutableDictionary<int, ImmutableDictionary<int, Sight>>.Empty;
    private ImmutableDictionary<int, TimeSpan> _clockAhead = ImmutableDictionary<int, TimeSpan>.Empty;

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>The members that a node sees; none before it tells, or when it has ended.</summary>
    public ImmutableDictionary<int, Sight> ViewOf(int observer) =>
        _views.GetValueOrDefault(observer, ImmutableDictionary<int, Sight>.Empty);

    /// <summary>How far a node's wall clock was ahead of the laboratory's when it spoke last.</summary>
    public TimeSpan ClockAheadOf(int observer) => _clockAhead.GetValueOrDefault(observer);

    public IEnumerable<Entry> Since(TimeSpan start) => _entries.Where(entry => entry.At >= start);

    /// <summary>The whole journal, a line an entry: seconds, who learned it, of whom, what.</summary>
    public string Text() => string.Concat(_entries.Select(entry => string.Create(CultureInfo.InvariantCulture,
        $"{entry.At.TotalSeconds,8:0.000}  host {entry.Observer}: host {entry.Member} {entry.What}\n")));

    /// <summary>Writes down what the laboratory itself does, for <see cref="Text"/>.</summary>
    public void Note(string text) => _watched.Change(() => _entries = _entries.Add(new Entry(Now, 0, $"<- {text}", 0)));

    /// <summary>All observers see exactly these members, up and reachable.</summary>
    public bool AllSee(IReadOnlyCollection<int> observers, IReadOnlyCollection<int> members) =>
        observers.All(observer => ViewOf(observer) is { } view && view.Count == members.Count
            && members.All(member => view.TryGetValue(member, out Sight? sight) && sight.IsWell));

    /// <summary>How often a member went from reachable in every view to unreachable in some, or was declared down: a
    /// verdict. The same verdict that reaches several observers counts once.</summary>
    /// <param name="about">The members that are asked for; null is all.</param>
    public int VerdictsSince(TimeSpan start, Func<int, bool>? about = null)
    {
        int verdicts = 0;
        HashSet<(int Observer, int Member)> unreachable = [];
        HashSet<int> down = [];
        foreach (Entry entry in _entries)
        {
            bool counts = entry.At >= start && about?.Invoke(entry.Member) != false;
            if (entry.What == "unreachable")
            {
                if (unreachable.All(pair => pair.Member != entry.Member) && counts) verdicts++;
                unreachable.Add((entry.Observer, entry.Member));
            }
            else if (entry.What is "reachable" or "removed" or "up")
            {
                unreachable.Remove((entry.Observer, entry.Member));
                if (entry.What == "up") down.Remove(entry.Member);
            }
            else if (entry.What == Ended)
            {
                unreachable.RemoveWhere(pair => pair.Observer == entry.Observer);
            }
            else if (entry.What == "down" && down.Add(entry.Member) && counts)
            {
                verdicts++;
            }
        }
        return verdicts;
    }

    /// <summary>Which members somebody removed since then.</summary>
    public int[] RemovedSince(TimeSpan start) =>
        [.. Since(start).Where(entry => entry.What == "removed").Select(entry => entry.Member).Distinct().Order()];

    /// <summary>Waits until the condition holds; it is asked after each entry.</summary>
    /// <returns>How long it took; null when patience ended first.</returns>
    public Task<TimeSpan?> Until(Func<bool> condition, TimeSpan patience) => _watched.Until(condition, patience);

    /// <summary>A node has started to tell, or has ended: what it said before holds no more.</summary>
    public void Forget(int observer) => _watched.Change(() =>
    {
        _entries = _entries.Add(new Entry(Now, observer, Ended, observer));
        _views = _views.Remove(observer);
    });

    public void Add(int observer, PbmReply.Change change) => _watched.Change(() =>
    {
        if (MemberOf(change.Address) is not { } member) return;
        _entries = _entries.Add(new Entry(Now, observer, change.What, member));
        _clockAhead = _clockAhead.SetItem(observer, change.At - DateTimeOffset.UtcNow);
        ImmutableDictionary<int, Sight> view = ViewOf(observer);
        Sight before = view.GetValueOrDefault(member, new Sight("joining", Reachable: true));
        view = change.What switch
        {
            "leader" => view,
            "removed" => view.Remove(member),
            "unreachable" => view.SetItem(member, before with { Reachable = false }),
            "reachable" => view.SetItem(member, before with { Reachable = true }),
            string state => view.SetItem(member, before with { State = state }),
        };
        _views = _views.SetItem(observer, view);
    });

    // akka.tcp://iridium@10.0.0.3:2254 is host 3.
    private static int? MemberOf(string address)
    {
        string host = address[(address.LastIndexOf('.') + 1)..];
        return int.TryParse(host.Split(':')[0], out int number) ? number : null;
    }
}
