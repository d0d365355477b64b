using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Iridium.Actors.Repl;
using Iridium.Node.Shell;

namespace Iridium.Node.Tests.Shell;

/// <summary>What a person at a terminal sees, on a terminal that is simulated.</summary>
public sealed class ShellStateTests
{
    private sealed class Person(int columns, int rows, bool colour = false)
    {
        private static readonly LineEditor Editor = new(_ => new CompletionWords(0, []));
        private readonly List<ShellEffect> _effects = [];

        public VirtualTerminal Terminal { get; } = new(columns, rows);
        public ShellState State { get; private set; } = ShellState.Start(columns, rows, colour);
        public string Sent { get; private set; } = "";

        public List<ShellEffect> Effects => [.. _effects];

        public Person Sees(params IEnumerable<ShellInput> inputs)
        {
            var output = new StringBuilder();
            foreach (ShellInput input in inputs) State = State.After(input, Editor, output, _effects);
            State = State.Settled(output);
            Sent += output;
            Terminal.Send(output.ToString());
            return this;
        }

        public Person Types(string text) =>
            Sees(Keystroke.Typing(text).Select(stroke => new ShellInput.KeyPressed(stroke)));

        public Person Presses(Key key) => Sees(new ShellInput.KeyPressed(new Keystroke(key)));
    }

    private static ShellInput.Written Line(string text, TextStyle style = TextStyle.Plain) =>
        new([ScreenLine.Of(text, style)]);

    private static readonly ShellInput.Prompted Prompt = new(">>> ");

    [Fact]
    public void An_event_appears_above_the_line_being_typed()
    {
        Person person = new Person(40, 10).Sees(Line("Welcome"), Prompt).Types("load $0").Sees(Line("node2 joined"));
        Assert.Equal(["Welcome", "node2 joined", ">>> load $0"], person.Terminal.Lines);
        Assert.Equal((2, 11), person.Terminal.Cursor);
    }

    [Fact]
    public void A_line_of_several_rows_is_not_torn_either()
    {
        Person person = new Person(10, 10).Sees(Prompt).Types("0123456789abcdef").Presses(Key.Home).Sees(Line("event"));
        Assert.Equal(["event", ">>> 012345", "6789abcdef"], person.Terminal.Lines);
        Assert.Equal((1, 4), person.Terminal.Cursor);
        person.Presses(Key.End);
        Assert.Equal((3, 0), person.Terminal.Cursor);
    }

    [Fact]
    public void A_submitted_line_stays_and_the_answer_follows()
    {
        Person person = new Person(40, 10).Sees(Prompt).Types("!quit").Presses(Key.Enter)
            .Sees(Line("Farewell! Have a great day!"), new ShellInput.Closed(0));
        Assert.Equal([">>> !quit", "Farewell! Have a great day!"], person.Terminal.Lines);
        Assert.Equal([new ShellEffect.Submit("!quit"), new ShellEffect.Exit(0)], person.Effects);
        Assert.Equal((2, 0), person.Terminal.Cursor);
    }

    [Fact]
    public void What_is_typed_ahead_waits_for_the_prompt()
    {
        Person person = new Person(40, 10).Types("one").Presses(Key.Enter).Types("tw");
        Assert.Empty(person.Effects);
        person.Sees(Prompt);
        Assert.Equal([new ShellEffect.Submit("one")], person.Effects);
        person.Sees(Line("done"), Prompt);
        Assert.Equal([">>> one", "done", ">>> tw"], person.Terminal.Lines);
    }

    [Fact]
    public void Ctrl_c_drops_the_line_and_what_was_typed_ahead()
    {
        Person person = new Person(40, 10).Sees(Prompt).Types("oops").Presses(Key.Interrupt).Types("x");
        Assert.Equal([">>> oops^C", ">>> x"], person.Terminal.Lines);
        Person busy = new Person(40, 10).Types("ahead").Presses(Key.Interrupt).Sees(Prompt);
        Assert.Equal([">>>"], busy.Terminal.Lines);
        Assert.Equal([new ShellEffect.Interrupt()], busy.Effects);
    }

    [Fact]
    public void Ctrl_l_leaves_only_the_line()
    {
        Person person = new Person(40, 5).Sees(Line("a"), Line("b"), Prompt).Types("cd").Presses(Key.ClearScreen);
        Assert.Equal([">>> cd"], person.Terminal.Lines);
        person.Types("e");
        Assert.Equal([">>> cde"], person.Terminal.Lines);
    }

    [Fact]
    public void A_line_higher_than_the_screen_is_seen_around_its_cursor()
    {
        string text = string.Concat(Enumerable.Range(0, 100).Select(n => $"{n:00}"));
        Person person = new Person(10, 4).Sees(Prompt).Types(text);
        Assert.Equal(["8889909192", "9394959697", "9899"], person.Terminal.Lines[^3..]);
        person.Presses(Key.Home);
        Assert.Equal(">>> 000102", person.Terminal.Lines[^3]);
    }

    [Fact]
    public void Another_prompt_replaces_the_one_shown()
    {
        Person person = new Person(40, 10).Sees(Prompt).Types("x").Sees(new ShellInput.Prompted("path: "));
        Assert.Equal(["path: x"], person.Terminal.Lines);
    }

    [Fact]
    public void Colours_are_sent_only_where_they_are_wanted()
    {
        Assert.Contains("\e[31mbad\e[0m", new Person(40, 10, colour: true).Sees(Line("bad", TextStyle.Bad)).Sent);
        Assert.DoesNotContain("\e[31m", new Person(40, 10).Sees(Line("bad", TextStyle.Bad)).Sent);
    }

    [Fact]
    public void A_long_paste_is_drawn_once()
    {
        Person person = new Person(80, 24).Sees(Prompt).Types(new string('x', 1000));
        Assert.InRange(person.Sent.Length, 1000, 1100);
    }

    /// <summary>After any history the screen shows every line written and every line submitted, once and in order,
    /// and the prompt with the line below them, the cursor where the next character would go.</summary>
    [Fact]
    public void Nothing_is_ever_torn_lost_or_doubled()
    {
        string[] pieces = ["a", "b ", "日", "e\u0301", "😀"];
        Gen<ShellInput> typed = Gen.Elements(pieces.SelectMany(Keystroke.Typing).ToArray())
            .Select(ShellInput (stroke) => new ShellInput.KeyPressed(stroke));
        Key[] keys = [Key.Left, Key.Right, Key.Home, Key.End, Key.Backspace, Key.Delete, Key.Enter, Key.Up, Key.Interrupt];
        Gen<ShellInput> pressed = Gen.Elements(keys)
            .Select(ShellInput (key) => new ShellInput.KeyPressed(new Keystroke(key)));
        Gen<ShellInput> written = Gen.Elements("event", "", "a line that is wider than the terminal is", "日本語日本語日本語")
            .Select(ShellInput (text) => Line(text));
        Gen<ShellInput> input = Gen.Frequency((6, typed), (4, pressed), (2, written), (2, Gen.Constant<ShellInput>(Prompt)));
        Arbitrary<(int, ShellInput[])> cases = Gen.Choose(7, 12)
            .SelectMany(columns => Gen.ArrayOf(input).Select(inputs => (columns, inputs))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(cases, run =>
        {
            (int columns, ShellInput[] inputs) = run;
            var person = new Person(columns, 200);
            List<string> expected = [];
            foreach (ShellInput next in inputs)
            {
                TerminalView before = person.State.View with { Text = person.State.Line.Text };
                person.Sees(next);
                if (next is ShellInput.Written w) expected.AddRange(Rows(w.Lines[0].Text, columns));
                // One input may finish several lines, when keys were typed ahead; those runs are checked by their
                // ends.
                if (next is ShellInput.Prompted && person.Effects.Count > 0 && before.Prompt is null) return;
                if (before.Prompt is null || next is not ShellInput.KeyPressed key) continue;
                if (key.Stroke.Key == Key.Enter) expected.AddRange(Rows(before.Prompt + before.Text, columns, finished: true));
                if (key.Stroke.Key == Key.Interrupt) expected.AddRange(Rows(before.Prompt + before.Text + "^C", columns));
            }
            TerminalView view = person.State.View;
            if (view.Prompt is not null) expected.AddRange(Rows(view.Prompt + view.Text, columns));
            while (expected.Count > 0 && expected[^1].Length == 0) expected.RemoveAt(expected.Count - 1);
            Assert.Equal(expected, person.Terminal.Lines);
        }));
    }

    private static List<string> Rows(string text, int columns, bool finished = false)
    {
        var terminal = new VirtualTerminal(columns, 1000);
        terminal.Send(text + "|");
        List<string> rows = terminal.Lines;
        rows[^1] = rows[^1][..^1].TrimEnd();
        // A line that ends at the edge: its break makes an empty row when the cursor had to be shown beyond it.
        if (!finished && rows.Count > 1 && rows[^1].Length == 0) rows.RemoveAt(rows.Count - 1);
        return [.. rows.Select(row => row.TrimEnd())];
    }
}
