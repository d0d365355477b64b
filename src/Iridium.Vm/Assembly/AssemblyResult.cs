using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Iridium.Vm.Assembly;

/// <summary>Which line an instruction came from.</summary>
public readonly record struct SourceLine(int Address, string File, int Line);

/// <summary>An image, or all the errors that there are.</summary>
/// <param name="Image">The bytes; null if there are errors.</param>
/// <param name="Symbols">All symbols that could be told.</param>
/// <param name="Diagnostics">The errors, in the order of the source.</param>
/// <param name="Lines">For each instruction, in the order of addresses, where it was written.</param>
public sealed record AssemblyResult(
    byte[]? Image, SymbolTable Symbols, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<SourceLine> Lines)
{
    [MemberNotNullWhen(true, nameof(Image))]
    public bool Succeeded => Image is not null;

    /// <summary>All errors as a person reads them, with an empty line between.</summary>
    public string ErrorText() => string.Join("\n\n", Diagnostics.Select(diagnostic => diagnostic.ToText()));
}
