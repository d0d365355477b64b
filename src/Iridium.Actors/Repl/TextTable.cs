using System.Collections.Immutable;
using System.Globalization;

namespace Iridium.Actors.Repl;

/// <summary>Rows under headings in columns that line up: as wide as their widest cell, two spaces apart.</summary>
internal sealed class TextTable(params TextTable.Column[] columns)
{
    private const string Gap = "  ";
    private readonly List<TextSpan[]> _rows = [];

    /// <param name="Heading">Shown above the column.</param>
    /// <param name="IsNumber">Numbers end at the right edge of their column.</param>
    internal readonly record struct Column(string Heading, bool IsNumber = false);

    public void Add(params TextSpan[] cells)
    {
        // Cells are made harmless before they are measured, or an escape that grows would break the columns.
        _rows.Add([.. cells.Select(cell => cell with { Text = PlainText.Of(cell.Text) })]);
    }

    public ImmutableArray<ScreenLine> ToLines()
    {
        int[] widths = [.. columns.Select((column, index) =>
            _rows.Select(row => Width(row[index].Text)).Append(Width(column.Heading)).Max())];
        TextSpan[] headings = [.. columns.Select(column => new TextSpan(TextStyle.Heading, column.Heading))];
        return [.. _rows.Prepend(headings).Select(row => Line(row, widths))];
    }

    private ScreenLine Line(TextSpan[] row, int[] widths)
    {
        var spans = new List<TextSpan>();
        for (int index = 0; index < row.Length; index++)
        {
            bool isLast = index == row.Length - 1;
            string padding = new(' ', widths[index] - Width(row[index].Text));
            string text = row[index].Text;
            text = columns[index].IsNumber ? padding + text : isLast ? text : text + padding;
            spans.Add(row[index] with { Text = isLast ? text : text + Gap });
        }
        return ScreenLine.Of(spans);
    }

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
