using System.Buffers;
using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

// Characters, keys and texts: the lower half of the parser.
internal sealed partial class HoconParser
{
    /// <summary>What ends an unquoted text wherever it stands. A slash and a dollar only do as <c>//</c> and
    /// <c>${</c>.</summary>
    private static readonly SearchValues<char> UnquotedEnd = SearchValues.Create("\"{}[]:=,#\n\r\t /$");

    private static readonly SearchValues<char> KeyEnd = SearchValues.Create("\"{}[]:=,#\n\r\t ./$+");

    private bool AtEnd => _at >= _text.Length;

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : End;

    private HoconOrigin Here() => At(_at);

    private HoconOrigin At(int position) => new(_source, Math.Clamp(position, 0, _text.Length));

    private HoconParserException Error(string problem) => Error(problem, _at);

    private HoconParserException Error(string problem, int position) => new(problem, At(position));

    /// <summary>The next character as an error calls it.</summary>
    private string Show() => AtEnd ? "the end of the text" : Peek() switch
    {
        '\n' or '\r' => "the end of the line",
        < ' ' => $"the character U+{(int)Peek():X4}",
        char c => $"'{c}'",
    };

    private void Enter()
    {
        if (++_depth > HoconLimits.Depth)
        {
            throw Error($"objects and lists are nested more than {HoconLimits.Depth} deep");
        }
    }

    private void SkipSpaces()
    {
        while (!AtEnd && IsSpace(_text[_at])) _at++;
    }

    private static bool IsSpace(char c) =>
        c is ' ' or '\t' || (c > '\u007f' && c != End && (char.IsWhiteSpace(c) || c == '\uFEFF')) || c is '\v' or '\f';

    /// <summary>Skips spaces, newlines and comments.</summary>
    /// <returns>Whether a newline was among them.</returns>
    private bool SkipBlank()
    {
        bool newline = false;
        for (; ; )
        {
            SkipSpaces();
            char next = Peek();
            if (next == '#' || (next == '/' && Peek(1) == '/'))
            {
                int line = _text.AsSpan(_at).IndexOf('\n');
                _at = line < 0 ? _text.Length : _at + line;
            }
            else if (next is '\n' or '\r')
            {
                newline = true;
                _at++;
            }
            else
            {
                return newline;
            }
        }
    }

    /// <summary>A dotted path; elements are quoted or not, and unquoted ones may hold single spaces: <c>a
    /// b.c</c>.</summary>
    private List<string> Key()
    {
        var path = new List<string>(4);
        int start = _at;
        for (; ; )
        {
            path.Add(KeyElement());
            if (_depth + path.Count > HoconLimits.Depth)
            {
                throw Error($"this path leads more than {HoconLimits.Depth} levels deep", start);
            }

            if (Peek() != '.') return path;
            _at++;
        }
    }

    private string KeyElement()
    {
        int start = _at;
        string? element = null;
        int end = _at;
        for (; ; )
        {
            char next = Peek();
            string? part = next == '"' ? Quoted() : UnquotedKey();
            if (part is null) break;
            element = element is null ? part : string.Concat(element, _text.AsSpan(end, EndOfSpaces(end) - end), part);
            end = _at;
            SkipSpaces();
        }

        _at = end;
        return element ?? throw Error($"a key was expected, not {Show()}", start);
    }

    private int EndOfSpaces(int from)
    {
        while (from < _text.Length && IsSpace(_text[from])) from++;
        return from;
    }

    private string? UnquotedKey()
    {
        int start = _at;
        for (; ; )
        {
            int length = _text.AsSpan(_at).IndexOfAny(KeyEnd);
            _at = length < 0 ? _text.Length : _at + length;
            bool ordinary = Peek() switch
            {
                '/' => Peek(1) != '/',
                '+' => Peek(1) != '=',
                '$' => Peek(1) != '{',
                _ => false,
            };
            if (!ordinary || AtEnd) break;
            _at++;
        }

        return _at == start ? null : _text[start.._at];
    }

    private string Unquoted()
    {
        int start = _at;
        for (; ; )
        {
            int length = _text.AsSpan(_at).IndexOfAny(UnquotedEnd);
            _at = length < 0 ? _text.Length : _at + length;
            bool ordinary = !AtEnd && ((Peek() == '/' && Peek(1) != '/') || (Peek() == '$' && Peek(1) != '{'));
            if (!ordinary) break;
            _at++;
        }

        if (_at == start) throw Error($"{Show()} may stand in a text only inside quotes");
        return _text[start.._at];
    }

    private string Quoted()
    {
        if (Peek(1) == '"' && Peek(2) == '"') return TripleQuoted();
        int start = _at++;
        int run = _at;
        StringBuilder? built = null;
        for (; ; _at++)
        {
            char next = Peek();
            if (AtEnd || next is '\n' or '\r') throw Error("this quote is not closed on its line", start);
            if (next is not ('"' or '\\')) continue;
            if (next == '"' && built is null) return _text[run.._at++];
            built ??= new StringBuilder();
            built.Append(_text, run, _at - run);
            if (next == '"') break;
            _at++;
            built.Append(Escape());
            run = _at + 1;
        }

        _at++;
        return built.ToString();
    }

    private char Escape()
    {
        switch (Peek())
        {
            case '"' or '\\' or '/': return Peek();
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'u' when _at + 4 < _text.Length && ushort.TryParse(_text.AsSpan(_at + 1, 4),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                _at += 4;
                return (char)code;
            default:
                throw Error($"after a backslash in quotes comes one of \" \\ / n t r b f uXXXX, not {Show()}; " +
                    "a backslash itself is written \\\\", _at - 1);
        }
    }

    /// <summary>Everything up to three quotes, as it stands; quotes more than three belong to the text.</summary>
    private string TripleQuoted()
    {
        int start = _at;
        int from = _at + 3;
        int length = _text.AsSpan(from).IndexOf("\"\"\"");
        if (length < 0) throw Error("these three quotes are never closed", start);
        _at = from + length + 3;
        while (Peek() == '"') _at++;
        return _text[from..(_at - 3)];
    }
}
