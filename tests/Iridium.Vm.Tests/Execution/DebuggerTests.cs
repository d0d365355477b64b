using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Tests.Programs;

namespace Iridium.Vm.Tests.Execution;

public sealed class DebuggerTests
{
    private const string Source =
        ".data\n.code\nload $0 #3\nagain: dec $0\ngt $0 $1\ndjmpe @again\ndiv $0 $1 $2\nhlt";
    private readonly AssemblyResult _assembled = Assembler.Assemble(Source, "demo.iasm");
    private readonly Machine _machine;
    private readonly Debugger _debugger = new(traceLength: 4);

    public DebuggerTests() => _machine = new Machine(Verifier.Verify(_assembled.Image!).Image!) { Id = Guid.Empty };

    private RunResult Run(long fuel = 1000) => _debugger.Run(_machine, fuel, []);

    [Fact]
    public void A_breakpoint_stops_before_its_instruction_each_time()
    {
        Assert.True(_debugger.AddBreakpoint(_machine, 76));
        Assert.Equal(new RunResult(Stop.Breakpoint, Fault.None, 0, 2), Run());
        Assert.Equal((76, 2), (_machine.ProgramCounter, _machine.Registers[0]));
        Assert.Equal(new RunResult(Stop.Breakpoint, Fault.None, 0, 3), Run());
        Assert.Equal(1, _machine.Registers[0]);
        Assert.True(_debugger.RemoveBreakpoint(76));
        Assert.Equal(Stop.Crashed, Run().Stop);
    }

    [Fact]
    public void A_breakpoint_must_be_an_instruction()
    {
        Assert.False(_debugger.AddBreakpoint(_machine, 70));
        Assert.False(_debugger.AddBreakpoint(_machine, 92));
        Assert.True(_debugger.AddBreakpoint(_machine, 88));
        Assert.False(_debugger.AddBreakpoint(_machine, 88));
    }

    [Fact]
    public void A_step_is_one_instruction()
    {
        _debugger.AddBreakpoint(_machine, 68);
        Assert.Equal(1, _debugger.Step(_machine, []).FuelUsed);
        Assert.Equal(72, _machine.ProgramCounter);
    }

    [Fact]
    public void Fuel_is_exact()
    {
        for (int step = 1; step <= 5; step++) Assert.Equal(1, Run(fuel: 1).FuelUsed);
        Assert.Equal(5, _machine.FuelUsed);
    }

    [Fact]
    public void The_trace_has_the_last_instructions_and_what_they_changed()
    {
        Run();
        Assert.Equal(
            """
                  72  dec $0                            $0=0
                  76  gt $0 $1                          flag clear
                  80  djmpe #72
                  84  div $0 $1 $2                      crashed with code 2: division by zero
            """.ReplaceLineEndings("\n"),
            string.Join('\n', _debugger.Trace.Select(entry => entry.ToText())));
    }

    [Fact]
    public void The_listing_shows_where_it_stands()
    {
        _debugger.AddBreakpoint(_machine, 80);
        Run();
        Assert.Equal(
            """
                   68  load $0 #3
            again:
                   72  dec $0
                   76  gt $0 $1
            =>*    80  djmpe #72
                   84  div $0 $1 $2
                   88  hlt

            """.ReplaceLineEndings("\n"), _debugger.Listing(_machine, _assembled.Symbols));
    }

    [Fact]
    public void A_crash_report_says_what_where_and_with_what()
    {
        Interpreter.Instance.Run(_machine, 1000, []);
        var started = new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
        VmEvent[] events = [VmEvent.Started(_machine, started),
            VmEvent.Ended(_machine, _machine.State, started.AddSeconds(1))];
        Assert.Equal(
            """
            The program crashed with code 2: division by zero
              at 84: div $0 $1 $2  (demo.iasm:7)
              after 11 instructions, equal flag clear, remainder 0, loop counter 0
              heap 64 bytes, stack 0 slots, frame at 0
              all registers are 0
              2026-11-21T04:00:00.000Z 00000000-0000-0000-0000-000000000000 Start
              2026-11-21T04:00:01.000Z 00000000-0000-0000-0000-000000000000 Crash { code: 2 }

            """.ReplaceLineEndings("\n"), CrashReport.Of(_machine, events, _assembled.Lines).ToText());
    }

    public static TheoryData<string> Names => [.. GoldenProgram.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Watched_or_not_a_program_does_the_same(string name)
    {
        GoldenProgram program = GoldenProgram.All.Single(candidate => candidate.Name == name);
        // What takes half a million instructions to overflow would take minutes with a trace.
        if (program.Limits == Limits.Default && name.StartsWith("fault/") && name.Contains("overflow")) return;
        var machine = new Machine(program.Assemble(), program.Limits);
        program.Judge(machine, GoldenProgram.Run(_debugger, machine, 7, program.Answers));
    }
}
