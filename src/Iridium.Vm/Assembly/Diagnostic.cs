using System.Text;

namespace Iridium.Vm.Assembly;

/// <summary>What can be wrong with a source.</summary>
public enum DiagnosticKind
{
    /// <summary>A character or word that no statement starts with, an unfinished text and the like.</summary>
    Syntax,

    /// <summary>A label, directive or instruction before the first section.</summary>
    NoSection,

    /// <summary>The source does not have both a <c>.data</c> and a <c>.code</c> section.</summary>
    MissingSection,

    /// <summary>An instruction in <c>.data</c>, or a constant in <c>.code</c>.</summary>
    WrongSection,

    /// <summary>A constant that no label names.</summary>
    ConstantWithoutLabel,

    /// <summary>A label or name declared before.</summary>
    SymbolAlreadyDeclared,

    /// <summary>A label at the end, before nothing.</summary>
    LabelBeforeNothing,

    UnknownDirective,
    UnknownInstruction,
    UnknownSymbol,

    /// <summary>Too few, too many, or of the wrong sort.</summary>
    Operand,

    /// <summary>A number that does not fit.</summary>
    Range,

    /// <summary>An instruction newer than the version that the source asks for.</summary>
    Version,

    /// <summary>A file to include that cannot be had, or that includes itself.</summary>
    Include,

    /// <summary>A macro that is not closed, calls itself, or gets the wrong arguments.</summary>
    Macro,

    /// <summary>The image is larger than the limit.</summary>
    TooLarge,
}

/// <summary>One error of a source, with everything a person needs to find and mend it.</summary>
/// <param name="Kind">What sort of error.</param>
/// <param name="File">The source's name.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Length">How many characters are marked, at least 1.</param>
/// <param name="LineText">The line itself.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would be right, if it can be guessed.</param>
public sealed record Diagnostic(
    DiagnosticKind Kind, string File, int Line, int Column, int Length, string LineText, string Message, string? Hint)
{
    /// <summary>
    /// <code>
    /// demo.iasm:3:8: error: there is no register $40
    ///   3 | add $1 $40 $2
    ///     |        ^^^ registers are $0 to $31
    /// </code>
    /// </summary>
    public string ToText()
    {
        string number = Line.ToString();
        var text = new StringBuilder();
        text.Append(File).Append(':').Append(Line).Append(':').Append(Column).Append(": error: ").AppendLine(Message);
        text.Append("  ").Append(number).Append(" | ").AppendLine(LineText);
        text.Append(' ', number.Length + 2).Append(" | ");
        // Tabs stay tabs, so that the caret stands below what it marks.
        for (int i = 0; i < Column - 1 && i < LineText.Length; i++) text.Append(LineText[i] == '\t' ? '\t' : ' ');
        text.Append('^', Math.Max(1, Math.Min(Length, LineText.Length - Column + 1)));
        if (Hint is not null) text.Append(' ').Append(Hint);
        return text.ToString().ReplaceLineEndings("\n");
    }

    public override string ToString() => ToText();

    internal static Diagnostic At(Span span, DiagnosticKind kind, string message, string? hint = null)
    {
        (int line, int column) = span.File.Locate(span.Start);
        return new(kind, span.File.Name, line, column, Math.Max(1, span.End - span.Start), span.File.Line(line),
            message,
            hint);
    }
}
