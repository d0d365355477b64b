using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Interactive;

namespace Iridium.Vm.Tests.Execution;

/// <summary>The program behind a prompt.</summary>
public sealed class InteractiveProgramTests
{
    private readonly InteractiveProgram _program = new();
    private readonly List<VmEffect> _effects = [];

    private RunResult Type(string line)
    {
        AppendResult result = _program.Append(line);
        Assert.True(result.Succeeded, string.Concat(result.Diagnostics));
        return result.IsReady ? Interpreter.Instance.Run(_program.Machine, 100_000, _effects)
            : _program.Machine.State;
    }

    [Fact]
    public void Each_line_runs_at_once_and_the_machine_lives_on()
    {
        Assert.Equal(Stop.RanOff, Type("load $0 #20").Stop);
        Type("inc $0");
        Assert.Equal(21, _program.Machine.Registers[0]);
        Assert.Equal([0, 0, 0, 20, 18, 0, 0, 0], _program.Code.ToArray());
    }

    [Fact]
    public void Labels_are_known_in_later_lines()
    {
        Type("start: inc $0");
        Type("load $1 #3");
        Type("lt $0 $1");
        Type("djmpe @start");
        Assert.Equal(3, _program.Machine.Registers[0]);
        Assert.Equal(new Symbol("start", SymbolKind.Code, 0), Assert.Single(_program.Symbols.Symbols));
    }

    [Fact]
    public void A_label_alone_waits_for_the_next_line()
    {
        Type("there:");
        Type("inc $0");
        Assert.Equal(0, _program.Symbols.Find("there")!.Value);
    }

    [Fact]
    public void Texts_can_be_declared_and_printed()
    {
        Type("hello: .asciiz 'Hello'");
        Type("prts @hello");
        Assert.Equal(new VmEffect.Print("Hello"), Assert.Single(_effects));
    }

    [Fact]
    public void A_crash_does_not_end_the_session()
    {
        Assert.Equal(Fault.DivideByZero, Type("div $0 $1 $2").Fault);
        Assert.Equal(Stop.RanOff, Type("inc $5").Stop);
        Assert.Equal(1, _program.Machine.Registers[5]);
    }

    [Fact]
    public void A_line_with_errors_adds_nothing()
    {
        AppendResult result = _program.Append("inc $0 inc $77");
        Assert.False(result.IsReady);
        Assert.Equal(DiagnosticKind.Operand, Assert.Single(result.Diagnostics).Kind);
        Assert.Equal(0, _program.Code.Length);
    }

    [Fact]
    public void A_whole_source_may_be_loaded_and_loaded_again()
    {
        const string Source = ".data\nt: .asciiz 'x'\n.code\nf: prts @t\nhlt";
        Assert.Equal(Stop.Halted, Type(Source).Stop);
        Assert.Equal(Stop.Halted, Type(Source).Stop);
        Assert.Equal("xx", string.Concat(_effects.Cast<VmEffect.Print>().Select(print => print.Text)));
    }

    [Fact]
    public void Clearing_empties_the_program_and_keeps_the_registers()
    {
        Type("a: load $0 #7");
        Type("push $0");
        _program.Clear();
        Assert.Equal(0, _program.Code.Length);
        Assert.Empty(_program.Symbols.Symbols);
        Assert.Equal(0, _program.Machine.Stack.Length);
        Assert.Equal(7, _program.Machine.Registers[0]);
        _program.ClearRegisters();
        Assert.Equal(0, _program.Machine.Registers[0]);
        Type("inc $0");
        Assert.Equal(1, _program.Machine.Registers[0]);
    }

    [Fact]
    public void The_listing_shows_addresses_and_labels()
    {
        Type("a: load $0 #7");
        Type("inc $0");
        Assert.Equal("a:\n        0  load $0 #7\n        4  inc $0\n", _program.Listing());
    }

    [Fact]
    public void An_endless_line_can_be_left_for_the_next_one()
    {
        _program.Append("again: eq $0 $0 djmpe @again");
        Assert.Equal(Stop.OutOfFuel, Interpreter.Instance.Run(_program.Machine, 1000, _effects).Stop);
        Assert.Equal(Stop.RanOff, Type("inc $0").Stop);
    }
}
