using Iridium.Vm.Assembly;

namespace Iridium.Vm.Tests.Assembly;

public sealed class PreprocessorTests
{
    private static readonly Dictionary<string, string> Sources = new()
    {
        ["lib/print.iasm"] = ".macro SAY text\nprts %text\n.endmacro\n",
        ["self.iasm"] = ".include 'self.iasm'",
        ["wrong.iasm"] = "hlt\ninc $99\n",
    };

    private static IncludedSource? Resolve(string path, string includedBy) =>
        Sources.TryGetValue(path, out string? text) ? new IncludedSource(path, text) : null;

    private static AssemblyResult Assemble(string source) =>
        Assembler.Assemble(source, "main.iasm", new AssemblerOptions { Include = Resolve });

    private static Diagnostic Single(string source) => Assert.Single(Assemble(source).Diagnostics);

    [Fact]
    public void An_included_source_stands_where_its_directive_stood()
    {
        AssemblyResult included = Assemble(".include 'lib/print.iasm' .data t: .asciiz 'x' .code say @t hlt");
        AssemblyResult written = Assemble(".data t: .asciiz 'x' .code prts @t hlt");
        Assert.Equal(written.Image, included.Image);
    }

    [Fact]
    public void An_error_in_an_included_source_names_that_source()
    {
        Diagnostic diagnostic = Single(".data .code .include 'wrong.iasm'");
        Assert.Equal(("wrong.iasm", 2, "inc $99"), (diagnostic.File, diagnostic.Line, diagnostic.LineText));
    }

    [Theory]
    [InlineData(".data .code .include 'nowhere.iasm'", DiagnosticKind.Include)]
    [InlineData(".data .code .include 'self.iasm'", DiagnosticKind.Include)]
    [InlineData(".data .code .include", DiagnosticKind.Include)]
    [InlineData(".data .code .macro", DiagnosticKind.Macro)]
    [InlineData(".data .code .macro a\n nop", DiagnosticKind.Macro)]
    [InlineData(".data .code .endmacro", DiagnosticKind.Macro)]
    [InlineData(".data .code .macro inc r\n.endmacro", DiagnosticKind.Macro)]
    [InlineData(".data .code .macro a r\n inc %r\n.endmacro a", DiagnosticKind.Macro)]
    [InlineData(".data .code .macro a\n a\n.endmacro a", DiagnosticKind.Macro)]
    [InlineData(".data .code .macro a\n.endmacro .macro a\n.endmacro", DiagnosticKind.SymbolAlreadyDeclared)]
    [InlineData(".data .code .macro count\n.endmacro\ncoutn", DiagnosticKind.UnknownInstruction)]
    public void What_goes_wrong_has_a_name(string source, DiagnosticKind kind) =>
        Assert.Equal(kind, Single(source).Kind);

    [Fact]
    public void Macros_that_multiply_are_stopped()
    {
        string doubling = string.Concat(Enumerable.Range(1, 28)
            .Select(level => $".macro m{level}x\n m{level - 1}x m{level - 1}x\n.endmacro\n"));
        Diagnostic diagnostic = Single($".data .code .macro m0x\n nop\n.endmacro\n{doubling} m28x");
        Assert.Equal(DiagnosticKind.TooLarge, diagnostic.Kind);
    }

    [Fact]
    public void Without_a_resolver_nothing_is_included() => Assert.Equal(DiagnosticKind.Include,
        Assert.Single(Assembler.Assemble(".data .code .include 'x'").Diagnostics).Kind);

    [Fact]
    public void A_constant_that_needs_itself_is_an_error() => Assert.Equal(DiagnosticKind.Syntax,
        Single(".data .code .equ A #B\n.equ B #A\ncloop #A").Kind);

    [Theory]
    [InlineData("cloop #(1/0)", DiagnosticKind.Range)]
    [InlineData("cloop #(1.5 & 1)", DiagnosticKind.Range)]
    [InlineData("cloop #1.5", DiagnosticKind.Range)]
    [InlineData("cloop #(1", DiagnosticKind.Syntax)]
    [InlineData("cloop #SIZE .equ SIZ #1", DiagnosticKind.UnknownSymbol)]
    [InlineData("cloop #'ab'", DiagnosticKind.Syntax)]
    [InlineData(".equ #1", DiagnosticKind.Syntax)]
    [InlineData(".equ A", DiagnosticKind.Syntax)]
    public void Expressions_have_their_errors(string code, DiagnosticKind kind) =>
        Assert.Equal(kind, Single(".data .code " + code).Kind);

    public static TheoryData<string> Deep =>
    [
        "cloop #" + new string('(', 100_000),
        "cloop #" + new string('-', 100_000) + "1",
        "cloop #(1" + string.Concat(Enumerable.Repeat("+1", 100_000)) + ")",
        "cloop #A0" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $" .equ A{n} #A{n + 1}")) +
            " .equ A20000 #1",
    ];

    /// <summary>What nests too deeply must end as an error, not as the end of the process.</summary>
    [Theory]
    [MemberData(nameof(Deep))]
    public void Depth_is_an_error(string code)
    {
        AssemblyResult result = Assemble(".data .code " + code);
        Assert.False(result.Succeeded);
        Assert.All(result.Diagnostics, diagnostic => Assert.Equal(DiagnosticKind.Syntax, diagnostic.Kind));
    }
}
