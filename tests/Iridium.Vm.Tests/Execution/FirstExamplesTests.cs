using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;

namespace Iridium.Vm.Tests.Execution;

/// <summary>The language's first five programs and what they leave behind.</summary>
public sealed class FirstExamplesTests
{
    [Theory]
    [InlineData("load $0 #400 \n call @test \n hlt \n test: load $0 #500 \n ret", 0, 500, 0)]
    [InlineData("cloop #10 \n load $1 #20 \n test: inc $1 \n loop @test \n hlt", 1, 31, 0)]
    [InlineData("load $0 #100 \n load $1 #1 \n load $2 #0 \n test: inc $2 \n neq $0 $2 \n djmpe @test \n hlt",
        2, 100, 0)]
    [InlineData("load $0 #4 \n load $1 #3 \n mul $1 $0 $2 \n load $0 #1 \n sub $2 $0 $1", 2, 12, 1)]
    [InlineData("load $0 #4 \n load $1 #3 \n mul $1 $0 $2 \n load $0 #1 \n sub $2 $0 $1", 1, 11, 1)]
    [InlineData("hlt", 0, 0, 0)]
    public void It_leaves_this_behind(string code, int register, int value, int stopCode)
    {
        AssemblyResult assembled = Assembler.Assemble(".data\n.code\n" + code);
        Assert.True(assembled.Succeeded, assembled.ErrorText());
        Verification verification = Verifier.Verify(assembled.Image);
        Assert.True(verification.Accepted, verification.Reject?.Text);
        var machine = new Machine(verification.Image);
        RunResult result = Interpreter.Instance.Run(machine, 1000, []);
        Assert.True(result.Ended);
        Assert.Equal(stopCode, result.Code);
        Assert.Equal(value, machine.Registers[register]);
    }

    [Fact]
    public void Sizes_are_what_they_always_were()
    {
        byte[] image = Assembler.Assemble(
            ".data\n.code\nload $0 #100\nload $1 #1\nload $2 #0\ntest: inc $0\nneq $0 $2\njmpe @test\nhlt").Image!;
        Assert.Equal(96, image.Length);
        byte[] withText = Assembler.Assemble(".data\ntest1: .asciiz 'Hello'\n.code\nhlt").Image!;
        Assert.Equal(6, withText[64]);
    }
}
