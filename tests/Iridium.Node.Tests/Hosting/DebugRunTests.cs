using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class DebugRunTests : IDisposable
{
    private const string Loop = """
        .data
        hi: .asciiz 'hi'
        .code
        load $0 #3
        again: dec $0
        prts @hi
        neq $0 $1
        djmpe @again
        hlt
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _folder.Dispose();

    private ExitCode Debug(string program, params string[] commands) => new DebugRun(
        new StringReader(string.Join('\n', commands)), _output, _errors, TimeProvider.System, new Random(1),
        isTerminal: false, prompts: false).Run(_folder.File("p.iasm", program));

    private string[] Lines => _output.ToString().Replace(_folder.Path + "/", "").Split('\n');

    [Fact]
    public void A_step_runs_one_instruction_and_shows_the_next_with_its_line()
    {
        Assert.Equal(ExitCode.Ok, Debug(Loop, "step", "registers", "step 2"));
        Assert.Equal(
            ["71: load $0 #3  (p.iasm:4)", "75: dec $0  (p.iasm:5)", "  $0=3", "hi", "83: neq $0 $1  (p.iasm:7)", ""],
            Lines);
    }

    [Fact]
    public void It_runs_to_a_breakpoint_at_a_label_again_and_again_and_then_to_the_end()
    {
        Debug(Loop, "break again", "continue", "continue", "c", "delete @again", "c", "c");
        Assert.Equal(
        [
            "71: load $0 #3  (p.iasm:4)", "Stops before 75: dec $0  (p.iasm:5).", "75: dec $0  (p.iasm:5)",
            "hi", "75: dec $0  (p.iasm:5)", "hi", "75: dec $0  (p.iasm:5)", "hi", "The program stopped with code 0.", "",
        ], Lines);
        Assert.Equal("the program stopped with code 0; `restart` begins anew\n", _errors.ToString());
    }

    [Fact]
    public void The_trace_tells_what_each_instruction_changed_and_the_listing_where_it_stands()
    {
        Debug(Loop, "break 83", "continue", "trace", "list", "break");
        Assert.Contains(Lines, line => line.Contains("load $0 #3") && line.Contains("$0=3"));
        Assert.Contains(Lines, line => line.Contains("dec $0") && line.Contains("$0=2"));
        Assert.Contains(Lines, line => line.Contains('>') && line.Contains('*') && line.Contains("neq $0 $1"));
    }

    [Fact]
    public void A_crash_is_reported_with_its_place_in_the_source()
    {
        Debug(".data\n.code\nload $0 #1\ndiv $0 $1 $2\nhlt", "continue", "restart", "step");
        Assert.Contains(Lines, line => line.Contains("division by zero"));
        Assert.Contains(Lines, line => line.Contains("(p.iasm:4)"));
        Assert.Equal("72: div $0 $1 $2  (p.iasm:4)", Lines[^2]);
    }

    [Theory]
    [InlineData("stap", "did you mean step?")]
    [InlineData("step -1", "is not a number of instructions")]
    [InlineData("break agian", "did you mean again?")]
    [InlineData("break 76", "no instruction starts at 76")]
    [InlineData("delete 75", "there is no breakpoint at 75")]
    [InlineData("delete", "which one?")]
    [InlineData("rep", "")]
    public void A_wrong_command_is_explained_and_the_session_goes_on(string command, string reason)
    {
        Assert.Equal(ExitCode.Ok, Debug(Loop, command, "step"));
        Assert.Contains(reason, _errors.ToString());
        Assert.Equal("75: dec $0  (p.iasm:5)", Lines[^2]);
    }

    [Fact]
    public void What_is_no_program_is_refused()
    {
        Assert.Equal(ExitCode.NotAProgram, Debug("lod $0 #1"));
        Assert.Contains("p.iasm:1:1", _errors.ToString());
    }
}
