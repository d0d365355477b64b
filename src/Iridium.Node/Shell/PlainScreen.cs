using System.Collections.Immutable;
using System.Threading.Channels;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>
/// The session of a process without a terminal: lines from standard input, the same texts to standard output without
/// colours. A prompt and the line read for it appear together, as they would on a terminal, so that a transcript
/// reads like a session and an event never tears a line.
/// </summary>
public sealed class PlainScreen : ILocalScreen
{
    private readonly Channel<string> _prompts = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<int> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextReader _in;
    private readonly TextWriter _out;
    private readonly bool _echo;
    private readonly Lock _gate = new();

    /// <param name="echo">False when a person types into a terminal that shows what is typed: then the prompt comes
    /// first.</param>
    public PlainScreen(TextReader input, TextWriter output, bool echo)
    {
        _in = input;
        _out = output;
        _echo = echo;
    }

    public bool IsInteractive => !_echo;

    public Task<int> Closed => _closed.Task;

    public void Start(Action<ShellEffect> perform) =>
        new Thread(() => ReadLines(perform)) { IsBackground = true, Name = "standard input" }.Start();

    public void Write(ImmutableArray<ScreenLine> lines) =>
        Put(string.Concat(lines.Select(line => line.Text + Environment.NewLine)));

    public void Prompt(string text)
    {
        if (!_echo) Put(text);
        _prompts.Writer.TryWrite(text);
    }

    public void Close(int exitCode)
    {
        _prompts.Writer.TryComplete();
        _closed.TrySetResult(exitCode);
    }

    private void ReadLines(Action<ShellEffect> perform)
    {
        while (_prompts.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            string prompt = "";
            // A prompt replaces the one before it.
            while (_prompts.Reader.TryRead(out string? asked)) prompt = asked;
            if (ReadLine(prompt) is { } line)
            {
                perform(new ShellEffect.Submit(line));
                continue;
            }
            if (!_echo) Put(Environment.NewLine);
            perform(new ShellEffect.EndInput());
            return;
        }
    }

    private string? ReadLine(string prompt)
    {
        while (true)
        {
            LineRead read = BoundedLines.Read(_in, LineEditor.LineCharacters);
            if (read.IsEnd) return null;
            // Half a command is worse than none.
            if (_echo)
                Put(prompt + PlainText.Of(read.IsTooLong ? read.Text[..40] + "…" : read.Text) + Environment.NewLine);
            if (!read.IsTooLong) return read.Text;
            Put($"Not run: a line has at most {LineEditor.LineCharacters} characters.{Environment.NewLine}");
            if (!_echo) Put(prompt);
        }
    }

    /// <summary>Whoever read the output may have gone (<c>iridium … | head</c>); that ends the session, without an
    /// error.</summary>
    private void Put(string text)
    {
        lock (_gate)
        {
            try
            {
                _out.Write(text);
                _out.Flush();
            }
            catch (IOException)
            {
                _closed.TrySetResult(0);
            }
        }
    }
}
