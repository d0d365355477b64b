using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>
/// Puts included sources and macros in their places, before anything is parsed. A macro is a list of tokens:
/// <code>
/// .macro ADD_TO total number      ; its name and its parameters, on one line
///     add %total %number %total   ; %name stands for the operand given
/// .endmacro
///     add_to $1 $2
/// </code>
/// Labels that a macro declares are its own, new in each use.
/// </summary>
internal sealed class Preprocessor(SourceResolver? resolver, List<Diagnostic> diagnostics)
{
    /// <summary>Deeper than anything written by hand; includes and macros that call themselves end here.</summary>
    private const int DeepestNesting = 32;

    /// <summary>A million tokens are a quarter of a million instructions, far more than anyone writes.</summary>
    private const int MostTokens = 1 << 20;

    private readonly Dictionary<string, Macro> _macros = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Token> _output = [];
    private int _uses;
    private bool _saidTooMuch;

    private sealed record Macro(string Name, string[] Parameters, List<Token> Body, HashSet<string> Labels);

    public IEnumerable<string> MacroNames => _macros.Keys;

    public List<Token> Expand(SourceFile source)
    {
        List<Token> tokens = Lexer.Cut(source, diagnostics);
        Expand(tokens, 0);
        _output.Add(tokens[^1]);
        return _output;
    }

    private void Report(Span span, DiagnosticKind kind, string message, string? hint = null) =>
        diagnostics.Add(Diagnostic.At(span, kind, message, hint));

    private void Expand(List<Token> tokens, int depth)
    {
        for (int at = 0; at < tokens.Count && tokens[at].Kind != TokenKind.End;)
        {
            Token token = tokens[at];
            if (IsDirective(token, ".include")) at = Include(tokens, at, depth);
            else if (IsDirective(token, ".macro")) at = Define(tokens, at);
            else if (IsDirective(token, ".endmacro"))
            {
                Report(token.Span, DiagnosticKind.Macro, "no macro is open here");
                at++;
            }
            else if (token.Kind == TokenKind.Word && _macros.TryGetValue(token.Text, out Macro? macro)
                && !IsPartOfOperand(tokens, at))
                at = Use(macro, tokens, at, depth);
            else
            {
                Emit(token);
                at++;
            }
        }
    }

    private void Emit(Token token)
    {
        if (_output.Count < MostTokens)
        {
            _output.Add(token);
            return;
        }
        if (!_saidTooMuch) Report(token.Span, DiagnosticKind.TooLarge, "the macros make too much of this source");
        _saidTooMuch = true;
    }

    private static bool IsDirective(Token token, string name) =>
        token.Kind == TokenKind.Directive && token.Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsPartOfOperand(List<Token> tokens, int at) =>
        at > 0 && tokens[at - 1].Kind == TokenKind.Sign && !tokens[at - 1].Is(")") ||
        at > 0 && IsDirective(tokens[at - 1], ".equ");

    private int Include(List<Token> tokens, int at, int depth)
    {
        Token directive = tokens[at++];
        if (tokens[at].Kind != TokenKind.Text)
        {
            Report(directive.Span, DiagnosticKind.Include, ".include needs a path",
                "for example: .include 'text.iasm'");
            return at;
        }
        Token path = tokens[at++];
        IncludedSource? source = depth < DeepestNesting
            ? resolver?.Invoke(path.Text, directive.Span.File.Name)
            : null;
        if (depth >= DeepestNesting)
            Report(path.Span, DiagnosticKind.Include,
                $"'{path.Text}' is included too deeply; does it include itself?");
        else if (resolver is null)
            Report(path.Span, DiagnosticKind.Include, "no other source can be included here");
        else if (source is null)
            Report(path.Span, DiagnosticKind.Include, $"there is no source '{path.Text}'",
                "paths start at the folder of the file that includes");
        else Expand(Lexer.Cut(new SourceFile(source.Name, source.Text), diagnostics), depth + 1);
        return at;
    }

    private int Define(List<Token> tokens, int at)
    {
        Token directive = tokens[at++];
        var header = new List<Token>();
        while (tokens[at].Kind == TokenKind.Word && IsSameLine(directive, tokens[at])) header.Add(tokens[at++]);
        int start = at;
        while (tokens[at].Kind != TokenKind.End && !IsDirective(tokens[at], ".endmacro")) at++;
        List<Token> body = tokens[start..at];
        bool closed = tokens[at].Kind != TokenKind.End;
        if (closed) at++;
        if (header.Count == 0)
        {
            Report(directive.Span, DiagnosticKind.Macro, ".macro needs a name", "for example: .macro SWAP a b");
            return at;
        }
        if (!closed)
            Report(directive.Span, DiagnosticKind.Macro, "this macro is not closed", "end it with .endmacro");
        Token name = header[0];
        if (InstructionSet.Find(name.Text) is not null)
            Report(name.Span, DiagnosticKind.Macro, $"{name.Text} is an instruction", "give the macro another name");
        else if (_macros.ContainsKey(name.Text))
            Report(name.Span, DiagnosticKind.SymbolAlreadyDeclared, $"macro '{name.Text}' is already declared");
        HashSet<string> labels = [.. body.Where(token => token.Kind == TokenKind.Label).Select(token => token.Text)];
        _macros[name.Text] = new Macro(name.Text, [.. header.Skip(1).Select(token => token.Text)], body, labels);
        return at;
    }

    private static bool IsSameLine(Token first, Token second) =>
        first.Span.File == second.Span.File &&
        first.Span.File.Locate(first.Span.Start).Line == second.Span.File.Locate(second.Span.Start).Line;

    private int Use(Macro macro, List<Token> tokens, int at, int depth)
    {
        Token name = tokens[at++];
        var arguments = new List<List<Token>>();
        while (tokens[at].Kind == TokenKind.Text
            || (tokens[at].Kind == TokenKind.Sign && tokens[at].Text is "$" or "#" or "@"))
        {
            int end = OperandEnd(tokens, at);
            arguments.Add(tokens[at..end]);
            at = tokens[end].Is(",") ? end + 1 : end;
        }
        if (arguments.Count != macro.Parameters.Length)
        {
            string parameters = string.Join(' ', macro.Parameters.Prepend(macro.Name));
            Report(name.Span, DiagnosticKind.Macro,
                $"macro '{macro.Name}' takes {macro.Parameters.Length} operands, here are {arguments.Count}",
                $"write: {parameters}");
        }
        else if (depth >= DeepestNesting)
            Report(name.Span, DiagnosticKind.Macro, $"macro '{macro.Name}' is used too deeply; does it use itself?");
        else if (!_saidTooMuch) Expand([.. Substitute(macro, arguments, ++_uses), End(name)], depth + 1);
        return at;
    }

    private static Token End(Token after) => new(TokenKind.End, "", after.Span with { Start = after.Span.End });

    /// <summary>An operand is its sign and what touches it, blanks within parentheses included.</summary>
    private static int OperandEnd(List<Token> tokens, int at)
    {
        int open = 0;
        bool text = tokens[at].Kind == TokenKind.Text;
        int end = at + 1;
        while (!text && tokens[end].Kind is TokenKind.Word or TokenKind.Sign or TokenKind.Text &&
            (open > 0 || (tokens[end].Touches(tokens[end - 1]) && !tokens[end].Is(","))))
        {
            if (tokens[end].Is("(")) open++;
            if (tokens[end].Is(")")) open--;
            end++;
        }
        return end;
    }

    private static IEnumerable<Token> Substitute(Macro macro, List<List<Token>> arguments, int use)
    {
        for (int at = 0; at < macro.Body.Count; at++)
        {
            Token token = macro.Body[at];
            bool reference = token.Is("%") && at + 1 < macro.Body.Count && macro.Body[at + 1].Touches(token);
            int parameter = reference ? Array.IndexOf(macro.Parameters, macro.Body[at + 1].Text) : -1;
            if (parameter >= 0)
            {
                foreach (Token given in arguments[parameter]) yield return given;
                at++;
                continue;
            }
            bool own = macro.Labels.Contains(token.Text) && (token.Kind == TokenKind.Label ||
                (token.Kind == TokenKind.Word && at > 0 && macro.Body[at - 1].Is("@")));
            yield return own ? token with { Text = $"{token.Text}.{use}" } : token;
        }
    }
}
