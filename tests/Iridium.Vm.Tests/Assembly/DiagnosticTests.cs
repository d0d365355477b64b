using Iridium.Vm.Assembly;

namespace Iridium.Vm.Tests.Assembly;

/// <summary>What people read when their source is wrong.</summary>
public sealed class DiagnosticTests
{
    private static Diagnostic Single(string source) =>
        Assert.Single(Assembler.Assemble(source, "demo.iasm").Diagnostics);

    private static Diagnostic InCode(string code) => Single(".data\n.code\n" + code);

    [Fact]
    public void An_error_shows_its_line_and_a_caret() => Assert.Equal(
        """
        demo.iasm:3:8: error: there is no register $40
          3 | add $1 $40 $2
            |        ^^^ registers are $0 to $31
        """.ReplaceLineEndings("\n"), InCode("add $1 $40 $2").ToText());

    [Fact]
    public void Tabs_keep_the_caret_in_place() => Assert.Equal(
        "demo.iasm:3:7: error: there is no register $99\n  3 | \tinc\t\t$99\n    | \t   \t\t^^^ registers are $0 to $31",
        InCode("\tinc\t\t$99").ToText());

    [Theory]
    [InlineData("lod $0 #1", DiagnosticKind.UnknownInstruction, 1, "did you mean LOAD?")]
    [InlineData("start: djmpe @strat\nhlt", DiagnosticKind.UnknownSymbol, 14, "did you mean @start?")]
    [InlineData(".asciz 'x'", DiagnosticKind.UnknownDirective, 1, "did you mean .asciiz?")]
    [InlineData("ad $1 $1 $1", DiagnosticKind.UnknownInstruction, 1, "did you mean ADD?")]
    [InlineData("a: nop\na: hlt", DiagnosticKind.SymbolAlreadyDeclared, 1, "give one of them another name")]
    [InlineData("add $1 $2", DiagnosticKind.Operand, 1, "write: ADD $r1 $r2 $r3")]
    [InlineData("inc $1 $2", DiagnosticKind.Operand, 8, "write: INC $r")]
    [InlineData("load #1 #2", DiagnosticKind.Operand, 6, "write: LOAD $r #imm16")]
    [InlineData("load $1 #4294967296", DiagnosticKind.Range, 9, null)]
    [InlineData("cloop #65536", DiagnosticKind.Range, 7, null)]
    [InlineData("cloop #-1", DiagnosticKind.Range, 7, null)]
    [InlineData("djmpe #70000", DiagnosticKind.Range, 7, "GOTOE reaches further")]
    [InlineData("prts 'text'", DiagnosticKind.Operand, 6, "write: PRTS @text")]
    [InlineData("x: .asciiz 'text'", DiagnosticKind.WrongSection, 4, null)]
    [InlineData("hlt\nend:", DiagnosticKind.LabelBeforeNothing, 1, null)]
    [InlineData("hlt !", DiagnosticKind.Syntax, 5, null)]
    [InlineData("load $1 # 5", DiagnosticKind.Syntax, 9, "a number: #12")]
    [InlineData("load $1 #12ab", DiagnosticKind.Syntax, 10, null)]
    [InlineData(".byte #1", DiagnosticKind.Operand, 1, null)]
    public void Each_error_has_its_place_and_its_hint(string code, DiagnosticKind kind, int column, string? hint)
    {
        Diagnostic diagnostic = InCode(code);
        Assert.Equal((kind, column, hint), (diagnostic.Kind, diagnostic.Column, diagnostic.Hint));
        Assert.Equal("demo.iasm", diagnostic.File);
    }

    [Theory]
    [InlineData(".data\n.integer #1\n.code", DiagnosticKind.ConstantWithoutLabel, 2)]
    [InlineData(".data\n.asciiz 'x'\n.code", DiagnosticKind.ConstantWithoutLabel, 2)]
    [InlineData("x: nop\n.data\n.code", DiagnosticKind.NoSection, 1)]
    [InlineData("nop\n.data\n.code", DiagnosticKind.NoSection, 1)]
    [InlineData(".data\nnop\n.code", DiagnosticKind.WrongSection, 2)]
    [InlineData(".code\nnop", DiagnosticKind.MissingSection, 2)]
    [InlineData("$1 .data .code", DiagnosticKind.Syntax, 1)]
    [InlineData(".data", DiagnosticKind.MissingSection, 1)]
    [InlineData("", DiagnosticKind.MissingSection, 1)]
    [InlineData(".data\nx: .asciiz 'abc\n.code", DiagnosticKind.Syntax, 2)]
    [InlineData(".data\nx: .asciiz 'a\\qc'\n.code", DiagnosticKind.Syntax, 2)]
    [InlineData(".data\nx: .asciiz #1\n.code", DiagnosticKind.Operand, 2)]
    [InlineData(".data\nx: .integer 'a'\n.code", DiagnosticKind.Operand, 2)]
    [InlineData(".data\nx: .byte #256\n.code", DiagnosticKind.Range, 2)]
    [InlineData(".data\n.code\nprts @a\na: hlt", DiagnosticKind.Operand, 3)]
    [InlineData(".data\na: .integer #1\n.code\ndjmpe @a", DiagnosticKind.Operand, 4)]
    [InlineData(".version #0\n.data\n.code\nrem $0", DiagnosticKind.Version, 4)]
    [InlineData(".version #9\n.data\n.code", DiagnosticKind.Version, 1)]
    public void Sections_and_constants_have_their_rules(string source, DiagnosticKind kind, int line)
    {
        Diagnostic diagnostic = Single(source);
        Assert.Equal((kind, line), (diagnostic.Kind, diagnostic.Line));
    }

    [Fact]
    public void All_errors_of_a_source_come_in_one_run_in_order()
    {
        AssemblyResult result = Assembler.Assemble(
            """
            .data
            x: .asciz 'one'
            .code
            lood $1 #1
            inc $32
            add $1 $2
            djmpe @nowhere
            cloop #99999
            hlt
            """);
        Assert.Null(result.Image);
        Assert.Equal([2, 4, 5, 6, 7, 8], result.Diagnostics.Select(diagnostic => diagnostic.Line).Distinct());
    }

    [Fact]
    public void A_source_that_is_no_text_gives_errors_and_nothing_worse()
    {
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            char[] noise = [.. Enumerable.Range(0, 60).Select(_ => (char)random.Next(round % 2 == 0 ? 128 : 65536))];
            AssemblyResult result = Assembler.Assemble(".data .code " + new string(noise));
            Assert.True(result.Succeeded || result.ErrorText().Length > 0);
        }
    }
}
