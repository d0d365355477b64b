using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>
/// Where one session is seen: a console, a remote shell's socket, a test. A session writes whole lines only, and asks
/// for the next line by prompting; what is typed comes back to its <c>ReplActor</c> as <see
/// cref="Iridium.Actors.Protocol.ReplProtocol.LineTyped"/>.
/// </summary>
/// <remarks>
/// Called from the session's actor, one call at a time, from changing threads. No call may block for long or call
/// back. A line may be written while a person is typing: the screen repaints the prompt and what was typed below it.
/// </remarks>
public interface IScreen
{
    /// <summary>
    /// Whether a person sits there. If so, a program that runs for long gives the prompt back while it goes on; if not
    /// (a script on standard input), the next line is asked for only after the last one has been carried out.
    /// </summary>
    bool IsInteractive { get; }

    /// <summary>Shows these lines, in order, each followed by a line break.</summary>
    void Write(ImmutableArray<ScreenLine> lines);

    /// <summary>Shows this prompt and reads the next line. A prompt replaces the one shown before.</summary>
    void Prompt(string text);

    /// <summary>The session is over; the screen is not used again.</summary>
    /// <param name="exitCode">0 after <c>!quit</c> or the end of input.</param>
    void Close(int exitCode);
}
