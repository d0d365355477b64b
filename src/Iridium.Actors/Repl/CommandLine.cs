using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>A line from the prompt, understood.</summary>
public abstract record CommandLine
{
    private CommandLine() { }

    /// <summary>Nothing but white space.</summary>
    public sealed record Nothing : CommandLine;

    /// <summary>No exclamation mark in front: assembly for the shell's machine.</summary>
    public sealed record Assembly(string Text) : CommandLine;

    /// <summary>A command with arguments that fit it.</summary>
    /// <param name="Values">By the argument's name; a flag that was given has an empty value.</param>
    /// <param name="Rest">What the argument that takes the rest was given.</param>
    public sealed record Command(
        CommandEntry Entry, ImmutableDictionary<string, string> Values, ImmutableArray<string> Rest) : CommandLine
    {
        public string? this[string argument] => Values.GetValueOrDefault(argument);
    }

    /// <summary>No command has this name.</summary>
    /// <param name="Nearest">A command whose name is much like it, if there is one.</param>
    public sealed record Unknown(string Name, string? Nearest) : CommandLine;

    /// <summary>The command is known, its arguments do not fit.</summary>
    /// <param name="Problem">One sentence.</param>
    public sealed record Misused(CommandEntry Entry, string Problem) : CommandLine;
}
