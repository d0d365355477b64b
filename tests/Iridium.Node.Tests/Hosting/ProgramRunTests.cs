using System.Text.Json;
using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class ProgramRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _folder.Dispose();

    private ExitCode Run(string file, bool json = false, bool isTerminal = false, CancellationToken interrupted = default) =>
        new ProgramRun(TextReader.Null, _output, _errors, TimeProvider.System, new Random(1), json, isTerminal)
            .Run(file, interrupted);

    private ExitCode RunText(string text, bool json = false, bool isTerminal = false) =>
        Run(_folder.File("p.iasm", text), json, isTerminal);

    [Theory]
    [InlineData(".data\n.code\nhlt", ExitCode.Ok, "The program stopped with code 0.\n  all registers are 0\n")]
    [InlineData(".data\n.code\nload $0 #7\nhlt", ExitCode.Ok, "The program stopped with code 0.\n  $0=7\n")]
    [InlineData(".data\n.code\nload $0 #7", ExitCode.Stopped,
        "The program ran past its last instruction, code 1.\n  $0=7\n")]
    [InlineData(".data\na: .asciiz 'hi'\n.code\nprts @a\nhlt", ExitCode.Ok,
        "hi\nThe program stopped with code 0.\n  all registers are 0\n")]
    public void A_program_prints_and_then_its_registers_are_shown(string text, ExitCode code, string output)
    {
        Assert.Equal(code, RunText(text));
        Assert.Equal(output, _output.ToString());
        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public void A_program_may_include_what_stands_beside_it()
    {
        _folder.File("part.iasm", "load $0 #7\n");
        Assert.Equal(ExitCode.Ok, RunText(".data\n.code\n.include 'part.iasm'\nhlt"));
        Assert.Equal("The program stopped with code 0.\n  $0=7\n", _output.ToString());
    }

    [Fact]
    public void A_crash_is_reported_on_the_error_stream()
    {
        Assert.Equal(ExitCode.Crashed, RunText(".data\n.code\nload $0 #1\ndiv $0 $1 $2\nhlt"));
        Assert.Contains("division by zero", _errors.ToString());
        Assert.Contains("$0=1", _errors.ToString());
    }

    [Fact]
    public void Errors_of_the_source_are_all_told_with_file_and_line()
    {
        string path = _folder.File("p.iasm", ".data\n.code\nlod $0 #1\nhlt\nadd $1 $40 $2");
        Assert.Equal(ExitCode.NotAProgram, Run(path));
        Assert.Contains($"{path}:3:1", _errors.ToString());
        Assert.Contains($"{path}:5:8", _errors.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void Garbage_is_refused_in_one_line()
    {
        byte[] garbage = new byte[1000];
        new Random(8121).NextBytes(garbage);
        File.WriteAllBytes(_folder.File("garbage"), garbage);
        Assert.Equal(ExitCode.NotAProgram, Run(_folder.File("garbage")));
        Assert.Equal(
            $"{_folder.File("garbage")} was not run. This is not an Iridium image: it does not start with the bytes 'EPIE'.\n",
            _errors.ToString());
    }

    [Theory]
    [InlineData("", "is a folder")]
    [InlineData("nothing.iasm", "There is no file")]
    [InlineData("/dev/zero", "is longer than")]
    public void What_cannot_be_read_is_told(string name, string reason)
    {
        Assert.Equal(ExitCode.NotAProgram, Run(name.StartsWith('/') ? name : Path.Combine(_folder.Path, name)));
        Assert.Contains(reason, _errors.ToString());
    }

    [Fact]
    public void With_json_a_script_gets_one_object()
    {
        Assert.Equal(ExitCode.Crashed,
            RunText(".data\na: .asciiz 'hi'\n.code\nprts @a\nload $1 #3\ndiv $1 $2 $3\nhlt", json: true));
        JsonElement outcome = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("Crashed", outcome.GetProperty("stop").GetString());
        Assert.Equal(2, outcome.GetProperty("code").GetInt32());
        Assert.Equal("DivideByZero", outcome.GetProperty("fault").GetString());
        Assert.Equal("hi", outcome.GetProperty("output").GetString());
        Assert.Equal(3, outcome.GetProperty("registers")[1].GetInt32());
        Assert.Equal(32, outcome.GetProperty("registers").GetArrayLength());
    }

    [Fact]
    public void A_program_cannot_command_a_terminal()
    {
        const string Hostile = ".data\na: .asciiz 'x\e[2Jy'\n.code\nprts @a\nhlt";
        RunText(Hostile, isTerminal: true);
        Assert.DoesNotContain('\e', _output.ToString());
        RunText(Hostile);
        Assert.Contains('\e', _output.ToString());
    }

    [Fact]
    public void An_endless_program_can_be_interrupted()
    {
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();
        string path = _folder.File("loop.iasm", ".data\n.code\nload $0 #72\nstart: jmp $0");
        Assert.Equal(ExitCode.Interrupted, Run(path, interrupted: interrupted.Token));
        Assert.Contains("Interrupted.", _errors.ToString());
    }
}
