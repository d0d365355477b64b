using System.Collections.Immutable;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Node;

/// <summary>
/// Who runs on this node, and who ran: numbers, names, states. It knows no actors and no clock; the front desk tells
/// it what happens and when. Numbers count up from 1 and are never given twice; of those that ended only the latest
/// are kept.
/// </summary>
internal sealed class ProcessTable(int maxLiving, int endedKept)
{
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Queue<int> _ended = [];
    private int _lastNumber;

    /// <summary>How many have not ended.</summary>
    public int Living { get; private set; }

    public bool IsFull => Living >= maxLiving;

    /// <summary>Takes a program in and numbers it. The table must not be full.</summary>
    public int Add(string program, TimeSpan now)
    {
        if (IsFull) throw new InvalidOperationException("Broken invariant: a program was added to a full table.");
        _entries.Add(++_lastNumber, new Entry(program, now));
        Living++;
        return _lastNumber;
    }

    public ProcessState? StateOf(int number) => _entries.TryGetValue(number, out Entry? entry) ? entry.State : null;

    /// <summary>How far a living process is. Late news of one that has ended is ignored.</summary>
    public void Progress(int number, ProcessState state, long instructions, int restarts)
    {
        if (!_entries.TryGetValue(number, out Entry? entry) || HasEnded(entry.State)) return;
        entry.State = state;
        entry.Instructions = instructions;
        entry.Restarts = restarts;
    }

    /// <summary>A process is over. Only the first end of a process counts.</summary>
    public void End(int number, ProcessState state, int code, long? instructions, TimeSpan now)
    {
        if (!_entries.TryGetValue(number, out Entry? entry) || HasEnded(entry.State)) return;
        entry.State = state;
        entry.Code = code;
        entry.Instructions = instructions ?? entry.Instructions;
        entry.EndedAt = now;
        Living--;
        _ended.Enqueue(number);
        while (_ended.Count > endedKept) _entries.Remove(_ended.Dequeue());
    }

    /// <summary>The living first served, then the latest that ended; shown in the order of their numbers.</summary>
    /// <param name="omitted">How many did not fit.</param>
    public ImmutableArray<ProcessRow> Rows(TimeSpan now, int limit, out int omitted)
    {
        omitted = Math.Max(0, _entries.Count - limit);
        return
        [
            .. _entries
                .OrderBy(pair => HasEnded(pair.Value.State)).ThenByDescending(pair => pair.Key)
                .Take(limit)
                .OrderBy(pair => pair.Key)
                .Select(pair => pair.Value.ToRow(pair.Key, now)),
        ];
    }

    public static bool HasEnded(ProcessState state) =>
        state is ProcessState.Finished or ProcessState.Crashed or ProcessState.Killed or ProcessState.Failed;

    private sealed class Entry(string program, TimeSpan startedAt)
    {
        public ProcessState State { get; set; } = ProcessState.Running;

        public int Code { get; set; }

        public long Instructions { get; set; }

        public int Restarts { get; set; }

        public TimeSpan? EndedAt { get; set; }

        public ProcessRow ToRow(int number, TimeSpan now) =>
            new(number, program, State, Code, Instructions, Restarts, (EndedAt ?? now) - startedAt);
    }
}
