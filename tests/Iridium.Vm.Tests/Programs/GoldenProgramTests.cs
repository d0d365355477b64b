using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Tests.Programs;

/// <summary>Every program in tests/Programs does what its comments say, however it is run.</summary>
public sealed class GoldenProgramTests
{
    public static TheoryData<string> Names => [.. GoldenProgram.All.Select(program => program.Name)];

    private static GoldenProgram Find(string name) => GoldenProgram.All.Single(program => program.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void It_does_what_it_says(string name)
    {
        GoldenProgram program = Find(name);
        var machine = new Machine(program.Assemble(), program.Limits);
        program.Judge(machine, GoldenProgram.Run(Interpreter.Instance, machine, 100_000, program.Answers));
    }

    /// <summary>Stopping and going on changes nothing, wherever it happens.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void It_does_the_same_in_the_smallest_slices(string name)
    {
        GoldenProgram program = Find(name);
        var machine = new Machine(program.Assemble(), program.Limits);
        program.Judge(machine, GoldenProgram.Run(Interpreter.Instance, machine, 1, program.Answers));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_disassembly_assembles_to_the_same_bytes(string name)
    {
        VerifiedImage image = Find(name).Assemble();
        AssemblyResult again = Assembler.Assemble(Disassembler.ToText(image));
        Assert.True(again.Succeeded, again.ErrorText());
        Assert.Equal(image.ToBytes(), again.Image);
    }

    [Fact]
    public void Every_fault_has_its_program()
    {
        IEnumerable<string> expected = GoldenProgram.All.SelectMany(program => program.Expectations);
        // An image that is none has no program; the verifier's tests have it.
        IEnumerable<Fault> missing = Enum.GetValues<Fault>().Except([Fault.None, Fault.Image])
            .Where(fault => !expected.Contains($"crash {fault}"));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_instruction_is_in_some_program()
    {
        var used = new HashSet<byte>();
        foreach (GoldenProgram program in GoldenProgram.All)
            for (int at = 0; at < program.Assemble().Code.Length; at += InstructionSet.WordBytes)
                used.Add(program.Assemble().Code.Span[at]);
        Assert.Empty(InstructionSet.Table.Where(row => !used.Contains((byte)row.Opcode))
            .Select(row => row.Name));
    }
}
