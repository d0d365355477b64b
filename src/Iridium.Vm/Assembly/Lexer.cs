using System.Globalization;
using System.Text;

namespace Iridium.Vm.Assembly;

/// <summary>Cuts a source into tokens. Blanks, line ends and comments only separate them.</summary>
internal sealed class Lexer(SourceFile file, List<Diagnostic> diagnostics)
{
    private readonly string _text = file.Text;
    private readonly List<Token> _tokens = [];
    private int _at;

    public static List<Token> Cut(SourceFile file, List<Diagnostic> diagnostics) =>
        new Lexer(file, diagnostics).Cut();

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private List<Token> Cut()
    {
        while (_at < _text.Length)
        {
            char c = Current;
            if (char.IsWhiteSpace(c) || c == '\uFEFF') _at++;
            else if (c == ';') SkipComment();
            else if (IsWordPart(c)) CutWord();
            else if (c == '.' && _at + 1 < _text.Length && IsWordPart(_text[_at + 1])) CutDirective();
            else if (c is '\'' or '"') CutText(c);
            else CutSign(c);
        }
        _tokens.Add(new Token(TokenKind.End, "", new Span(file, _text.Length, _text.Length)));
        return _tokens;
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Add(TokenKind kind, string text, int start) =>
        _tokens.Add(new(kind, text, new Span(file, start, _at)));

    private void Report(int start, string message, string? hint = null) =>
        diagnostics.Add(Diagnostic.At(new Span(file, start, _at), DiagnosticKind.Syntax, message, hint));

    private void SkipComment()
    {
        while (_at < _text.Length && Current != '\n') _at++;
    }

    private void CutWord()
    {
        int start = _at;
        bool number = char.IsAsciiDigit(Current);
        bool hexadecimal = number && Current == '0' && _at + 1 < _text.Length && _text[_at + 1] is 'x' or 'X';
        while (IsWordPart(Current)) _at++;
        if (number && !hexadecimal)
        {
            if (Current == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))
            {
                _at++;
                while (IsWordPart(Current)) _at++;
            }
            // The sign of an exponent: 1.5e-3. The word so far must be a number up to the e.
            bool exponent = _text[_at - 1] is 'e' or 'E' &&
                double.TryParse(_text.AsSpan(start, _at - 1 - start), NumberStyles.Float,
                    CultureInfo.InvariantCulture, out _);
            if (exponent && Current is '+' or '-' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))
            {
                _at++;
                while (IsWordPart(Current)) _at++;
            }
        }
        string word = _text[start.._at];
        if (Current != ':')
        {
            Add(TokenKind.Word, word, start);
            return;
        }
        Add(TokenKind.Label, word, start);
        _at++;
    }

    private void CutDirective()
    {
        int start = _at++;
        while (IsWordPart(Current)) _at++;
        Add(TokenKind.Directive, _text[start.._at], start);
    }

    private void CutText(char quote)
    {
        int start = _at++;
        var text = new StringBuilder();
        while (_at < _text.Length && Current != quote && Current != '\n')
        {
            if (Current == '\\') CutEscape(text);
            else text.Append(_text[_at++]);
        }
        if (Current == quote && _at < _text.Length) _at++;
        else Report(start, "this text does not end on its line", $"close it with {quote}");
        Add(TokenKind.Text, text.ToString(), start);
    }

    private void CutEscape(StringBuilder text)
    {
        int start = _at++;
        char c = Current;
        if (_at < _text.Length && c != '\n') _at++;
        switch (c)
        {
            case 'n': text.Append('\n'); return;
            case 'r': text.Append('\r'); return;
            case 't': text.Append('\t'); return;
            case '0': text.Append('\0'); return;
            case 'e': text.Append('\u001b'); return;
            case '\\' or '\'' or '"': text.Append(c); return;
            case 'x' when TryCutHexadecimal(2, out int code): text.Append((char)code); return;
            case 'u' when Current == '{':
                _at++;
                bool whole = TryCutHexadecimal(6, out int scalar) && Current == '}';
                if (whole) _at++;
                if (whole && Rune.TryCreate(scalar, out Rune rune))
                {
                    text.Append(rune.ToString());
                    return;
                }
                break;
        }
        Report(start, $"{_text[start.._at]} is no escape",
            @"there are \n \r \t \0 \e \\ \' \"" \x41 and \u{1F600}");
    }

    private bool TryCutHexadecimal(int digits, out int value)
    {
        value = 0;
        int start = _at;
        while (_at - start < digits && char.IsAsciiHexDigit(Current))
            value = value * 16 + Convert.ToInt32($"{_text[_at++]}", 16);
        return _at > start;
    }

    private void CutSign(char c)
    {
        int start = _at++;
        if (c is '<' or '>' && Current == c) _at++;
        string sign = _text[start.._at];
        if (sign is "$" or "#" or "@" or "," or "(" or ")" or "+" or "-" or "*" or "/" or "%" or "&" or "|" or "^" or
            "~"
            or "<<" or ">>") Add(TokenKind.Sign, sign, start);
        else Report(start, $"'{(char.IsControl(c) ? $"\\u{(int)c:x4}" : sign)}' means nothing here");
    }
}
