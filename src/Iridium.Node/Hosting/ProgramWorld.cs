using Iridium.Actors.Repl;
using Iridium.Vm.Execution;

namespace Iridium.Node.Hosting;

/// <summary>What a program without a node sees of the world: it prints to a stream and reads lines from one.</summary>
/// <param name="isTerminal">A person's terminal obeys control characters, so a program's are made visible
/// there.</param>
internal sealed class ProgramWorld(
    TextReader input, TextWriter output, TimeProvider time, Random random, bool isTerminal)
{
    private const int MostLineCharacters = 1 << 20;

    /// <summary>Whether what was printed so far ends its line.</summary>
    public bool EndsLine { get; private set; } = true;

    public void Print(string text)
    {
        if (text.Length == 0) return;
        if (!isTerminal) output.Write(text);
        else output.Write(string.Join('\n', text.Split('\n').Select(line => PlainText.Of(line.TrimEnd('\r')))));
        EndsLine = text[^1] == '\n';
    }

    /// <summary>Ends the line that a program has left open.</summary>
    public void FreshLine()
    {
        if (!EndsLine) output.WriteLine();
        EndsLine = true;
    }

    public VmAnswer AnswerTo(Want want)
    {
        switch (want.Kind)
        {
            case WantKind.Line:
                output.Flush();
                Shell.LineRead line = Shell.BoundedLines.Read(input, MostLineCharacters);
                return line.IsEnd ? new VmAnswer.End() : new VmAnswer.Text(line.Text);
            case WantKind.Clock:
                return new VmAnswer.Milliseconds((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds);
            case WantKind.Random:
                return new VmAnswer.Number(random.Next(int.MinValue, int.MaxValue));
            default:
                return new VmAnswer.End();
        }
    }
}
