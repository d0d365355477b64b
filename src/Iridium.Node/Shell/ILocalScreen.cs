using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>The screen of this process's own session.</summary>
public interface ILocalScreen : IScreen
{
    /// <summary>Completes with the exit code when the session is over and everything is shown.</summary>
    Task<int> Closed { get; }

    /// <summary>Starts to read.</summary>
    /// <param name="perform">Called for what was typed, from one thread at a time.</param>
    void Start(Action<ShellEffect> perform);
}
