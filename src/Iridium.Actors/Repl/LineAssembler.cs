using System.Text;

namespace Iridium.Actors.Repl;

/// <summary>Makes whole lines of a program's output, which comes in pieces that break anywhere.</summary>
internal sealed class LineAssembler
{
    /// <summary>A line longer than this is broken: a program may print for ever without a line break.</summary>
    public const int LongestLine = 4096;

    private readonly StringBuilder _partial = new();

    /// <summary>Takes a piece in and gives the lines that are whole now.</summary>
    public List<string> Add(string piece)
    {
        var lines = new List<string>();
        foreach (char character in piece)
        {
            if (character == '\n')
            {
                lines.Add(Take());
                continue;
            }
            // Not between the halves of a pair, or both would be unreadable.
            if (_partial.Length >= LongestLine && !char.IsLowSurrogate(character)) lines.Add(Take());
            _partial.Append(character);
        }
        return lines;
    }

    /// <summary>The rest, if there is any: the program has ended, or waits.</summary>
    public string? Flush() => _partial.Length == 0 ? null : Take();

    private string Take()
    {
        if (_partial.Length > 0 && _partial[^1] == '\r') _partial.Length--;
        string line = _partial.ToString();
        _partial.Clear();
        return line;
    }
}
