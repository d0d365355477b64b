using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>
/// The session at this process's terminal. Keys, lines to show and changes of size meet in one queue; one loop folds
/// them through <see cref="ShellState"/> and is the only writer to the terminal, so nothing ever tears the line being
/// typed.
/// </summary>
public sealed class ConsoleScreen : ILocalScreen, IDisposable
{
    /// <summary>Lines that wait for a terminal that is slow, or stopped with ctrl-s; at 100 bytes each, 1 MB. More are
    /// counted and not shown, because the actor that prints must never wait for a person.</summary>
    public const int WaitingLines = 10_000;

    private readonly Channel<ShellInput> _inputs = Channel.CreateUnbounded<ShellInput>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource<int> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LineEditor _editor;
    private readonly TextWriter _out;
    private readonly PosixSignalRegistration? _windowChanged;
    private readonly bool _colour;
    private int _waiting;
    private int _dropped;

    public ConsoleScreen(Func<string, CompletionWords> complete, bool colour)
    {
        _editor = new LineEditor(complete);
        _colour = colour;
        var stream = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024);
        _out = stream;
        Console.TreatControlCAsInput = true;
        if (!OperatingSystem.IsWindows())
            _windowChanged = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => PostSize());
    }

    public bool IsInteractive => true;

    /// <summary>Completes with the exit code when the session is over and the last character is written.</summary>
    public Task<int> Closed => _closed.Task;

    public void Write(ImmutableArray<ScreenLine> lines)
    {
        if (Interlocked.Add(ref _waiting, lines.Length) <= WaitingLines)
        {
            Post(new ShellInput.Written(lines));
            return;
        }
        Interlocked.Add(ref _waiting, -lines.Length);
        Interlocked.Add(ref _dropped, lines.Length);
    }

    public void Prompt(string text) => Post(new ShellInput.Prompted(text));

    public void Close(int exitCode) => Post(new ShellInput.Closed(exitCode));

    /// <summary>Starts the two loops.</summary>
    /// <param name="perform">Called for what was typed, from one thread.</param>
    public void Start(Action<ShellEffect> perform)
    {
        new Thread(ReadKeys) { IsBackground = true, Name = "console keys" }.Start();
        _ = Task.Run(() => Run(perform)).ContinueWith(
            run => _closed.TrySetException(run.Exception!), TaskContinuationOptions.OnlyOnFaulted);
    }

    public void Dispose()
    {
        _windowChanged?.Dispose();
        _inputs.Writer.TryComplete();
    }

    // After the end of the session nothing is taken any more, and nobody misses it.
    private void Post(ShellInput input) => _inputs.Writer.TryWrite(input);

    private void PostSize()
    {
        (int columns, int rows) = Size();
        Post(new ShellInput.Resized(columns, rows));
    }

    // A terminal that does not know its size (a serial line, some containers) says 0.
    private static (int Columns, int Rows) Size() =>
        Console.WindowWidth is > 0 and int columns && Console.WindowHeight is > 0 and int rows
            ? (columns, rows)
            : (80, 24);


    private void ReadKeys()
    {
        RuneJoiner joiner = default;
        try
        {
            while (true)
            {
                ConsoleKeyInfo info = Console.ReadKey(intercept: true);
                Key key = KeyTable.Of(info);
                Rune rune = default;
                if (key == Key.Character && !joiner.TryJoin(info.KeyChar, out rune)) continue;
                Post(new ShellInput.KeyPressed(new Keystroke(key, rune)));
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            // The terminal is gone: what is half typed is forgotten, and the input has ended.
            Post(new ShellInput.KeyPressed(new Keystroke(Key.DeleteToEnd)));
            Post(new ShellInput.KeyPressed(new Keystroke(Key.DeleteToStart)));
            Post(new ShellInput.KeyPressed(new Keystroke(Key.EndOfInput)));
        }
    }

    private async Task Run(Action<ShellEffect> perform)
    {
        (int columns, int rows) = Size();
        ShellState state = ShellState.Start(columns, rows, _colour);
        var output = new StringBuilder();
        List<ShellEffect> effects = [];
        try
        {
            while (await _inputs.Reader.WaitToReadAsync())
            {
                while (_inputs.Reader.TryRead(out ShellInput? input)) state = Take(state, input, output, effects);
                state = state.Settled(output);
                _out.Write(output);
                _out.Flush();
                output.Clear();
                foreach (ShellEffect effect in effects) Perform(effect, perform);
                effects.Clear();
            }
        }
        catch (IOException)
        {
            // Nobody sees this terminal any more.
            _closed.TrySetResult(0);
        }
    }

    private ShellState Take(ShellState state, ShellInput input, StringBuilder output, List<ShellEffect> effects)
    {
        if (input is ShellInput.Written written) Interlocked.Add(ref _waiting, -written.Lines.Length);
        ShellState next = state.After(input, _editor, output, effects);
        int dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped == 0) return next;
        ScreenLine note = ScreenLine.Of($"[{dropped} lines came faster than this terminal takes them]", TextStyle.Quiet);
        return next.After(new ShellInput.Written([note]), _editor, output, effects);
    }

    private void Perform(ShellEffect effect, Action<ShellEffect> perform)
    {
        if (effect is ShellEffect.Exit exit) _closed.TrySetResult(exit.Code);
        else perform(effect);
    }
}
