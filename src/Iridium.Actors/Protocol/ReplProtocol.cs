namespace Iridium.Actors.Protocol;

/// <summary>What a screen tells the session it belongs to.</summary>
public static class ReplProtocol
{
    /// <summary>A line was typed, without its line break.</summary>
    public sealed record LineTyped(string Text);

    /// <summary>Ctrl+C: stop what runs in the foreground, or forget the line.</summary>
    public sealed record Interrupted
    {
        public static Interrupted Instance { get; } = new();
    }

    /// <summary>The input has ended, or the connection is gone: the session is over.</summary>
    public sealed record InputEnded
    {
        public static InputEnded Instance { get; } = new();
    }
}
