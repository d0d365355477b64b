using System.Collections.Immutable;
using System.Text;

namespace Iridium.Node.Hosting;

/// <summary>One key as it stands in a file.</summary>
/// <param name="Path">Full path, its parts joined by dots.</param>
/// <param name="Value">The text of a plain value without comment; <c>{</c> for an object, <c>[</c> for a list.</param>
public readonly record struct HoconEntry(string Path, string Value, int Line, int Column);

/// <summary>An <c>include "file"</c>, and the object it stands in.</summary>
public readonly record struct HoconInclude(string File, string Prefix, int Line);

/// <summary>
/// Finds where each key of a HOCON text stands, for error messages: the parsed configuration knows values, not
/// places. It understands nesting, dotted and quoted keys, lists, strings, comments and includes; where a text is not
/// HOCON it stops, and the real parser has the word.
/// </summary>
public sealed class HoconScanner
{
    /// <summary>Deeper nesting is no configuration; the limit keeps the scanner off the end of the stack.</summary>
    private const int Deepest = 100;

    private readonly string _text;
    private readonly ImmutableArray<HoconEntry>.Builder _entries = ImmutableArray.CreateBuilder<HoconEntry>();
    private readonly ImmutableArray<HoconInclude>.Builder _includes = ImmutableArray.CreateBuilder<HoconInclude>();
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private HoconScanner(string text) => _text = text;

    public static (ImmutableArray<HoconEntry> Entries, ImmutableArray<HoconInclude> Includes) Scan(string text)
    {
        var scanner = new HoconScanner(text);
        scanner.SkipBlank();
        if (scanner.Take('{')) scanner.SkipBlank();
        scanner.Fields("", 0);
        return (scanner._entries.ToImmutable(), scanner._includes.ToImmutable());
    }

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private bool AtEnd => _at >= _text.Length;

    /// <summary>Reads fields up to a closing brace or the end. False when the text made no sense.</summary>
    private bool Fields(string prefix, int depth)
    {
        if (depth > Deepest) return false;
        while (true)
        {
            SkipBlank();
            if (AtEnd || Current == '}') return true;
            if (Take(',')) continue;
            (int line, int column) = (_line, _at - _lineStart + 1);
            if (Include(prefix)) continue;
            if (Key() is not { } key) return false;
            string path = prefix.Length == 0 ? key : $"{prefix}.{key}";
            SkipSpaces();
            if (Current == '+') _at++;
            if (Current is '=' or ':')
            {
                _at++;
                SkipBlank();
            }
            else if (Current != '{')
            {
                return false;
            }
            if (!Value(path, line, column, depth)) return false;
        }
    }

    private bool Value(string path, int line, int column, int depth)
    {
        if (Current == '{')
        {
            _entries.Add(new(path, "{", line, column));
            _at++;
            return Fields(path, depth + 1) && Take('}');
        }
        if (Current == '[')
        {
            _entries.Add(new(path, "[", line, column));
            return List();
        }
        _entries.Add(new(path, Scalar(), line, column));
        // `a = ${b} { … }` merges an object: its keys count too.
        return Current != '{' || (Take('{') && Fields(path, depth + 1) && Take('}'));
    }

    private bool List()
    {
        int open = 0;
        while (!AtEnd)
        {
            SkipBlank();
            if (Current == '"')
            {
                QuotedText();
                continue;
            }
            char next = Current;
            if (next == '\0') return false;
            _at++;
            if (next is '[' or '{') open++;
            if (next is ']' or '}' && --open == 0) return true;
        }
        return false;
    }

    private string Scalar()
    {
        var value = new StringBuilder();
        while (!AtEnd && Current is not ('\n' or ',' or '}' or '{') && !AtComment)
        {
            if (Current == '"')
            {
                value.Append(QuotedText());
            }
            else if (Current == '$' && _at + 1 < _text.Length && _text[_at + 1] == '{')
            {
                int end = _text.IndexOf('}', _at);
                if (end < 0) end = _text.Length - 1;
                value.Append(_text, _at, end + 1 - _at);
                _at = end + 1;
            }
            else
            {
                value.Append(Current);
                _at++;
            }
        }
        return value.ToString().Trim();
    }

    private bool Include(string prefix)
    {
        const string Word = "include";
        if (string.CompareOrdinal(_text, _at, Word, 0, Word.Length) != 0) return false;
        int end = _text.IndexOf('\n', _at);
        string rest = _text[(_at + Word.Length)..(end < 0 ? _text.Length : end)];
        // `include = 1` and `included { … }` are keys.
        int quote = rest.IndexOf('"');
        if (quote < 0 || rest[..quote].Trim() is not ("" or "file(" or "required(" or "required(file(")) return false;
        int close = rest.IndexOf('"', quote + 1);
        if (close < 0) return false;
        _includes.Add(new(rest[(quote + 1)..close], prefix, _line));
        _at = end < 0 ? _text.Length : end;
        return true;
    }

    private string? Key()
    {
        var key = new StringBuilder();
        while (!AtEnd && Current is not ('=' or ':' or '{' or '+' or '}' or '\n' or ',' or '[') && !AtComment)
        {
            if (Current == '"') key.Append(QuotedText());
            else key.Append(_text[_at++]);
        }
        string trimmed = key.ToString().Trim();
        return trimmed.Length > 0 ? trimmed : null;
    }

    private string QuotedText()
    {
        const string Triple = "\"\"\"";
        if (string.CompareOrdinal(_text, _at, Triple, 0, 3) == 0)
        {
            int start = _at + 3;
            int end = _text.IndexOf(Triple, start, StringComparison.Ordinal);
            if (end < 0) end = _text.Length;
            for (; _at < end; _at++) CountLine();
            _at = Math.Min(_text.Length, end + 3);
            return _text[start..end];
        }
        var value = new StringBuilder();
        for (_at++; !AtEnd && Current is not ('"' or '\n'); _at++)
        {
            if (Current == '\\' && _at + 1 < _text.Length) _at++;
            value.Append(Current);
        }
        Take('"');
        return value.ToString();
    }

    private bool AtComment =>
        Current == '#' || (Current == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/');

    private void SkipSpaces()
    {
        while (Current is ' ' or '\t' or '\r') _at++;
    }

    private void SkipBlank()
    {
        while (!AtEnd)
        {
            if (AtComment)
            {
                while (!AtEnd && Current != '\n') _at++;
            }
            else if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                CountLine();
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private void CountLine()
    {
        if (Current != '\n') return;
        _line++;
        _lineStart = _at + 1;
    }

    private bool Take(char expected)
    {
        if (Current != expected) return false;
        _at++;
        return true;
    }
}
