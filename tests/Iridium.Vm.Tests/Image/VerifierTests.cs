using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Tests.Programs;

namespace Iridium.Vm.Tests.Image;

public sealed class VerifierTests
{
    private static readonly byte[] Halt = ImageFormat.Compose(0, [], [5, 0, 0, 0]);

    private static RejectReason? Reason(byte[] image) => Verifier.Verify(image).Reject?.Reason;

    private static byte[] With(byte[] image, int at, byte value)
    {
        byte[] changed = [.. image];
        changed[at] = value;
        return changed;
    }

    [Fact]
    public void A_whole_image_is_accepted()
    {
        VerifiedImage image = Verifier.Verify(Halt).Image!;
        Assert.Equal((0, 68, 72), (image.Version, image.CodeStart, image.CodeEnd));
        Assert.Equal(Halt, image.ToBytes());
    }

    [Fact]
    public void Each_part_of_the_header_is_judged()
    {
        Assert.Equal(RejectReason.Magic, Reason([]));
        Assert.Equal(RejectReason.Magic, Reason([1, 2, 3]));
        Assert.Equal(RejectReason.Magic, Reason(With(Halt, 3, 0)));
        Assert.Equal(RejectReason.TooShort, Reason([.. "EP"u8]));
        Assert.Equal(RejectReason.TooShort, Reason(Halt[..67]));
        Assert.Equal(RejectReason.Version, Reason(With(Halt, 4, 2)));
        Assert.Equal(RejectReason.Reserved, Reason(With(Halt, 5, 1)));
        Assert.Equal(RejectReason.Reserved, Reason(With(Halt, 63, 1)));
        Assert.Equal(RejectReason.ReadOnlyLength, Reason(With(Halt, 64, 5)));
        Assert.Equal(RejectReason.ReadOnlyLength, Reason(With(Halt, 67, 255)));
        Assert.Equal(RejectReason.CodeLength, Reason(With(Halt, 64, 1)));
    }

    [Fact]
    public void An_image_may_be_as_long_as_the_limit_and_not_longer()
    {
        Limits limits = Limits.Default with { ImageBytes = Halt.Length };
        Assert.True(Verifier.Verify(Halt, limits).Accepted);
        byte[] longer = ImageFormat.Compose(0, [1], [5, 0, 0, 0]);
        Assert.Equal(RejectReason.TooLong, Verifier.Verify(longer, limits).Reject!.Reason);
    }

    [Theory]
    [InlineData(RejectReason.UnknownInstruction, 150, 0, 0, 0)]
    [InlineData(RejectReason.Register, 18, 32, 0, 0)]
    [InlineData(RejectReason.Target, 20, 0, 70, 0)]
    [InlineData(RejectReason.Target, 20, 0, 76, 0)]
    [InlineData(RejectReason.Target, 61, 0, 0, 64)]
    [InlineData(RejectReason.Text, 21, 0, 0, 0)]
    [InlineData(RejectReason.CutInstruction, 51, 0, 0, 0)]
    public void Version_1_must_be_free_of_flaws_and_version_0_keeps_its_meaning(RejectReason reason,
        params int[] word)
    {
        byte[] code = [.. word.Select(part => (byte)part)];
        Verification judged = Verifier.Verify(ImageFormat.Compose(1, [], code));
        Assert.Equal((reason, 68), (judged.Reject!.Reason, judged.Reject.Address));
        Assert.Contains("68", judged.Reject.Text);
        if (InstructionSet.Find(code[0], 0) is null) return;
        VerifiedImage admitted = Verifier.Verify(ImageFormat.Compose(0, [], code)).Image!;
        Assert.Equal(reason, Assert.Single(admitted.Findings).Reason);
    }

    [Fact]
    public void A_target_may_be_the_end_where_programs_run_off() =>
        Assert.True(Verifier.Verify(ImageFormat.Compose(1, [], [20, 0, 72, 0])).Accepted);

    [Fact]
    public void An_extension_word_is_no_target()
    {
        // LOADI32 at 68, its constant at 72, GOTO 72 at 76.
        byte[] image = ImageFormat.Compose(1, [], [51, 0, 0, 0, 0, 0, 0, 0, 61, 0, 0, 72]);
        Assert.Equal(RejectReason.Target, Reason(image));
    }

    /// <summary>
    /// Whatever is admitted ends in a named way, whatever its bytes. IRIDIUM_FUZZ raises the number of images.
    /// </summary>
    [Fact]
    public void What_is_admitted_never_throws()
    {
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("IRIDIUM_FUZZ"), out int asked) ? asked : 20_000;
        var random = new Random(20_261);
        byte[][] seeds = [.. GoldenProgram.All.Select(program => program.Assemble().ToBytes())];
        var effects = new List<VmEffect>();
        for (int round = 0; round < rounds; round++)
        {
            byte[] image = round % 3 == 0 ? Noise(random) : Mutate(random, seeds[random.Next(seeds.Length)]);
            if (Verifier.Verify(image) is not { Accepted: true, Image: var verified }) continue;
            var machine = new Machine(verified, Limits.Tiny);
            for (int slice = 0; slice < 4 && !machine.State.Ended; slice++)
            {
                RunResult result = Interpreter.Instance.Run(machine, 200, effects);
                if (result.Stop == Stop.Waiting) machine.Answer(AnyAnswer(machine.Wanted!.Value, random));
            }
            Assert.True(Enum.IsDefined(machine.State.Fault), $"round {round}");
            effects.Clear();
        }
    }

    internal static VmAnswer AnyAnswer(Want want, Random random) => want.Kind switch
    {
        WantKind.Clock => new VmAnswer.Milliseconds(random.NextDouble()),
        WantKind.Random => new VmAnswer.Number(random.Next()),
        _ when random.Next(3) == 0 => new VmAnswer.End(),
        _ => new VmAnswer.Text(new string('ü', random.Next(20))),
    };

    internal static byte[] Noise(Random random)
    {
        byte[] code = new byte[4 * random.Next(1, 40)];
        random.NextBytes(code);
        // Mostly opcodes and registers that exist, or nothing but the first instruction would be tested.
        for (int at = 0; at < code.Length; at += 4)
        {
            code[at] %= 101;
            for (int part = 1; part < 4; part++)
                if (random.Next(8) > 0) code[at + part] %= 32;
        }
        byte[] data = new byte[random.Next(8)];
        return ImageFormat.Compose(random.Next(2), data, code);
    }

    internal static byte[] Mutate(Random random, byte[] seed)
    {
        byte[] image = [.. seed];
        for (int change = random.Next(1, 6); change > 0; change--)
            image[random.Next(10) == 0 ? random.Next(image.Length)
                : random.Next(Math.Min(64, image.Length - 1), image.Length)] =
                (byte)random.Next(random.Next(2) == 0 ? 48 : 256);
        return image;
    }
}
