using System.Collections.Immutable;
using System.Globalization;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>The line being typed, and what was typed before it.</summary>
/// <param name="Cursor">Index in <paramref name="Text"/> of what stands under the cursor; never inside a
/// character.</param>
/// <param name="Recalled">Which line of the history is shown; its length when none is.</param>
/// <param name="Draft">What was being typed before the history was walked.</param>
/// <param name="Deleted">What <see cref="Key.PutBack"/> puts back.</param>
public sealed record LineState(
    string Text, int Cursor, ImmutableArray<string> History, int Recalled, string Draft, string Deleted)
{
    public static readonly LineState Empty = new("", 0, [], 0, "", "");
}

/// <summary>What a keystroke asks of the shell around the line.</summary>
public abstract record LineEvent
{
    private LineEvent()
    {
    }

    /// <summary>The line is finished.</summary>
    public sealed record Submitted(string Line) : LineEvent;

    /// <summary>Ctrl-c: the line was dropped, and whatever runs in front should stop.</summary>
    public sealed record Interrupted(string Dropped) : LineEvent;

    /// <summary>Ctrl-d on an empty line: no more input.</summary>
    public sealed record Ended : LineEvent;

    public sealed record ScreenCleared : LineEvent;

    /// <summary>Tab could mean any of these.</summary>
    public sealed record Choices(ImmutableArray<string> Words) : LineEvent;

    /// <summary>The key can do nothing here.</summary>
    public sealed record Refused : LineEvent;
}

/// <summary>Words that could stand where the cursor is; they replace the text from <paramref name="Start"/> to
/// it.</summary>
public readonly record struct CompletionWords(int Start, ImmutableArray<string> Words);

/// <summary>The keys of the shell, as a function from a line and a key to the next line. It knows no
/// terminal.</summary>
public sealed class LineEditor(Func<string, CompletionWords> complete)
{
    /// <summary>A line of assembly is some 40 characters; a hundred times that is a paste gone wrong.</summary>
    public const int LineCharacters = 4096;

    /// <summary>1,000 lines of 40 characters are 80 KB.</summary>
    public const int HistoryLines = 1000;

    /// <summary>A tab in assembly text moves to the next multiple of this.</summary>
    private const int TabStop = 4;

    public (LineState State, LineEvent? Event) Press(LineState line, Keystroke stroke) => stroke.Key switch
    {
        Key.Character => Insert(line, stroke.Rune.ToString()),
        Key.Enter => Submit(line),
        Key.Tab => Complete(line),
        Key.Backspace => Cut(line, ElementBefore(line.Text, line.Cursor), line.Cursor, keep: false),
        Key.Delete => Cut(line, line.Cursor, ElementAfter(line.Text, line.Cursor), keep: false),
        Key.Left => MoveTo(line, ElementBefore(line.Text, line.Cursor)),
        Key.Right => MoveTo(line, ElementAfter(line.Text, line.Cursor)),
        Key.WordLeft => MoveTo(line, WordBefore(line.Text, line.Cursor)),
        Key.WordRight => MoveTo(line, WordAfter(line.Text, line.Cursor)),
        Key.Home => (line with { Cursor = 0 }, null),
        Key.End => (line with { Cursor = line.Text.Length }, null),
        Key.Up => Recall(line, line.Recalled - 1),
        Key.Down => Recall(line, line.Recalled + 1),
        Key.DeleteToEnd => Cut(line, line.Cursor, line.Text.Length, keep: true),
        Key.DeleteToStart => Cut(line, 0, line.Cursor, keep: true),
        Key.DeleteWord => Cut(line, WordBefore(line.Text, line.Cursor), line.Cursor, keep: true),
        Key.PutBack => Insert(line, line.Deleted),
        Key.Interrupt => (Fresh(line), new LineEvent.Interrupted(line.Text)),
        Key.EndOfInput => line.Text.Length == 0
            ? (line, new LineEvent.Ended())
            : Cut(line, line.Cursor, ElementAfter(line.Text, line.Cursor), keep: false),
        Key.ClearScreen => (line, new LineEvent.ScreenCleared()),
        _ => (line, null),
    };

    private static LineState Fresh(LineState line) =>
        line with { Text = "", Cursor = 0, Recalled = line.History.Length, Draft = "" };

    private static (LineState, LineEvent?) Insert(LineState line, string text)
    {
        // Control and invisible characters come from pastes; on a terminal they would be obeyed, not shown.
        if (text.Length == 0 || PlainText.Of(text) != text) return Refuse(line);
        if (line.Text.Length + text.Length > LineCharacters) return Refuse(line);
        string after = line.Text.Insert(line.Cursor, text);
        // A mark joins the character before it, so the cursor may have to step over more than was typed.
        int cursor = AtElement(after, line.Cursor + text.Length);
        return (line with { Text = after, Cursor = cursor }, null);
    }

    private static (LineState, LineEvent?) Cut(LineState line, int from, int to, bool keep)
    {
        if (from == to) return Refuse(line);
        string after = line.Text.Remove(from, to - from);
        return (line with
        {
            Text = after,
            Cursor = AtElement(after, from),
            Deleted = keep ? line.Text[from..to] : line.Deleted,
        }, null);
    }

    private static (LineState, LineEvent?) MoveTo(LineState line, int cursor) =>
        cursor == line.Cursor ? Refuse(line) : (line with { Cursor = cursor }, null);

    private static (LineState, LineEvent?) Refuse(LineState line) => (line, new LineEvent.Refused());

    private static (LineState, LineEvent?) Submit(LineState line)
    {
        ImmutableArray<string> history = line.History;
        bool repeats = history.Length > 0 && history[^1] == line.Text;
        if (!string.IsNullOrWhiteSpace(line.Text) && !repeats)
            history = [.. history.Length < HistoryLines ? history : history.RemoveAt(0), line.Text];
        return (Fresh(line with { History = history }), new LineEvent.Submitted(line.Text));
    }

    private static (LineState, LineEvent?) Recall(LineState line, int index)
    {
        if (index < 0 || index > line.History.Length) return Refuse(line);
        string draft = line.Recalled == line.History.Length ? line.Text : line.Draft;
        string text = index == line.History.Length ? draft : line.History[index];
        return (line with { Text = text, Cursor = text.Length, Recalled = index, Draft = draft }, null);
    }

    private (LineState, LineEvent?) Complete(LineState line)
    {
        CompletionWords completion = complete(line.Text[..line.Cursor]);
        if (completion.Words.IsDefaultOrEmpty)
        {
            bool isCommand = line.Text.TrimStart().StartsWith('!');
            return isCommand ? Refuse(line) : Insert(line, new string(' ', TabStop - line.Cursor % TabStop));
        }
        string typed = line.Text[completion.Start..line.Cursor];
        string common = CommonStart(completion.Words);
        string addition = completion.Words.Length == 1 && !common.EndsWith('/') ? common + " " : common;
        if (completion.Words.Length > 1 && common.Length <= typed.Length)
            return (line, new LineEvent.Choices(completion.Words));
        LineState cut = line with { Text = line.Text.Remove(completion.Start, typed.Length), Cursor = completion.Start };
        (LineState after, LineEvent? refused) = Insert(cut, addition);
        return refused is null ? (after, null) : Refuse(line);
    }

    private static string CommonStart(ImmutableArray<string> words)
    {
        string common = words[0];
        foreach (string word in words)
        {
            int same = 0;
            while (same < common.Length && same < word.Length && common[same] == word[same]) same++;
            common = common[..same];
        }
        // Half of a character is no start.
        return common.Length > 0 && char.IsHighSurrogate(common[^1]) ? common[..^1] : common;
    }

    private static int ElementAfter(string text, int index) =>
        index >= text.Length ? index : index + StringInfo.GetNextTextElementLength(text, index);

    private static int ElementBefore(string text, int index)
    {
        int start = 0;
        for (int at = 0; at < index; at = ElementAfter(text, at)) start = at;
        return start;
    }

    /// <summary>The first border between characters at or after the index.</summary>
    private static int AtElement(string text, int index)
    {
        int at = 0;
        while (at < index) at = ElementAfter(text, at);
        return at;
    }

    private static int WordBefore(string text, int index)
    {
        while (index > 0 && char.IsWhiteSpace(text[index - 1])) index--;
        while (index > 0 && !char.IsWhiteSpace(text[index - 1])) index--;
        return AtElement(text, index);
    }

    private static int WordAfter(string text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
        while (index < text.Length && !char.IsWhiteSpace(text[index])) index++;
        return AtElement(text, index);
    }
}
