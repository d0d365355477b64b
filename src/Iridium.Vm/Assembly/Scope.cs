namespace Iridium.Vm.Assembly;

/// <summary>
/// The names of an assembly. A label is a place from the moment it is declared, a constant an expression that is
/// worked out when asked for; code labels have an address only when the length of the data is known.
/// </summary>
internal sealed class Scope(List<Diagnostic> diagnostics)
{
    /// <summary>
    /// Constants that need constants, and the operators within: deep enough for people, not for a stack.
    /// </summary>
    private const int DeepestNesting = 1000;

    private readonly Dictionary<string, Definition> _definitions = [];
    private readonly List<string> _order = [];
    private int _depth;

    private sealed record Definition(SymbolKind Kind, int Place, Expression? Expression, bool Earlier)
    {
        public bool IsBeingEvaluated { get; set; }
    }

    /// <summary>Where code starts, once that is known.</summary>
    public int? CodeStart { get; set; }

    /// <summary>Takes over a symbol from before; this source may declare it anew.</summary>
    public void Inherit(Symbol symbol)
    {
        Expression? value = symbol.Kind != SymbolKind.Constant ? null : new Expression.Literal(default,
            symbol.Value == (long)symbol.Value ? Value.Of((long)symbol.Value) : Value.Of(symbol.Value));
        Set(symbol.Name, new Definition(symbol.Kind, (int)symbol.Value, value, Earlier: true));
    }

    public void DeclareLabel(string name, SymbolKind kind, int place, Span span) =>
        Declare(name, new Definition(kind, place, null, Earlier: false), span);

    public void DeclareConstant(string name, Expression value, Span span) =>
        Declare(name, new Definition(SymbolKind.Constant, 0, value, Earlier: false), span);

    public SymbolKind? KindOf(string name) => _definitions.GetValueOrDefault(name)?.Kind;

    public SymbolTable ToTable()
    {
        var symbols = new List<Symbol>();
        foreach (string name in _order)
        {
            Definition definition = _definitions[name];
            if (Look(definition, default, name, report: false) is { } value)
                symbols.Add(new Symbol(name, definition.Kind, value.Real));
        }
        return new SymbolTable([.. symbols]);
    }

    /// <summary>The value of an expression.</summary>
    /// <param name="expression">What to work out.</param>
    /// <param name="report">Whether to say why there is none: the first pass asks quietly.</param>
    public Value? Evaluate(Expression expression, bool report)
    {
        if (_depth == DeepestNesting)
        {
            if (report)
                diagnostics.Add(Diagnostic.At(expression.Span, DiagnosticKind.Syntax,
                    "constants are nested too deeply"));
            return null;
        }
        _depth++;
        Value? value = EvaluateInside(expression, report);
        _depth--;
        return value;
    }

    private Value? EvaluateInside(Expression expression, bool report)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                return literal.Value;
            case Expression.Name name:
                return LookUp(name.Text, name.Span, report, label: false);
            case Expression.Label label:
                return LookUp(label.Text, label.Span, report, label: true);
            case Expression.Unary unary:
                if (Evaluate(unary.Inner, report) is not { } inner) return null;
                return unary.Sign switch
                {
                    "-" when inner.IsReal => Value.Of(-inner.Real),
                    "-" => Value.Of(-inner.Whole),
                    "~" when !inner.IsReal => Value.Of(~inner.Whole),
                    "+" => inner,
                    _ => Senseless(unary.Span, report),
                };
            case Expression.Binary binary:
                Value? left = Evaluate(binary.Left, report);
                Value? right = Evaluate(binary.Right, report);
                if (left is null || right is null) return null;
                return Expression.Combine(binary.Sign, left.Value, right.Value) ?? Senseless(binary.Span, report);
            default:
                return null;
        }
    }

    private void Declare(string name, Definition definition, Span span)
    {
        if (_definitions.TryGetValue(name, out Definition? there) && !there.Earlier)
        {
            diagnostics.Add(Diagnostic.At(span, DiagnosticKind.SymbolAlreadyDeclared,
                $"symbol '{name}' is already declared", "give one of them another name"));
            return;
        }
        Set(name, definition);
    }

    private void Set(string name, Definition definition)
    {
        if (_definitions.ContainsKey(name)) _order.Remove(name);
        _order.Add(name);
        _definitions[name] = definition;
    }

    private Value? LookUp(string name, Span span, bool report, bool label)
    {
        if (_definitions.TryGetValue(name, out Definition? definition)) return Look(definition, span, name, report);
        if (report)
        {
            string prefix = label ? "@" : "#";
            diagnostics.Add(Diagnostic.At(span, DiagnosticKind.UnknownSymbol,
                label ? $"there is no label '{name}'" : $"there is no constant '{name}'",
                Spelling.DidYouMean(diagnostics, name, _order, prefix)));
        }
        return null;
    }

    private Value? Look(Definition definition, Span span, string name, bool report)
    {
        if (definition.Kind == SymbolKind.Code)
            return CodeStart is { } start ? Value.Of((long)start + definition.Place) : null;
        if (definition.Kind == SymbolKind.Data) return Value.Of((long)definition.Place);
        if (definition.IsBeingEvaluated)
        {
            if (report)
                diagnostics.Add(Diagnostic.At(span, DiagnosticKind.Syntax,
                    $"constant '{name}' is defined by itself"));
            return null;
        }
        definition.IsBeingEvaluated = true;
        Value? value = Evaluate(definition.Expression!, report);
        definition.IsBeingEvaluated = false;
        return value;
    }

    private Value? Senseless(Span span, bool report)
    {
        if (report)
            diagnostics.Add(Diagnostic.At(span, DiagnosticKind.Range, "this has no value",
                "division by zero, or bits of a number with a point"));
        return null;
    }
}
