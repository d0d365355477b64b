using System.Globalization;

namespace Iridium.Vm.Assembly;

/// <summary>
/// The value of an expression: a whole number, or a real one where a point or an exponent was written.
/// </summary>
internal readonly record struct Value(long Whole, double Real, bool IsReal)
{
    public static Value Of(long whole) => new(whole, whole, false);

    public static Value Of(double real) => new(0, real, true);
}

/// <summary>What an operand says, before names have values.</summary>
internal abstract record Expression(Span Span)
{
    public sealed record Literal(Span Span, Value Value) : Expression(Span);

    /// <summary>A constant of <c>.equ</c>.</summary>
    public sealed record Name(Span Span, string Text) : Expression(Span);

    /// <summary>The value of a label.</summary>
    public sealed record Label(Span Span, string Text) : Expression(Span);

    public sealed record Unary(Span Span, string Sign, Expression Inner) : Expression(Span);

    public sealed record Binary(Span Span, string Sign, Expression Left, Expression Right) : Expression(Span);

    /// <summary>The labels within.</summary>
    public IEnumerable<Label> Labels() => this switch
    {
        Label label => [label],
        Unary unary => unary.Inner.Labels(),
        Binary binary => binary.Left.Labels().Concat(binary.Right.Labels()),
        _ => [],
    };

    /// <summary>The number that a word is, or null: 12, 0x1F, 0b101, 1_000, 2.5, 1e-3.</summary>
    public static Value? ParseNumber(string word)
    {
        if (!char.IsAsciiDigit(word[0])) return null;
        string digits = word.Replace("_", "");
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out ulong h)
                ? Value.Of((long)h)
                : null;
        if (digits.StartsWith("0b", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture,
                out ulong b)
                ? Value.Of((long)b)
                : null;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
            return Value.Of(whole);
        const NumberStyles Real = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits, Real, CultureInfo.InvariantCulture, out double real) ? Value.Of(real) : null;
    }

    /// <summary>What an operator does to two values.</summary>
    /// <returns>Null if it does nothing sensible: division by zero, or bits of a real number.</returns>
    public static Value? Combine(string sign, Value left, Value right)
    {
        if (left.IsReal || right.IsReal)
        {
            (double x, double y) = (left.Real, right.Real);
            return sign switch
            {
                "+" => Value.Of(x + y),
                "-" => Value.Of(x - y),
                "*" => Value.Of(x * y),
                "/" => Value.Of(x / y),
                _ => null,
            };
        }
        (long a, long b) = (left.Whole, right.Whole);
        return sign switch
        {
            "+" => Value.Of(a + b),
            "-" => Value.Of(a - b),
            "*" => Value.Of(a * b),
            "/" when b is not 0 and not -1 => Value.Of(a / b),
            "/" when b == -1 => Value.Of(-a),
            "%" when b is not 0 and not -1 => Value.Of(a % b),
            "%" when b == -1 => Value.Of(0L),
            "&" => Value.Of(a & b),
            "|" => Value.Of(a | b),
            "^" => Value.Of(a ^ b),
            "<<" => Value.Of(a << (int)b),
            ">>" => Value.Of(a >> (int)b),
            _ => null,
        };
    }
}
