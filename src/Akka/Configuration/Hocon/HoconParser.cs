using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON by recursive descent, in one pass over the characters, straight into the tree that later lookups walk.
/// What it cannot decide yet (substitutions) it leaves as open values; <see cref="HoconResolver"/> closes those that
/// this text can answer. Errors name line and column.
/// </summary>
/// <remarks>
/// The grammar is HOCON as Akka.NET accepts it: JSON, plus comments (<c>#</c>, <c>//</c>), the outermost braces left
/// out,
/// <c>=</c> or <c>{</c> for <c>:</c>, newlines for commas, dotted keys, unquoted and triple-quoted texts, <c>+=</c>,
/// concatenation, substitutions and includes. Unquoted texts may hold more characters than HOCON's specification
/// grants (<c>/user/*</c>), because deployment paths are written that way.
/// </remarks>
internal sealed partial class HoconParser
{
    private const char End = '\uffff';

    [ThreadStatic]
    private static int t_includeDepth;

    private readonly HoconSource _source;
    private readonly string _text;
    private readonly Func<string, HoconRoot?>? _include;
    private int _at;
    private int _depth;
    private bool _hasReferences;

    private HoconParser(HoconSource source, Func<string, HoconRoot?>? include)
    {
        _source = source;
        _text = source.Text;
        _include = include;
    }

    /// <param name="text">HOCON; the empty text is the empty object.</param>
    /// <param name="name">What errors call the text, a file name for instance.</param>
    /// <param name="include">Answers the name in an include; null means there is no such text.</param>
    /// <exception cref="HoconParserException">The text is not HOCON.</exception>
    public static HoconRoot Parse(string text, string? name, Func<string, HoconRoot?>? include)
    {
        var parser = new HoconParser(new HoconSource(text, name), include);
        var root = new HoconValue(parser.Document(), parser.Here());
        return parser._hasReferences ? HoconResolver.ResolveDocument(root) : new HoconRoot(root, isOpen: false);
    }

    private HoconObject Document()
    {
        var root = new HoconObject();
        if (_text.StartsWith('\uFEFF')) _at++;
        SkipBlank();
        if (Peek() == '[') throw Error("a configuration is an object; this text is a list");
        if (Peek() == '{')
        {
            _at++;
            Fields(root, '}');
            SkipBlank();
            if (!AtEnd) throw Error($"nothing may follow the closing brace, but here is {Show()}");
        }
        else
        {
            Fields(root, End);
        }

        return root;
    }

    /// <summary>Fields up to the closing character, which is consumed.</summary>
    private void Fields(HoconObject target, char closing)
    {
        int opened = _at - 1;
        Enter();
        for (; ; )
        {
            SkipBlank();
            if (AtEnd)
            {
                if (closing != End) throw Error("this { is never closed", opened);
                break;
            }

            if (Peek() == closing)
            {
                _at++;
                break;
            }

            if (!TryInclude(target)) Field(target);
            Separator(closing, "a field");
        }

        _depth--;
    }

    /// <summary>Between two fields or elements: a newline, a comma, or both.</summary>
    private void Separator(char closing, string what)
    {
        bool newline = SkipBlank();
        char next = Peek();
        if (next == ',' && !AtEnd)
        {
            _at++;
            SkipBlank();
            if (Peek() == ',') throw Error($"{what} is missing between two commas");
            return;
        }

        if (newline || AtEnd || next == closing) return;
        string whole = closing == ']' ? "list" : "object";
        throw Error($"a comma, a newline or the end of this {whole} is needed before {Show()}");
    }

    private void Field(HoconObject target)
    {
        int start = _at;
        List<string> path = Key();
        HoconObject owner = target;
        for (int i = 0; i < path.Count - 1; i++) owner = Descend(owner, path[i], start);
        string key = path[^1];
        _depth += path.Count - 1;
        bool newline = SkipBlank();
        char next = Peek();
        if (next == '{')
        {
            owner.Put(key, Value(start));
        }
        else if (newline)
        {
            throw Error($"the key '{HoconPath.Join(path)}' is followed by neither '=', ':' nor '{{'", start);
        }
        else if (next is '=' or ':')
        {
            _at++;
            owner.Put(key, Value(start));
        }
        else if (next == '+' && Peek(1) == '=')
        {
            _at += 2;
            Append(owner, key, path, start);
        }
        else
        {
            throw Error($"after the key '{HoconPath.Join(path)}' comes '=', ':', '+=' or '{{', not {Show()}");
        }

        _depth -= path.Count - 1;
    }

    /// <summary><c>a += b</c> is <c>a = ${?a} [b]</c>, decided at once where the list is known.</summary>
    private void Append(HoconObject owner, string key, List<string> path, int start)
    {
        HoconValue added = new(new[] { Value(start) }, At(start));
        if (owner.GetKey(key) is { Content: HoconValue[] known })
        {
            HoconValue item = ((HoconValue[])added.Content!)[0];
            owner.Fields[key] = new HoconValue((HoconValue[])[.. known, item], At(start));
            return;
        }

        _hasReferences = true;
        HoconValue earlier = new(HoconReference.Earlier, At(start));
        owner.Put(key, new HoconValue(new HoconSum([earlier, added]), At(start)));
    }

    private HoconObject Descend(HoconObject owner, string key, int start)
    {
        if (owner.GetKey(key) is { } value && HoconObject.ObjectOnTop(value) is { } known) return known;
        var inner = new HoconObject();
        owner.Put(key, new HoconValue(inner, At(start)));
        return inner;
    }

    private bool TryInclude(HoconObject target)
    {
        const string Word = "include";
        if (!_text.AsSpan(_at).StartsWith(Word)) return false;
        int start = _at;
        _at += Word.Length;
        SkipSpaces();
        bool required = TakeWord("required");
        string? form = TakeWord("file") ? "file" : TakeWord("url") ? "url" : TakeWord("classpath") ? "classpath" : null;
        if (Peek() != '"')
        {
            // A field that happens to begin with these letters.
            _at = start;
            return false;
        }

        string name = Quoted();
        for (int closing = (required ? 1 : 0) + (form is null ? 0 : 1); closing > 0; closing--)
        {
            SkipSpaces();
            if (Peek() != ')') throw Error($"this include needs a ')' before {Show()}");
            _at++;
        }

        Include(target, name, required, start);
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!_text.AsSpan(_at).StartsWith(word) || _at + word.Length >= _text.Length) return false;
        if (_text[_at + word.Length] != '(') return false;
        _at += word.Length + 1;
        SkipSpaces();
        return true;
    }

    private void Include(HoconObject target, string name, bool required, int start)
    {
        if (_include is null)
        {
            throw Error($"include \"{name}\" cannot be answered: this text was parsed without an include callback",
                start);
        }

        if (t_includeDepth >= HoconLimits.Includes)
        {
            throw Error(
                $"include \"{name}\" is the {HoconLimits.Includes}th inside one another; does a text include itself?",
                start);
        }

        HoconRoot? root;
        t_includeDepth++;
        try
        {
            root = _include(name);
        }
        finally
        {
            t_includeDepth--;
        }

        if (root is null && required) throw Error($"include \"{name}\" is required, and there is no such text", start);
        if (root?.Value.GetObject() is not { } included) return;
        _hasReferences |= root.IsOpen;
        foreach ((string key, HoconValue value) in included.Copy().Fields) target.Put(key, value);
    }

    /// <summary>One value: pieces on one line, put together.</summary>
    private HoconValue Value(int keyStart)
    {
        SkipToValue(keyStart);
        int start = _at;
        HoconValue first = Piece();
        int end = _at;
        SkipSpaces();
        if (AtPieceEnd()) return first;
        var pieces = new List<HoconValue> { first };
        while (!AtPieceEnd())
        {
            // Space between two pieces is text if it turns out to stand between texts.
            if (_at > end) pieces.Add(new HoconValue(_text[end.._at], At(end)));
            pieces.Add(Piece());
            end = _at;
            SkipSpaces();
        }

        return HoconSums.Join(new HoconValue(new HoconSum([.. pieces]), At(start)));
    }

    private void SkipToValue(int keyStart)
    {
        SkipSpaces();
        if (!AtPieceEnd()) return;
        int before = _at;
        bool newline = SkipBlank();
        if (newline && Peek() is '{' or '[') return;
        throw Error("a value is missing here; \"\" is the empty text", before > keyStart ? before : keyStart);
    }

    private bool AtPieceEnd() => AtEnd || Peek() is '\n' or '\r' or ',' or '}' or ']' or '#' ||
        (Peek() == '/' && Peek(1) == '/');

    private HoconValue Piece()
    {
        int start = _at;
        switch (Peek())
        {
            case '{':
                _at++;
                var inner = new HoconObject();
                Fields(inner, '}');
                return new HoconValue(inner, At(start));
            case '[':
                _at++;
                return new HoconValue(Elements(), At(start));
            case '"':
                return new HoconValue(Quoted(), At(start));
            case '$' when Peek(1) == '{':
                return new HoconValue(Reference(), At(start));
            default:
                string text = Unquoted();
                return new HoconValue(text == "null" ? null : text, At(start));
        }
    }

    private HoconValue[] Elements()
    {
        int opened = _at - 1;
        Enter();
        var items = new List<HoconValue>();
        for (; ; )
        {
            SkipBlank();
            if (AtEnd) throw Error("this [ is never closed", opened);
            if (Peek() == ']') break;
            items.Add(Value(_at));
            Separator(']', "an element");
        }

        _at++;
        _depth--;
        return [.. items];
    }

    private HoconReference Reference()
    {
        int start = _at;
        _at += 2;
        bool optional = Peek() == '?';
        if (optional) _at++;
        SkipSpaces();
        List<string> path = Key();
        SkipSpaces();
        if (Peek() != '}') throw Error($"a substitution ends with '}}', not with {Show()}", start);
        _at++;
        _hasReferences = true;
        return new HoconReference([.. path], optional);
    }
}
