using Iridium.Vm.Execution;

namespace Iridium.Vm.Tests.Programs;

/// <summary>The programs that a person runs first.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Names =>
        [.. GoldenProgram.Samples.Select(program => program.Name).Where(name => name != "endless.iasm")];

    private static GoldenProgram Find(string name) => GoldenProgram.Samples.Single(program => program.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void It_does_what_it_says(string name)
    {
        GoldenProgram program = Find(name);
        var machine = new Machine(program.Assemble(), program.Limits);
        program.Judge(machine, GoldenProgram.Run(Interpreter.Instance, machine, 20_000, program.Answers));
    }

    [Fact]
    public void The_endless_one_gives_its_thread_back_after_each_slice()
    {
        var machine = new Machine(Find("endless.iasm").Assemble());
        for (int slice = 1; slice <= 100; slice++)
        {
            RunResult result = Interpreter.Instance.Run(machine, 1000, []);
            Assert.Equal(Stop.OutOfFuel, result.Stop);
            // Its body has three instructions.
            Assert.InRange(result.FuelUsed, 1000, 1003);
        }
    }
}
