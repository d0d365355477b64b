using System.Collections.Immutable;
using System.Text;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>What happens to an interactive shell.</summary>
public abstract record ShellInput
{
    private ShellInput()
    {
    }

    public sealed record KeyPressed(Keystroke Stroke) : ShellInput;

    public sealed record Written(ImmutableArray<ScreenLine> Lines) : ShellInput;

    public sealed record Prompted(string Text) : ShellInput;

    public sealed record Resized(int Columns, int Rows) : ShellInput;

    public sealed record Closed(int ExitCode) : ShellInput;
}

/// <summary>What the shell wants done about it, besides drawing.</summary>
public abstract record ShellEffect
{
    private ShellEffect()
    {
    }

    public sealed record Submit(string Line) : ShellEffect;

    public sealed record Interrupt : ShellEffect;

    public sealed record EndInput : ShellEffect;

    public sealed record Exit(int Code) : ShellEffect;
}

/// <summary>
/// A shell on a terminal, as a function from a state and an input to the next state, the characters to send to the
/// terminal and the effects. Keys pressed while no line is asked for wait for the next prompt, ctrl-c excepted.
/// </summary>
/// <param name="Waiting">Keys typed ahead.</param>
public sealed record ShellState(TerminalView View, LineState Line, ImmutableQueue<Keystroke> Waiting)
{
    public static ShellState Start(int columns, int rows, bool colour) =>
        new(new TerminalView(columns, rows, colour), LineState.Empty, ImmutableQueue<Keystroke>.Empty);

    /// <param name="output">Receives what the terminal is to be sent.</param>
    /// <param name="effects">Receives what else is to be done, in order.</param>
    public ShellState After(ShellInput input, LineEditor editor, StringBuilder output, List<ShellEffect> effects)
    {
        switch (input)
        {
            case ShellInput.Written written:
                return Drawn(Current.Write(written.Lines), output);
            case ShellInput.Resized size:
                return Drawn(Current.Resize(size.Columns, size.Rows), output);
            case ShellInput.Closed closed:
                effects.Add(new ShellEffect.Exit(closed.ExitCode));
                return Drawn(View.Show(null, "", 0), output);
            case ShellInput.Prompted prompted:
                return Drawn(View.Show(prompted.Text, Line.Text, Line.Cursor), output)
                    .Replay(editor, output, effects);
            case ShellInput.KeyPressed { Stroke.Key: Key.Interrupt } when View.Prompt is null:
                effects.Add(new ShellEffect.Interrupt());
                return this with { Waiting = ImmutableQueue<Keystroke>.Empty };
            case ShellInput.KeyPressed pressed when View.Prompt is null:
                return this with { Waiting = Waiting.Enqueue(pressed.Stroke) };
            case ShellInput.KeyPressed pressed:
                return Press(pressed.Stroke, editor, output, effects);
            default:
                throw new InvalidOperationException($"BUG: unknown input {input}");
        }
    }

    /// <summary>Draws what keys have changed. Called once after a burst of inputs, so that pasting a page draws
    /// once.</summary>
    public ShellState Settled(StringBuilder output) =>
        View.Prompt is null || (View.Text == Line.Text && View.Cursor == Line.Cursor)
            ? this
            : Drawn(View.Show(View.Prompt, Line.Text, Line.Cursor), output);

    /// <summary>The view with the line as it is now, drawn or not.</summary>
    private TerminalView Current =>
        View.Prompt is null ? View : View with { Text = Line.Text, Cursor = Line.Cursor };

    private ShellState Drawn((TerminalView View, string Output) drawn, StringBuilder output)
    {
        output.Append(drawn.Output);
        return this with { View = drawn.View };
    }

    private ShellState Replay(LineEditor editor, StringBuilder output, List<ShellEffect> effects)
    {
        ShellState state = this;
        while (state.View.Prompt is not null && !state.Waiting.IsEmpty)
        {
            state = state with { Waiting = state.Waiting.Dequeue(out Keystroke stroke) };
            state = state.Press(stroke, editor, output, effects);
        }
        return state;
    }

    private ShellState Press(Keystroke stroke, LineEditor editor, StringBuilder output, List<ShellEffect> effects)
    {
        (LineState line, LineEvent? happened) = editor.Press(Line, stroke);
        ShellState next = this with { Line = line };
        switch (happened)
        {
            case null:
                return next;
            case LineEvent.Submitted submitted:
                effects.Add(new ShellEffect.Submit(submitted.Line));
                return next.Drawn(Current.Finish(""), output);
            case LineEvent.Interrupted:
                effects.Add(new ShellEffect.Interrupt());
                ShellState finished = next.Drawn(Current.Finish("^C"), output);
                return finished.Drawn(finished.View.Show(View.Prompt, line.Text, line.Cursor), output);
            case LineEvent.Ended:
                effects.Add(new ShellEffect.EndInput());
                return next.Drawn(Current.Finish(""), output);
            case LineEvent.ScreenCleared:
                return next.Drawn(Current.Clear(), output);
            case LineEvent.Choices choices:
                return next.Drawn(Current.Write([ScreenLine.Of(string.Join("  ", choices.Words))]), output);
            default:
                output.Append('\a');
                return next;
        }
    }
}
