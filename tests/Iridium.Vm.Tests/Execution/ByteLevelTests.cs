using System.Buffers.Binary;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;

namespace Iridium.Vm.Tests.Execution;

/// <summary>What single instructions do, given as bytes.</summary>
public sealed class ByteLevelTests
{
    private static Machine Of(params byte[] code) => new(VerifiedImage.FromCode(code));

    private static Machine Step(Machine machine, int steps)
    {
        Interpreter.Step(machine, steps, []);
        return machine;
    }

    [Fact]
    public void Load_takes_a_big_endian_number() => Assert.Equal(500, Step(Of(0, 0, 1, 244), 1).Registers[0]);

    [Fact]
    public void Shift_by_nothing_shifts_by_sixteen()
    {
        Machine machine = Of(33, 0, 0, 0);
        machine.SetRegister(0, 5);
        Assert.Equal(327_680, Step(machine, 1).Registers[0]);
    }

    [Fact]
    public void Loadm_reads_the_heap()
    {
        Machine machine = Of(42, 0, 1, 0);
        machine.SetRegister(0, 10);
        machine.SetHeap(10, [100]);
        Assert.Equal(100, Step(machine, 1).Registers[1]);
    }

    [Fact]
    public void Setm_writes_the_heap_little_endian()
    {
        Machine machine = Of(43, 0, 1, 0);
        machine.SetRegister(0, 10);
        machine.SetRegister(1, -2);
        Assert.Equal(-2, BinaryPrimitives.ReadInt32LittleEndian(Step(machine, 1).Heap[10..]));
    }

    [Fact]
    public void Aloc_adds_to_the_first_64_bytes()
    {
        Machine machine = Of(17, 0, 0, 0);
        machine.SetRegister(0, 1024);
        Assert.Equal(1088, Step(machine, 1).HeapBytes);
    }

    [Fact]
    public void Cloop_sets_the_counter() => Assert.Equal(10u, Step(Of(40, 0, 10, 0), 1).LoopCounter);

    [Fact]
    public void Call_and_return_take_three_steps()
    {
        Machine machine = Step(Of(46, 0, 8, 0, 5, 0, 0, 0, 0, 0, 1, 244, 47, 0, 0, 0), 3);
        Assert.Equal(500, machine.Registers[0]);
        Assert.Equal(4, machine.ProgramCounter);
        Assert.Equal(0, machine.BasePointer);
        Assert.Equal(0, machine.Stack.Length);
    }

    [Fact]
    public void Djmpe_that_is_not_taken_goes_to_the_next_instruction() =>
        Assert.Equal(4, Step(Of(15, 0, 0, 0, 5, 0, 0, 0), 1).ProgramCounter);

    [Fact]
    public void Jumps_forward_and_back_count_from_two_bytes_behind_their_address()
    {
        Machine forward = Of(7, 0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0);
        forward.SetRegister(0, 6);
        Assert.Equal(8, Step(forward, 1).ProgramCounter);
        Machine back = Of(16, 0, 0, 0, 8, 0, 0, 0);
        back.SetRegister(0, 6);
        Assert.Equal(0, Step(back, 2).ProgramCounter);
    }

    [Fact]
    public void A_wrong_magic_is_crash_1()
    {
        Verification verification = Verifier.Verify(new byte[100]);
        Assert.Equal(RejectReason.Magic, verification.Reject!.Reason);
        Assert.Equal(new RunResult(Stop.Crashed, Fault.Image, 1, 0), ImageReject.Result);
    }
}
