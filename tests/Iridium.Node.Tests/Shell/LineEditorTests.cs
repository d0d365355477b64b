using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Iridium.Node.Shell;

namespace Iridium.Node.Tests.Shell;

public sealed class LineEditorTests
{
    private static readonly string[] Commands = ["!quit", "!history", "!program", "!ps"];

    private static readonly LineEditor Editor = new(before => before.StartsWith('!')
        ? new CompletionWords(0, [.. Commands.Where(c => c.StartsWith(before, StringComparison.Ordinal))])
        : new CompletionWords(0, []));

    private static (LineState State, List<LineEvent> Events) Press(LineState state, params IEnumerable<Keystroke> strokes)
    {
        List<LineEvent> events = [];
        foreach (Keystroke stroke in strokes)
        {
            (state, LineEvent? happened) = Editor.Press(state, stroke);
            if (happened is not null) events.Add(happened);
        }
        return (state, events);
    }

    /// <summary>Names of keys in angle brackets, everything else typed: <c>ab&lt;Left&gt;c</c>.</summary>
    private static IEnumerable<Keystroke> Keys(string script)
    {
        for (int at = 0; at < script.Length;)
        {
            int end = script[at] == '<' ? script.IndexOf('>', at) : -1;
            if (end > 0 && Enum.TryParse(script[(at + 1)..end], out Key key))
            {
                yield return new Keystroke(key);
                at = end + 1;
                continue;
            }
            int length = StringInfo.GetNextTextElementLength(script, at);
            foreach (Keystroke typed in Keystroke.Typing(script.Substring(at, length))) yield return typed;
            at += length;
        }
    }

    private static string Shown(LineState line) => line.Text.Insert(line.Cursor, "|");

    [Theory]
    [InlineData("load", "load|")]
    [InlineData("lod<Left>a", "loa|d")]
    [InlineData("abc<Left><Left><Backspace>", "|bc")]
    [InlineData("abc<Home><Delete>", "|bc")]
    [InlineData("abc<Home>x<End>y", "xabcy|")]
    [InlineData("one two<DeleteWord>", "one |")]
    [InlineData("one two  <DeleteWord>x", "one x|")]
    [InlineData("one two<WordLeft><WordLeft>x", "x|one two")]
    [InlineData("one two<Home><WordRight>x", "onex| two")]
    [InlineData("abcd<Left><Left><DeleteToEnd>", "ab|")]
    [InlineData("abcd<Left><Left><DeleteToStart>", "|cd")]
    [InlineData("abcd<Left><Left><DeleteToEnd><Home><PutBack>", "cd|ab")]
    [InlineData("ab<EndOfInput>", "ab|")]
    [InlineData("ab<Home><EndOfInput>", "|b")]
    [InlineData("load $0<Tab>#1", "load $0 #1|")]
    [InlineData("ab<Interrupt>", "|")]
    [InlineData("日本<Left>x", "日x|本")]
    [InlineData("e\u0301a<Left><Backspace>", "|a")]
    [InlineData("😀b<Home><Delete>", "|b")]
    public void Keys_edit_as_in_readline(string keys, string shown) =>
        Assert.Equal(shown, Shown(Press(LineState.Empty, Keys(keys)).State));

    [Fact]
    public void Enter_submits_the_whole_line_wherever_the_cursor_is()
    {
        (LineState after, List<LineEvent> events) = Press(LineState.Empty, Keys("hlt<Home><Enter>"));
        Assert.Equal([new LineEvent.Submitted("hlt")], events);
        Assert.Equal("", after.Text);
        Assert.Equal(["hlt"], after.History.ToArray());
    }

    [Fact]
    public void History_is_walked_and_the_draft_comes_back()
    {
        (LineState state, _) = Press(LineState.Empty, Keys("one<Enter>two<Enter>dra"));
        (state, _) = Press(state, new Keystroke(Key.Up));
        Assert.Equal("two|", Shown(state));
        (state, _) = Press(state, new Keystroke(Key.Up));
        Assert.Equal("one|", Shown(state));
        (LineState same, List<LineEvent> events) = Press(state, new Keystroke(Key.Up));
        Assert.Equal("one|", Shown(same));
        Assert.Equal([new LineEvent.Refused()], events);
        (state, _) = Press(state, new Keystroke(Key.Down), new Keystroke(Key.Down));
        Assert.Equal("dra|", Shown(state));
    }

    [Fact]
    public void Empty_and_repeated_lines_do_not_fill_the_history() =>
        Assert.Equal(["a", "b", "a"],
            Press(LineState.Empty, Keys("a<Enter>a<Enter>   <Enter><Enter>b<Enter>a<Enter>")).State.History.ToArray());

    [Fact]
    public void The_history_forgets_its_oldest_lines()
    {
        LineState state = LineState.Empty;
        for (int n = 0; n < LineEditor.HistoryLines + 5; n++)
            state = Press(state, Keys(n.ToString(CultureInfo.InvariantCulture) + "<Enter>")).State;
        Assert.Equal(LineEditor.HistoryLines, state.History.Length);
        Assert.Equal("5", state.History[0]);
    }

    [Theory]
    [InlineData("!q<Tab>", "!quit |")]
    [InlineData("!p<Tab>", "!p|")]
    [InlineData("!pr<Tab>", "!program |")]
    [InlineData("!zzz<Tab>", "!zzz|")]
    public void Tab_completes_commands(string keys, string shown) =>
        Assert.Equal(shown, Shown(Press(LineState.Empty, Keys(keys)).State));

    [Fact]
    public void Tab_shows_the_choices_when_there_are_several()
    {
        LineEvent.Choices choices = Assert.IsType<LineEvent.Choices>(
            Assert.Single(Press(LineState.Empty, Keys("!p<Tab>")).Events));
        Assert.Equal(["!program", "!ps"], choices.Words.ToArray());
    }

    [Fact]
    public void Ctrl_d_ends_the_input_on_an_empty_line_only()
    {
        Assert.Equal([new LineEvent.Ended()], Press(LineState.Empty, Keys("<EndOfInput>")).Events);
        Assert.Equal([new LineEvent.Refused()], Press(LineState.Empty, Keys("a<EndOfInput>")).Events);
    }

    [Theory]
    [InlineData("\e")]
    [InlineData("\u202E")]
    [InlineData("\u0085")]
    public void Characters_that_command_a_terminal_are_not_taken(string text) =>
        Assert.Equal("", Press(LineState.Empty, Keystroke.Typing(text)).State.Text);

    [Fact]
    public void A_line_has_a_limit()
    {
        LineState full = Press(LineState.Empty, Keystroke.Typing(new string('x', LineEditor.LineCharacters))).State;
        Assert.Equal(LineEditor.LineCharacters, full.Text.Length);
        (LineState after, List<LineEvent> events) = Press(full, Keystroke.Of('y'));
        Assert.Equal(full, after);
        Assert.Equal([new LineEvent.Refused()], events);
    }

    /// <summary>Whatever is pressed, the cursor stands between characters, and no line is lost or invented.</summary>
    [Fact]
    public void The_cursor_never_stands_inside_a_character()
    {
        string[] pieces = ["a", " ", "日", "e", "\u0301", "😀", "👍🏽", "!", "p"];
        Gen<Keystroke> typed = Gen.Elements(pieces.SelectMany(Keystroke.Typing).ToArray());
        Gen<Keystroke> pressed = Gen.Elements(Enum.GetValues<Key>().Where(k => k != Key.Character)
            .Select(k => new Keystroke(k)).ToArray());
        Arbitrary<Keystroke[]> strokes = Gen.ArrayOf(Gen.Frequency((3, typed), (2, pressed))).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(strokes, keys =>
        {
            LineState line = LineState.Empty;
            foreach (Keystroke key in keys)
            {
                (line, LineEvent? happened) = Editor.Press(line, key);
                int[] borders = [.. StringInfo.ParseCombiningCharacters(line.Text), line.Text.Length];
                Assert.Contains(line.Cursor, borders);
                Assert.InRange(line.Recalled, 0, line.History.Length);
                if (happened is LineEvent.Submitted) Assert.Equal("", line.Text);
            }
        }));
    }
}
