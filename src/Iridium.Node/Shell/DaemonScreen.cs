using System.Collections.Immutable;
using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>The session of a node that nobody sits at: it hears what happens in the cluster, one line each, and is
/// never asked.</summary>
public sealed class DaemonScreen(TextWriter output) : ILocalScreen
{
    private readonly TaskCompletionSource<int> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    public bool IsInteractive => true;

    public Task<int> Closed => _closed.Task;

    public void Start(Action<ShellEffect> perform)
    {
        // There is no input to read.
    }

    public void Write(ImmutableArray<ScreenLine> lines)
    {
        lock (_gate)
        {
            try
            {
                foreach (ScreenLine line in lines) output.WriteLine(line.Text);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the output any more; the node goes on.
            }
        }
    }

    public void Prompt(string text)
    {
        // Nobody to prompt.
    }

    public void Close(int exitCode) => _closed.TrySetResult(exitCode);
}
