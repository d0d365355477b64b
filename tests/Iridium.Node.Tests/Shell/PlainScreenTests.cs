using Iridium.Actors.Repl;
using Iridium.Node.Shell;

namespace Iridium.Node.Tests.Shell;

public sealed class PlainScreenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Plays a session that answers every line with <c>got …</c>.</summary>
    private static async Task<string> Transcript(string input, bool echo)
    {
        var output = new StringWriter();
        var screen = new PlainScreen(new StringReader(input), output, echo);
        screen.Write([ScreenLine.Of("Welcome", TextStyle.Good)]);
        screen.Start(effect =>
        {
            if (effect is ShellEffect.Submit submit)
            {
                screen.Write([ScreenLine.Of("got " + submit.Line, TextStyle.Bad)]);
                screen.Prompt(">>> ");
            }
            else
            {
                screen.Close(0);
            }
        });
        screen.Prompt(">>> ");
        Assert.Equal(0, await screen.Closed.WaitAsync(Patience));
        return output.ToString();
    }

    [Fact]
    public async Task A_transcript_reads_like_a_session_without_colours() =>
        Assert.Equal("Welcome\n>>> a\ngot a\n>>> b\ngot b\n", await Transcript("a\nb\n", echo: true));

    [Fact]
    public async Task A_terminal_that_shows_what_is_typed_gets_the_prompt_first() =>
        Assert.Equal("Welcome\n>>> got a\n>>> \n", await Transcript("a\n", echo: false));

    [Fact]
    public async Task A_last_line_without_end_counts() =>
        Assert.Equal("Welcome\n>>> a\ngot a\n", await Transcript("a", echo: true));

    [Fact]
    public async Task Windows_line_ends_are_line_ends() =>
        Assert.Equal("Welcome\n>>> a\ngot a\n", await Transcript("a\r\n", echo: true));

    [Fact]
    public async Task A_line_that_is_too_long_is_not_run_in_part()
    {
        string text = await Transcript(new string('x', LineEditor.LineCharacters + 1) + "\nb\n", echo: true);
        Assert.Equal(
            $"Welcome\n>>> {new string('x', 40)}…\nNot run: a line has at most 4096 characters.\n>>> b\ngot b\n", text);
    }
}
