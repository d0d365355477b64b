using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>How an operand was written: with <c>$</c>, <c>#</c>, <c>@</c> or in quotes.</summary>
internal enum Written
{
    Register,
    Number,
    Address,
    Text,

    /// <summary>Could not be read, which was reported: anything goes here.</summary>
    Broken,
}

/// <summary>An operand as it stands in the source.</summary>
internal sealed record Argument(Written Written, Expression Value, string Text, Span Span);

/// <summary>A statement as it stands in the source.</summary>
internal abstract record Statement(Span Span)
{
    public sealed record Label(string Name, Span Span) : Statement(Span);

    public sealed record Directive(string Name, IReadOnlyList<Argument> Arguments, Span Span) : Statement(Span);

    /// <summary><c>.equ NAME #value</c></summary>
    public sealed record Constant(string Name, Expression? Value, Span Span) : Statement(Span);

    public sealed record Operation(Instruction Row, IReadOnlyList<Argument> Arguments, Span Span) : Statement(Span);
}
