using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;
using Iridium.Vm.Tests.Programs;

namespace Iridium.Vm.Tests.Execution;

public sealed class SnapshotTests
{
    /// <summary>Programs that run for ever or nearly so are saved at each of their first instructions only.</summary>
    private const int MostSteps = 2_000;

    public static TheoryData<string> Names => [.. GoldenProgram.All.Select(program => program.Name)];

    /// <summary>
    /// After each instruction the machine is saved and restored, and the restored one goes on: so every state in
    /// between must come back whole, or the end would differ.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_survives_being_saved_after_every_instruction(string name)
    {
        GoldenProgram program = GoldenProgram.All.Single(candidate => candidate.Name == name);
        VerifiedImage image = program.Assemble();
        var machine = new Machine(image, program.Limits) { Id = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) };
        var effects = new List<VmEffect>();
        var answers = new Queue<VmAnswer>(program.Answers);
        for (int step = 0; step < MostSteps && !machine.State.Ended; step++)
        {
            if (Interpreter.Step(machine, 1, effects).Stop == Stop.Waiting)
            {
                machine = Through(machine, image, program.Limits);
                machine.Answer(answers.Dequeue());
            }
            machine = Through(machine, image, program.Limits);
        }
        if (!machine.State.Ended)
            effects.AddRange(GoldenProgram.Run(Interpreter.Instance, machine, 100_000, answers));
        program.Judge(machine, effects);
    }

    /// <summary>Saved by one engine, gone on by the next, in turn; the fuel of 1 ends each slice where one may end.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_goes_on_in_another_engine_wherever_it_was_saved(string name)
    {
        GoldenProgram program = GoldenProgram.All.Single(candidate => candidate.Name == name);
        VerifiedImage image = program.Assemble();
        JitEngine.CompileAll(image, guesses: false);
        IEngine[] engines = [new JitEngine(), new Debugger(), Interpreter.Instance];
        var machine = new Machine(image, program.Limits);
        var effects = new List<VmEffect>();
        var answers = new Queue<VmAnswer>(program.Answers);
        for (int slice = 0; slice < MostSteps && !machine.State.Ended; slice++)
        {
            engines[slice % engines.Length].Run(machine, 1, effects);
            machine = Through(machine, image, program.Limits);
            if (machine.Wanted is not null) machine.Answer(answers.Dequeue());
        }
        if (!machine.State.Ended)
            effects.AddRange(GoldenProgram.Run(engines[0], machine, 100_000, answers));
        program.Judge(machine, effects);
    }

    private static Machine Through(Machine machine, VerifiedImage image, Limits limits)
    {
        byte[] saved = Snapshot.Take(machine);
        Restoration restored = Snapshot.Restore(saved, image, limits);
        Assert.True(restored.Succeeded, restored.ToText());
        Assert.Equal(saved, Snapshot.Take(restored.Machine));
        Assert.Equal(machine.Id, restored.Machine.Id);
        Assert.Equal(machine.State with { FuelUsed = 0 }, restored.Machine.State);
        Assert.Equal(machine.Wanted, restored.Machine.Wanted);
        return restored.Machine;
    }

    private static readonly VerifiedImage Image = VerifiedImage.FromCode([0, 0, 0, 7, 44, 0, 0, 0, 43, 0, 0, 0]);

    private static byte[] Saved()
    {
        var machine = new Machine(Image);
        Interpreter.Instance.Run(machine, 100, []);
        return Snapshot.Take(machine);
    }

    private static SnapshotReject RejectOf(byte[] bytes, VerifiedImage? image = null, Limits? limits = null)
    {
        Restoration restored = Snapshot.Restore(bytes, image ?? Image, limits);
        Assert.NotEmpty(restored.ToText());
        return restored.Reject;
    }

    [Fact]
    public void What_is_wrong_with_a_snapshot_has_a_name()
    {
        byte[] saved = Saved();
        Assert.Equal(SnapshotReject.None, RejectOf(saved));
        Assert.Equal(SnapshotReject.Magic, RejectOf([]));
        Assert.Equal(SnapshotReject.Length, RejectOf(saved[..100]));
        Assert.Equal(SnapshotReject.Checksum, RejectOf(saved[..^1]));
        Assert.Equal(SnapshotReject.Checksum, RejectOf([.. saved, 0]));
        Assert.Equal(SnapshotReject.Program, RejectOf(saved, VerifiedImage.FromCode([5, 0, 0, 0])));
        Assert.Equal(SnapshotReject.Limits, RejectOf(saved, limits: Limits.Default with { StackSlots = 0 }));
        Assert.Equal(SnapshotReject.None,
            RejectOf(saved, limits: Limits.Default with { StackSlots = 1, HeapBytes = 64 }));
        Assert.Equal(SnapshotReject.Limits, RejectOf(saved, limits: Limits.Default with { HeapBytes = 63 }));
        byte[] newer = [.. saved];
        newer[4] = 2;
        Assert.Equal(SnapshotReject.Version, RejectOf(newer));
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        byte[] saved = Saved();
        for (int bit = 0; bit < saved.Length * 8; bit++)
        {
            byte[] changed = [.. saved];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SnapshotReject.None, RejectOf(changed));
        }
    }

    [Fact]
    public void A_snapshot_is_as_small_as_what_was_used()
    {
        var machine = new Machine(Image);
        Assert.Equal(240, Snapshot.Take(machine).Length);
    }
}
