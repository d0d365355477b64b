using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>What a piece of text is, from which a screen with colours chooses one.</summary>
public enum TextStyle
{
    /// <summary>The shell's own words.</summary>
    Plain,

    /// <summary>What a program printed.</summary>
    Output,

    /// <summary>A column's heading, a name.</summary>
    Heading,

    /// <summary>Something went well, or someone arrived.</summary>
    Good,

    /// <summary>Something wants attention.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Bad,

    /// <summary>Detail that may be overlooked.</summary>
    Quiet,
}

/// <summary>A run of text in one style.</summary>
public readonly record struct TextSpan(TextStyle Style, string Text);

/// <summary>
/// One line for a screen, without its line break. Every text passes <see cref="PlainText"/> here, so nothing that a
/// program printed or another node sent can move the cursor, change colours or turn the direction of writing.
/// </summary>
public sealed class ScreenLine
{
    private ScreenLine(ImmutableArray<TextSpan> spans) => Spans = spans;

    /// <summary>The parts from left to right.</summary>
    public ImmutableArray<TextSpan> Spans { get; }

    /// <summary>The line as text alone.</summary>
    public string Text => string.Concat(Spans.Select(span => span.Text));

    public static ScreenLine Empty { get; } = new([]);

    public static ScreenLine Of(string text, TextStyle style = TextStyle.Plain) =>
        new([new TextSpan(style, PlainText.Of(text))]);

    public static ScreenLine Of(params IEnumerable<TextSpan> spans) =>
        new([.. spans.Select(span => span with { Text = PlainText.Of(span.Text) })]);

    /// <summary>One line per line of the text; a line break at its end makes no empty line.</summary>
    public static ImmutableArray<ScreenLine> Lines(string text, TextStyle style = TextStyle.Plain)
    {
        string body = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (body.EndsWith('\n')) body = body[..^1];
        return [.. body.Split('\n').Select(line => Of(line, style))];
    }

    public override string ToString() => Text;
}
