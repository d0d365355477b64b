using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>A source that another one includes.</summary>
/// <param name="Name">How errors name it.</param>
public sealed record IncludedSource(string Name, string Text);

/// <summary>
/// Finds the source that <c>.include 'path'</c> asks for; null if there is none. This room reads no files.
/// </summary>
public delegate IncludedSource? SourceResolver(string path, string includedBy);

/// <summary>What may differ from one assembly to the next.</summary>
public sealed record AssemblerOptions
{
    public static AssemblerOptions Default { get; } = new();

    /// <summary>Without one, <c>.include</c> is an error.</summary>
    public SourceResolver? Include { get; init; }

    public Limits Limits { get; init; } = Limits.Default;
}

/// <summary>
/// Turns assembly text into an image in two passes: the first gives every label a place, the second writes bytes. It
/// reports all errors it can find, and makes an image only when there are none.
/// </summary>
public static class Assembler
{
    public static AssemblyResult Assemble(string source, string fileName = "source", AssemblerOptions? options = null)
    {
        return Continue(source, fileName, options ?? AssemblerOptions.Default, new AssemblyStart()).Finish();
    }

    /// <summary>Assembles behind what is there already.</summary>
    internal static AssemblyRun Continue(string source, string fileName, AssemblerOptions options,
        AssemblyStart start)
    {
        var diagnostics = new List<Diagnostic>();
        var file = new SourceFile(fileName, source);
        var preprocessor = new Preprocessor(options.Include, diagnostics);
        List<Token> tokens = preprocessor.Expand(file);
        List<Statement> statements = Parser.Parse(tokens, preprocessor.MacroNames, diagnostics);
        return new AssemblyRun(statements, tokens[^1].Span, diagnostics, options, start);
    }
}
