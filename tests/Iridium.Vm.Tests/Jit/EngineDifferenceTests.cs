using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;
using Iridium.Vm.Tests.Image;
using Iridium.Vm.Tests.Programs;

namespace Iridium.Vm.Tests.Jit;

/// <summary>
/// The interpreter is the law: compiled code does the same, to the last bit, wherever it is cut. IRIDIUM_DIFFERENCES
/// raises the number of programs, IRIDIUM_SEED repeats one of them, or says where to begin.
/// </summary>
public sealed class EngineDifferenceTests
{
    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int asked) ? asked : otherwise;

    [Fact]
    public void Generated_programs_run_the_same_on_both_engines()
    {
        int first = Asked("IRIDIUM_SEED", 0);
        int count = Asked("IRIDIUM_DIFFERENCES", first == 0 ? 5_000 : 1);
        for (int seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            string source = ProgramGenerator.Write(random, large: seed % 20 == 0);
            AssemblyResult assembled = Assembler.Assemble(source);
            Assert.True(assembled.Succeeded, assembled.ErrorText());
            Verification verification = Verifier.Verify(assembled.Image);
            Assert.True(verification.Accepted, verification.Reject?.Text);
            Limits limits = random.Next(4) == 0 ? Limits.Tiny : Limits.Default;
            string? difference = EngineDifference.Of(verification.Image, limits, random);
            Assert.True(difference is null,
                $"IRIDIUM_SEED={seed}: {difference}\n{Disassembler.Listing(verification.Image)}");
        }
    }

    [Fact]
    public void Images_of_noise_run_the_same_on_both_engines()
    {
        int rounds = Asked("IRIDIUM_DIFFERENCES", 3_000);
        byte[][] seeds = [.. GoldenProgram.All.Select(program => program.Assemble().ToBytes())];
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(round);
            byte[] image = round % 2 == 0
                ? VerifierTests.Noise(random)
                : VerifierTests.Mutate(random, seeds[random.Next(seeds.Length)]);
            if (Verifier.Verify(image) is not { Accepted: true, Image: var verified }) continue;
            string? difference = EngineDifference.Of(verified, Limits.Tiny, random, slices: 12);
            Assert.True(difference is null, $"round {round}: {difference}\n{Disassembler.Listing(verified)}");
        }
    }

    public static TheoryData<string> Names => [.. GoldenProgram.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_programs_do_what_they_say_compiled(string name)
    {
        GoldenProgram program = GoldenProgram.All.Single(candidate => candidate.Name == name);
        VerifiedImage image = program.Assemble();
        JitEngine.CompileAll(image);
        var machine = new Machine(image, program.Limits);
        program.Judge(machine, GoldenProgram.Run(new JitEngine(), machine, 1000, program.Answers));
    }
}
