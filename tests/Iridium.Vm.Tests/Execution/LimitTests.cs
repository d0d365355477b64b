using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Interactive;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;

namespace Iridium.Vm.Tests.Execution;

/// <summary>
/// At each limit, and one past it. Heap, stack and output have golden programs in tests/Programs/limit and fault.
/// </summary>
public sealed class LimitTests
{
    private static VerifiedImage Image(string code) =>
        Verifier.Verify(Assembler.Assemble(".data\nt: .asciiz '0123456789'\n.code\n" + code).Image!).Image!;

    public static TheoryData<IEngine> Engines => [Interpreter.Instance, new JitEngine(hotFuel: 1), new Debugger()];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_slice_ends_within_its_fuel_and_one_pass_over_the_body(IEngine engine)
    {
        VerifiedImage image = Image("again: inc $0\ninc $1\ninc $2\neq $3 $3\ndjmpe @again");
        var machine = new Machine(image);
        for (long fuel = 1; fuel < 200; fuel++)
            Assert.InRange(engine.Run(machine, fuel, []).FuelUsed, fuel, fuel + 5);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_loop_of_pushes_and_returns_does_not_escape(IEngine engine)
    {
        VerifiedImage image = Image("again: load $0 @again\npush $0\npush $1\ncall @next\n" +
            "next: pop $5\npop $5\nenter #0\nload $6 @again\njmp $6");
        var machine = new Machine(image);
        for (int slice = 0; slice < 50; slice++)
        {
            RunResult result = engine.Run(machine, 100, []);
            if (result.Ended) return;
            Assert.InRange(result.FuelUsed, 100, 120);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_slice_ends_when_it_has_printed_enough(IEngine engine)
    {
        var machine = new Machine(
            Image("again: prts @t\neq $0 $0\ndjmpe @again"), Limits.Default with { SliceOutputBytes = 25 });
        var effects = new List<VmEffect>();
        RunResult result = engine.Run(machine, 1_000_000, effects);
        Assert.Equal((Stop.OutOfFuel, 3, 30L), (result.Stop, effects.Count, machine.OutputBytes));
        engine.Run(machine, 1_000_000, effects);
        Assert.Equal(60, machine.OutputBytes);
    }

    [Fact]
    public void A_source_may_fill_the_image_and_not_more()
    {
        var options = new AssemblerOptions { Limits = Limits.Default with { ImageBytes = 76 } };
        Assert.True(Assembler.Assemble(".data .code nop hlt", "fits", options).Succeeded);
        Diagnostic diagnostic =
            Assert.Single(Assembler.Assemble(".data .code nop nop hlt", "large", options).Diagnostics);
        Assert.Equal(DiagnosticKind.TooLarge, diagnostic.Kind);
    }

    [Fact]
    public void A_source_that_asks_for_gigabytes_gets_an_error()
    {
        string space = string.Concat(Enumerable.Repeat(".space #16000000 ", 500));
        AssemblyResult result = Assembler.Assemble($".data {space}.code hlt");
        Assert.Equal(DiagnosticKind.TooLarge, Assert.Single(result.Diagnostics).Kind);
    }

    [Fact]
    public void A_program_behind_a_prompt_has_the_same_limit()
    {
        var program = new InteractiveProgram(Limits.Default with { ImageBytes = 76 });
        Assert.True(program.Append("nop nop").Succeeded);
        Assert.Equal(DiagnosticKind.TooLarge, Assert.Single(program.Append("nop").Diagnostics).Kind);
        Assert.Equal(8, program.Code.Length);
    }

    [Fact]
    public void A_machine_that_waits_costs_at_most_a_kilobyte()
    {
        VerifiedImage image = Image("load $0 #5\npush $0\nload $1 #16\nreadln $2 $1\nhlt");
        Interpreter.Instance.Run(new Machine(image), 1000, []);
        var effects = new List<VmEffect>();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var machine = new Machine(image);
        Interpreter.Instance.Run(machine, 1000, effects);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1024);
        Assert.Equal(Stop.Waiting, machine.State.Stop);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_slice_allocates_nothing(IEngine engine)
    {
        var machine = new Machine(
            Image("again: push $0\nsetm $1 $0\npop $0\naddf64 $0 $1 $2\neq $3 $3\ndjmpe @again"));
        var effects = new List<VmEffect>();
        for (int warm = 0; warm < 100; warm++) engine.Run(machine, 1000, effects);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int slice = 0; slice < 100; slice++) engine.Run(machine, 1000, effects);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
