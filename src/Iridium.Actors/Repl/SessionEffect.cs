using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>What a session wants done; its actor does it.</summary>
internal abstract record SessionEffect
{
    private SessionEffect() { }

    public sealed record Write(ImmutableArray<ScreenLine> Lines) : SessionEffect;

    public sealed record Prompt(string Text) : SessionEffect;

    public sealed record Close(int ExitCode) : SessionEffect;

    /// <summary>Read a file, and hand what became of it to <see cref="Session.OnFile"/>.</summary>
    public sealed record ReadFile(int Request, string Path) : SessionEffect;

    public sealed record ToNode(object Message) : SessionEffect;

    public sealed record ToMachine(object Message) : SessionEffect;

    /// <summary>Call <see cref="Session.OnTimer"/> after this time, once. Arming again replaces.</summary>
    public sealed record Arm(SessionTimer Timer, TimeSpan After) : SessionEffect;

    public sealed record Disarm(SessionTimer Timer) : SessionEffect;
}

internal enum SessionTimer
{
    /// <summary>A line runs for so long that the prompt comes back.</summary>
    Patience,

    /// <summary>An answer is overdue.</summary>
    Answer,

    /// <summary>Lines were left out; say how many.</summary>
    Suppressed,

    /// <summary>The input has ended, and what runs in the background has had its time.</summary>
    EndOfInput,
}
