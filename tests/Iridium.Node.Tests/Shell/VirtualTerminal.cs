using System.Globalization;
using System.Text;
using Iridium.Node.Shell;

namespace Iridium.Node.Tests.Shell;

/// <summary>Obeys what the shell sends as a terminal would (VT100's autowrap, cursor moves, erasing, scrolling), so
/// that a test sees the screen a person sees.</summary>
internal sealed class VirtualTerminal(int columns, int rows)
{
    private readonly List<string[]> _lines = [new string[columns]];
    private int _top;
    private int _row;
    private int _column;
    private bool _wrapPending;

    public int Bells { get; private set; }

    /// <summary>Row and column of the cursor; the row counts from the first line ever shown.</summary>
    public (int Row, int Column) Cursor => (_row, _column);

    /// <summary>Everything shown since the start, trailing blanks and empty rows at the end removed.</summary>
    public List<string> Lines
    {
        get
        {
            List<string> lines = [.. _lines.Select(cells => string.Concat(cells.Select(c => c ?? " ")).TrimEnd())];
            while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
            return lines;
        }
    }

    public void Send(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (c == '\e')
            {
                at = Control(text, at + 1);
                continue;
            }
            int length = c < ' ' ? 1 : StringInfo.GetNextTextElementLength(text, at);
            if (c == '\r') (_column, _wrapPending) = (0, false);
            else if (c == '\n') Down();
            else if (c == '\a') Bells++;
            else if (c < ' ') throw new InvalidOperationException($"control character {(int)c} was sent");
            else Print(text.Substring(at, length));
            at += length;
        }
    }

    private void Print(string element)
    {
        int width = DisplayWidth.OfElement(element);
        if (_wrapPending || _column + width > columns)
        {
            _column = 0;
            _wrapPending = false;
            Down();
        }
        _lines[_row][_column] = element;
        if (width == 2) _lines[_row][_column + 1] = "";
        _column += width;
        if (_column < columns) return;
        _column = columns - 1;
        _wrapPending = true;
    }

    private void Down()
    {
        _wrapPending = false;
        _row++;
        if (_row == _lines.Count) _lines.Add(new string[columns]);
        if (_row - _top >= rows) _top++;
    }

    private int Control(string text, int at)
    {
        Assert.Equal('[', text[at++]);
        var digits = new StringBuilder();
        while (char.IsAsciiDigit(text[at])) digits.Append(text[at++]);
        int number = digits.Length == 0 ? 1 : int.Parse(digits.ToString(), CultureInfo.InvariantCulture);
        _wrapPending = false;
        switch (text[at])
        {
            case 'A':
                _row = Math.Max(_top, _row - number);
                break;
            case 'C':
                _column = Math.Min(columns - 1, _column + number);
                break;
            case 'J' when digits.Length == 0:
                Array.Clear(_lines[_row], _column, columns - _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case 'J':
                _lines.RemoveRange(_top, _lines.Count - _top);
                while (_lines.Count <= _row) _lines.Add(new string[columns]);
                break;
            case 'H':
                (_row, _column) = (_top, 0);
                break;
            case 'm':
                break;
            default:
                throw new InvalidOperationException($"unknown control sequence ending in {text[at]}");
        }
        return at + 1;
    }
}
