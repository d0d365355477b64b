using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>
/// The bottom of a terminal: the prompt and the line being typed, which may take several rows, and above it
/// everything that was ever shown. Each function gives the next view and the characters that turn the screen from the
/// one into the other.
/// </summary>
/// <param name="Prompt">Null while no line is asked for: nothing is drawn then.</param>
/// <param name="Cursor">Index in <paramref name="Text"/>.</param>
/// <param name="CursorRow">Rows from the top of the drawn prompt down to the terminal's cursor.</param>
public sealed record TerminalView(
    int Columns, int Rows, bool Colour, string? Prompt = null, string Text = "", int Cursor = 0, int CursorRow = 0)
{
    // Narrower than this, a terminal shows nothing of use; the arithmetic still holds.
    private const int FewestColumns = 2;
    private const int FewestRows = 2;

    /// <summary>Lines that appear above the prompt.</summary>
    public (TerminalView View, string Output) Write(ImmutableArray<ScreenLine> lines)
    {
        var output = new StringBuilder();
        Erase(output);
        foreach (ScreenLine line in lines)
        {
            foreach (TextSpan span in line.Spans) output.Append(Styled(span));
            output.Append("\r\n");
        }
        return (Draw(output), output.ToString());
    }

    public (TerminalView View, string Output) Show(string? prompt, string text, int cursor)
    {
        var output = new StringBuilder();
        Erase(output);
        TerminalView view = this with { Prompt = prompt, Text = text, Cursor = cursor };
        return (view.Draw(output), output.ToString());
    }

    /// <summary>Leaves prompt and line where they are, for good, and goes on below them.</summary>
    public (TerminalView View, string Output) Finish(string mark)
    {
        if (Prompt is null) return (this, "");
        (TerminalView atEnd, string output) = Show(Prompt, Text, Text.Length);
        return (atEnd with { Prompt = null, Text = "", Cursor = 0, CursorRow = 0 }, output + mark + "\r\n");
    }

    public (TerminalView View, string Output) Clear()
    {
        var output = new StringBuilder("\e[H\e[2J");
        return ((this with { CursorRow = 0 }).Draw(output), output.ToString());
    }

    /// <summary>The window has another size now. Terminals wrap what they show anew, so the cursor's row follows from
    /// the new width.</summary>
    public (TerminalView View, string Output) Resize(int columns, int rows)
    {
        TerminalView resized = this with
        {
            Columns = Math.Max(columns, FewestColumns),
            Rows = Math.Max(rows, FewestRows),
        };
        var output = new StringBuilder();
        if (Prompt is null) return (resized, "");
        (resized with { CursorRow = resized.Layout().CursorRow }).Erase(output);
        return (resized.Draw(output), output.ToString());
    }

    private void Erase(StringBuilder output)
    {
        if (Prompt is null) return;
        output.Append('\r');
        if (CursorRow > 0) output.Append(CultureInfo.InvariantCulture, $"\e[{CursorRow}A");
        output.Append("\e[J");
    }

    private TerminalView Draw(StringBuilder output)
    {
        if (Prompt is null) return this with { CursorRow = 0 };
        Window window = Layout();
        output.Append(window.Shown);
        // At the right edge a terminal waits for the next character before it goes to the next row; make it go.
        if (window.EndsAtEdge) output.Append("\r\n");
        if (window.LastRow > window.CursorRow)
            output.Append(CultureInfo.InvariantCulture, $"\e[{window.LastRow - window.CursorRow}A");
        output.Append('\r');
        if (window.CursorColumn > 0) output.Append(CultureInfo.InvariantCulture, $"\e[{window.CursorColumn}C");
        return this with { CursorRow = window.CursorRow };
    }

    /// <summary>What of the prompt and the line is visible. All rows count from the first visible one.</summary>
    private readonly record struct Window(
        string Shown, int CursorRow, int CursorColumn, int LastRow, bool EndsAtEdge);

    private Window Layout()
    {
        string whole = Prompt + Text;
        int target = (Prompt?.Length ?? 0) + Cursor;
        List<int> rowStarts = [0];
        (int cursorRow, int cursorColumn) = (0, 0);
        int column = 0;
        for (int at = 0; at < whole.Length;)
        {
            int length = StringInfo.GetNextTextElementLength(whole, at);
            int width = DisplayWidth.OfElement(whole.AsSpan(at, length));
            if (column + width > Columns)
            {
                rowStarts.Add(at);
                column = 0;
            }
            if (at == target) (cursorRow, cursorColumn) = (rowStarts.Count - 1, column);
            column += width;
            at += length;
        }
        bool edge = column == Columns;
        int lastRow = rowStarts.Count - 1 + (edge ? 1 : 0);
        if (target >= whole.Length) (cursorRow, cursorColumn) = (lastRow, edge ? 0 : column);

        // A line that is higher than the screen is seen through a window that holds the cursor; one row stays free.
        int visible = Rows - 1;
        int first = Math.Clamp(cursorRow - visible + 1, 0, Math.Max(0, lastRow - visible + 1));
        int end = first + visible < rowStarts.Count ? rowStarts[first + visible] : whole.Length;
        bool cut = end < whole.Length;
        string shown = first < rowStarts.Count ? whole[rowStarts[first]..end] : "";
        int shownLastRow = Math.Min(lastRow - first, visible - 1);
        return new(shown, cursorRow - first, cursorColumn, shownLastRow, edge && !cut && lastRow - first < visible);
    }

    private string Styled(TextSpan span)
    {
        string code = !Colour ? "" : span.Style switch
        {
            TextStyle.Heading => "1",
            TextStyle.Good => "32",
            TextStyle.Warning => "33",
            TextStyle.Bad => "31",
            TextStyle.Quiet => "2",
            _ => "",
        };
        return code.Length == 0 ? span.Text : $"\e[{code}m{span.Text}\e[0m";
    }
}
