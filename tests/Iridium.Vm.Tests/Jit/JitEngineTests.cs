using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;

namespace Iridium.Vm.Tests.Jit;

public sealed class JitEngineTests
{
    private static VerifiedImage Image(string code) =>
        Verifier.Verify(Assembler.Assemble(".data\n.code\n" + code).Image!).Image!;

    private const string Loop = "load $1 #10000\nagain: inc $0\nneq $0 $1\ndjmpe @again\nhlt";

    [Fact]
    public void Only_hot_code_is_compiled_and_only_once()
    {
        VerifiedImage image = Image(Loop);
        var later = new Queue<Action>();
        var engine = new JitEngine(later.Enqueue, hotFuel: 5_000);
        var machine = new Machine(image);
        engine.Run(machine, 4_000, []);
        Assert.Empty(later);
        engine.Run(machine, 4_000, []);
        engine.Run(machine, 4_000, []);
        Assert.Single(later);
        Assert.False(image.Program.Compiled.HasCode);
        later.Dequeue()();
        Assert.True(image.Program.Compiled.HasCode);
        Assert.Equal(Stop.Halted, engine.Run(machine, 1_000_000, []).Stop);
        Assert.Equal((10_000, 30_002L), (machine.Registers[0], machine.FuelUsed));
    }

    [Fact]
    public void Where_no_code_can_be_made_the_interpreter_serves_alone()
    {
        VerifiedImage image = Image(Loop);
        var later = new Queue<Action>();
        var engine = new JitEngine(later.Enqueue, hotFuel: 1) { Compiles = false };
        var machine = new Machine(image);
        while (!machine.State.Ended) engine.Run(machine, 1_000, []);
        Assert.Empty(later);
        Assert.False(JitEngine.HasCompiled(image));
        Assert.Equal((10_000, 30_002L), (machine.Registers[0], machine.FuelUsed));
    }

    [Fact]
    public void A_machine_may_change_engines_in_the_middle()
    {
        VerifiedImage image = Image(Loop);
        JitEngine.CompileAll(image);
        var machine = new Machine(image);
        IEngine[] engines = [new JitEngine(), Interpreter.Instance, new Debugger()];
        for (int slice = 0; !machine.State.Ended; slice++) engines[slice % 3].Run(machine, 100 + slice, []);
        Assert.Equal((10_000, 30_002L), (machine.Registers[0], machine.FuelUsed));
    }

    [Fact]
    public void A_program_of_many_regions_is_cut_where_few_jumps_cross()
    {
        // Each part is a loop of ten words.
        string code = string.Concat(Enumerable.Range(0, 300).Select(part =>
            $"load $1 #3\nl{part}: dec $1\ninc $0\nnop\nnop\nnop\nnop\nnop\ngt $1 $2\ndjmpe @l{part}\n")) + "hlt";
        VerifiedImage image = Image(code);
        int[] bounds = RegionCutter.Cut(image.Program);
        Assert.True(bounds.Length > 8);
        Assert.Equal((0, image.Program.Length), (bounds[0], bounds[^1]));
        for (int region = 1; region < bounds.Length; region++)
            Assert.InRange(bounds[region] - bounds[region - 1], 1, 400);
        Assert.All(bounds[1..^1], bound => Assert.True(bound % 10 is 0 or 1));
        JitEngine.CompileAll(image);
        var machine = new Machine(image);
        Assert.Equal(Stop.Halted, new JitEngine().Run(machine, 1_000_000, []).Stop);
        Assert.Equal(900, machine.Registers[0]);
    }

    [Fact]
    public void A_number_whose_halves_lie_in_two_regions_is_loaded_whole()
    {
        string nops = string.Concat(Enumerable.Repeat("nop\n", 397));
        VerifiedImage image = Image($"load $2 #50\nagain: add $5 $6 $7\n{nops}load $5 #70000\n" +
            "add $5 $0 $0\ninc $1\nlt $1 $2\ndjmpe @again\nhlt");
        Assert.Equal([0, 400, 406], RegionCutter.Cut(image.Program));
        Assert.Equal(Opcode.Lui, (Opcode)image.Program.Words[400].Code);
        for (int seed = 0; seed < 8; seed++)
            Assert.Null(EngineDifference.Of(image, Limits.Default, new Random(seed)));
    }

    [Fact]
    public void Two_threads_may_run_one_image_while_it_is_compiled()
    {
        VerifiedImage image = Image(Loop);
        var engine = new JitEngine(hotFuel: 2_000);
        using var gate = new Barrier(4);
        var results = new int[4];
        Thread[] crew = [.. Enumerable.Range(0, 4).Select(worker => new Thread(() =>
        {
            gate.SignalAndWait();
            for (int round = 0; round < 20; round++)
            {
                var machine = new Machine(image);
                while (!machine.State.Ended) engine.Run(machine, 700, []);
                results[worker] += machine.Registers[0];
            }
        }))];
        foreach (Thread thread in crew) thread.Start();
        foreach (Thread thread in crew) thread.Join();
        Assert.All(results, result => Assert.Equal(200_000, result));
    }

    [Fact]
    public void A_register_that_the_host_sets_is_guessed_wrong_only_for_a_while()
    {
        // Nothing here writes $1, so it is taken for 0 until that has been wrong too often.
        VerifiedImage image = Image("again: inc $0\nneq $0 $1\ndjmpe @again\nhlt");
        var later = new Queue<Action>();
        var engine = new JitEngine(later.Enqueue, hotFuel: 1);
        var machine = new Machine(image);
        machine.SetRegister(1, 1_000_000);
        engine.Run(machine, 10, []);
        later.Dequeue()();
        while (later.Count == 0) Assert.Equal(Stop.OutOfFuel, engine.Run(machine, 1, []).Stop);
        Assert.InRange(machine.Registers[0], 1_000, 1_100);
        later.Dequeue()();
        Assert.Equal(Stop.Halted, engine.Run(machine, long.MaxValue / 4, []).Stop);
        Assert.Equal((1_000_000, 3_000_001L), (machine.Registers[0], machine.FuelUsed));
        Assert.Empty(later);
    }

    /// <summary>
    /// Every instruction of the table, with operands that are good for it: compiled, or handed to the interpreter. Twice,
    /// for the first pass may be the interpreter's.
    /// </summary>
    [Fact]
    public void Every_instruction_runs_the_same_on_both_engines()
    {
        foreach (Instruction row in InstructionSet.Table)
        {
            string operands = string.Join(' ', row.Form.Operands.Select((operand, number) => operand.Kind switch
            {
                OperandKind.Register or OperandKind.FloatRegister => $"${number + 1}",
                OperandKind.CodeAddress => "@there",
                OperandKind.DataOffset => "@text",
                OperandKind.Float => "#0.75",
                _ => "#1",
            }));
            string source = $".data\ntext: .asciiz 'some text'\n.code\nload $1 #5\nload $2 #7\nload $3 #9\nloadf64 $1 #3\n" +
                $"loadf64 $2 #2\nload $8 #1\nagain: push $1\npush $2\neq $1 $1\n{row.Name} {operands}\n" +
                "there: dec $8\ngte $8 $9\ndjmpe @again\nhlt";
            AssemblyResult assembled = Assembler.Assemble(source);
            Assert.True(assembled.Succeeded, assembled.ErrorText());
            VerifiedImage image = Verifier.Verify(assembled.Image).Image!;
            for (int seed = 0; seed < 10; seed++)
                Assert.Null(EngineDifference.Of(image, Limits.Default, new Random(seed)));
        }
    }
}
