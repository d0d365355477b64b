namespace Iridium.Vm.Assembly;

/// <summary>One text being assembled, and how its positions become lines and columns.</summary>
internal sealed class SourceFile
{
    private readonly List<int> _lineStarts = [0];

    public SourceFile(string name, string text)
    {
        Name = name;
        Text = text;
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\n') _lineStarts.Add(i + 1);
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Line and column, both from 1.</summary>
    public (int Line, int Column) Locate(int position)
    {
        int found = _lineStarts.BinarySearch(position);
        int line = found >= 0 ? found : ~found - 1;
        return (line + 1, position - _lineStarts[line] + 1);
    }

    /// <summary>A line without its end; lines count from 1.</summary>
    public string Line(int line)
    {
        int start = _lineStarts[line - 1];
        int end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}

/// <summary>A stretch of a source.</summary>
internal readonly record struct Span(SourceFile File, int Start, int End)
{
    public Span To(Span other) => File == other.File && other.End >= Start ? this with { End = other.End } : this;
}
