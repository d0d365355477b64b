using System.Text;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>
/// Turns tokens into statements. What it cannot read it reports and skips, up to the next statement, so that one
/// slip does not hide the next.
/// </summary>
internal sealed class Parser(
    IReadOnlyList<Token> tokens, IEnumerable<string> macroNames, List<Diagnostic> diagnostics)
{
    /// <summary>
    /// Signs and numbers in one operand. More is no person's work, and would nest deeper than a stack.
    /// </summary>
    private const int MostParts = 200;

    private readonly List<Statement> _statements = [];
    private int _at;
    private int _parts;

    public static List<Statement> Parse(
        IReadOnlyList<Token> tokens, IEnumerable<string> macroNames, List<Diagnostic> diagnostics)
    {
        var parser = new Parser(tokens, macroNames, diagnostics);
        while (parser.Current.Kind != TokenKind.End) parser.ParseStatement();
        return parser._statements;
    }

    private Token Current => tokens[_at];

    private bool AtOperand => Current.Kind == TokenKind.Text || Current.Is("$") || Current.Is("#") || Current.Is("@");

    private void Report(Span span, string message, string? hint = null,
        DiagnosticKind kind = DiagnosticKind.Syntax) => diagnostics.Add(Diagnostic.At(span, kind, message, hint));

    private void ParseStatement()
    {
        Token token = tokens[_at++];
        switch (token.Kind)
        {
            case TokenKind.Label:
                _statements.Add(new Statement.Label(token.Text, token.Span));
                break;
            case TokenKind.Directive when token.Text.Equals(".equ", StringComparison.OrdinalIgnoreCase):
                ParseConstant(token);
                break;
            case TokenKind.Directive:
                _statements.Add(new Statement.Directive(token.Text.ToLowerInvariant(), ParseArguments(), token.Span));
                break;
            case TokenKind.Word when InstructionSet.Find(token.Text) is { } row:
                _statements.Add(new Statement.Operation(row, ParseArguments(), token.Span));
                break;
            case TokenKind.Word:
                Report(token.Span, $"there is no instruction '{token.Text}'",
                    Spelling.DidYouMean(
                        diagnostics, token.Text, InstructionSet.Table.Select(row => row.Name).Concat(macroNames)),
                    DiagnosticKind.UnknownInstruction);
                ParseArguments();
                break;
            default:
                _at--;
                Report(token.Span, AtOperand
                    ? "an operand without an instruction before it"
                    : $"'{token.Text}' does not start a statement");
                _at++;
                SkipToStatement();
                break;
        }
    }

    private void SkipToStatement()
    {
        while (Current.Kind is TokenKind.Sign or TokenKind.Text
            || (Current.Kind == TokenKind.Word && FollowsPrefix)) _at++;
    }

    /// <summary>Whether a word belongs to the <c>$</c>, <c>#</c> or <c>@</c> right before it.</summary>
    private bool FollowsPrefix =>
        _at > 0 && tokens[_at - 1].Kind == TokenKind.Sign && Current.Touches(tokens[_at - 1]);

    private void ParseConstant(Token directive)
    {
        if (Current.Kind != TokenKind.Word || Expression.ParseNumber(Current.Text) is not null)
        {
            Report(directive.Span, ".equ needs a name and a value", "for example: .equ SIZE #100");
            ParseArguments();
            return;
        }
        Token name = tokens[_at++];
        IReadOnlyList<Argument> arguments = ParseArguments();
        bool good = arguments is [{ Written: Written.Number or Written.Address }];
        if (!good) Report(name.Span, $".equ {name.Text} needs one value", $"for example: .equ {name.Text} #100");
        _statements.Add(new Statement.Constant(name.Text, good ? arguments[0].Value : null, name.Span));
    }

    private List<Argument> ParseArguments()
    {
        List<Argument> arguments = [];
        while (AtOperand)
        {
            arguments.Add(ParseArgument());
            if (!Current.Is(",")) continue;
            _at++;
            if (!AtOperand) Report(tokens[_at - 1].Span, "an operand should follow the comma");
        }
        return arguments;
    }

    private Argument ParseArgument()
    {
        _parts = 0;
        Token first = tokens[_at++];
        if (first.Kind == TokenKind.Text)
            return new Argument(Written.Text, new Expression.Literal(first.Span, default), first.Text, first.Span);
        if (Current.Kind == TokenKind.End || !Current.Touches(first))
        {
            Report(first.Span, $"something should follow '{first.Text}' without a blank", first.Text switch
            {
                "$" => "a register: $0 to $31",
                "#" => "a number: #12",
                _ => "a label: @name",
            });
            if (Current.Kind == TokenKind.Word && Expression.ParseNumber(Current.Text) is not null) _at++;
            return Broken(first);
        }
        Expression? value = first.Text switch
        {
            "$" => ParseRegister(first),
            "@" => ParseAddress(first),
            _ => ParseTight(ParsePrimary(), first),
        };
        if (value is null)
        {
            SkipToStatement();
            return Broken(first);
        }
        Written written = first.Text switch
        {
            "$" => Written.Register,
            "@" => Written.Address,
            _ => Written.Number,
        };
        return new Argument(written, value, "", first.Span.To(tokens[_at - 1].Span));
    }

    private static Argument Broken(Token first) =>
        new(Written.Broken, new Expression.Literal(first.Span, default), "", first.Span);

    private Expression? ParseRegister(Token sign)
    {
        Token number = Current;
        if (number.Kind == TokenKind.Word && Expression.ParseNumber(number.Text) is { IsReal: false } value &&
            value.Whole is >= 0 and < InstructionSet.RegisterCount)
        {
            _at++;
            return new Expression.Literal(number.Span, value);
        }
        if (number.Kind is TokenKind.Word or TokenKind.Label) _at++;
        Report(sign.Span.To(number.Span), $"there is no register ${number.Text}",
            $"registers are $0 to ${InstructionSet.RegisterCount - 1}", DiagnosticKind.Operand);
        return new Expression.Literal(number.Span, default);
    }

    private Expression? ParseAddress(Token sign)
    {
        if (Current.Is("(")) return ParsePrimary();
        if (Current.Kind is not TokenKind.Word)
        {
            Report(sign.Span, "a label should follow '@'", "for example: @start");
            return null;
        }
        Token name = tokens[_at++];
        return ParseTight(new Expression.Label(sign.Span.To(name.Span), name.Text), sign);
    }

    /// <summary>
    /// Outside of parentheses, + and - belong to an operand only where they touch it: <c>@table+4</c>.
    /// </summary>
    private Expression? ParseTight(Expression? left, Token sign)
    {
        while (left is not null && (Current.Is("+") || Current.Is("-")) && Current.Touches(tokens[_at - 1]))
        {
            Token op = tokens[_at++];
            if (ParsePrimary() is not { } right) return null;
            left = new Expression.Binary(sign.Span.To(tokens[_at - 1].Span), op.Text, left, right);
        }
        return left;
    }

    private Expression? ParsePrimary()
    {
        Token token = Current;
        if (++_parts > MostParts)
        {
            if (_parts == MostParts + 1) Report(token.Span, $"this operand has more than {MostParts} parts");
            return null;
        }
        if (token.Kind != TokenKind.End) _at++;
        switch (token)
        {
            case { Kind: TokenKind.Word } when Expression.ParseNumber(token.Text) is { } number:
                return new Expression.Literal(token.Span, number);
            case { Kind: TokenKind.Word } when char.IsAsciiDigit(token.Text[0]):
                Report(token.Span, $"'{token.Text}' is not a number");
                return new Expression.Literal(token.Span, default);
            case { Kind: TokenKind.Word }:
                return new Expression.Name(token.Span, token.Text);
            case { Kind: TokenKind.Text }:
                return ParseCharacter(token);
            case { Kind: TokenKind.Sign, Text: "@" } when Current.Kind == TokenKind.Word:
                _at++;
                return new Expression.Label(token.Span.To(tokens[_at - 1].Span), tokens[_at - 1].Text);
            case { Kind: TokenKind.Sign, Text: "#" }:
                return ParsePrimary();
            case { Kind: TokenKind.Sign, Text: "-" or "+" or "~" }:
                return ParsePrimary() is { } inner
                    ? new Expression.Unary(token.Span.To(tokens[_at - 1].Span), token.Text, inner)
                    : null;
            case { Kind: TokenKind.Sign, Text: "(" }:
                Expression? whole = ParseLevel(0);
                if (whole is null) return null;
                if (Current.Is(")"))
                {
                    _at++;
                    return whole;
                }
                Report(token.Span, "this parenthesis is not closed");
                return null;
            default:
                if (token.Kind != TokenKind.End) _at--;
                Report(token.Span, "a number should stand here", "for example: #12, #0x1F, #'a', #(2*SIZE)");
                return null;
        }
    }

    private Expression.Literal ParseCharacter(Token token)
    {
        Rune[] runes = [.. token.Text.EnumerateRunes()];
        if (runes.Length != 1) Report(token.Span, "a number in quotes is one character", "for example: #'a'");
        return new Expression.Literal(token.Span, Value.Of(runes.Length > 0 ? runes[0].Value : 0L));
    }

    // Weakest first.
    private static readonly string[][] Levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private Expression? ParseLevel(int level)
    {
        if (level == Levels.Length) return ParsePrimary();
        Expression? left = ParseLevel(level + 1);
        while (left is not null && Current.Kind == TokenKind.Sign && Levels[level].Contains(Current.Text))
        {
            Token op = tokens[_at++];
            if (ParseLevel(level + 1) is not { } right) return null;
            left = new Expression.Binary(left.Span.To(right.Span), op.Text, left, right);
        }
        return left;
    }
}
