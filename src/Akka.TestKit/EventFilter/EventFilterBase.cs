using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Says of a log event whether it is meant, and counts those that are.</summary>
public sealed class EventFilter(string description, Func<LogEvent, bool> isMatch)
{
    private const int OthersKept = 10;

    private readonly object _lock = new();
    private readonly Queue<LogEvent> _others = [];
    private int _count;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Description { get; } = description;

    internal int Count
    {
        get { lock (_lock) return _count; }
    }

    /// <summary>Completes when one more event has matched.</summary>
    internal Task NextMatch
    {
        get { lock (_lock) return _changed.Task; }
    }

    internal bool Means(LogEvent logEvent) => isMatch(logEvent);

    /// <summary>The last few events that were not meant, for the complaint of a test that missed one.</summary>
    internal IReadOnlyList<LogEvent> Others()
    {
        lock (_lock) return [.. _others];
    }

    internal bool Take(LogEvent logEvent)
    {
        if (!isMatch(logEvent))
        {
            lock (_lock)
            {
                if (_others.Count == OthersKept) _others.Dequeue();
                _others.Enqueue(logEvent);
            }
            return false;
        }
        TaskCompletionSource changed;
        lock (_lock)
        {
            _count++;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        changed.TrySetResult();
        return true;
    }
}

/// <summary>What an event's text or source must look like; parts that are null say nothing.</summary>
internal sealed record EventPattern(
    string? Message, string? Start, string? Contains, string? Source, Regex? Regex = null)
{
    public bool Fits(LogEvent logEvent, string text) =>
        (Source is null || Source == logEvent.LogSource ||
            logEvent.LogSource.StartsWith(Source + " ", StringComparison.Ordinal)
            || logEvent.LogSource.StartsWith(Source + "#", StringComparison.Ordinal)
            || logEvent.LogSource.StartsWith("[" + Source, StringComparison.Ordinal))
        && FitsText(text);

    public bool FitsText(string text) =>
        (Message is null || Message == text)
        && (Start is null || text.StartsWith(Start, StringComparison.Ordinal))
        && (Contains is null || text.Contains(Contains, StringComparison.Ordinal))
        && (Regex is null || Regex.IsMatch(text));

    public override string ToString()
    {
        string[] parts =
        [
            .. new[]
            {
                Message is null ? null : $"text \"{Message}\"", Start is null ? null : $"start \"{Start}\"",
                Contains is null ? null : $"part \"{Contains}\"", Regex is null ? null : $"pattern \"{Regex}\"",
                Source is null ? null : $"source \"{Source}\"",
            }.OfType<string>(),
        ];
        return parts.Length == 0 ? "" : " with " + string.Join(", ", parts);
    }
}
