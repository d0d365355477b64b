using System.Collections.Immutable;

namespace Iridium.Node.Cli;

/// <summary>Something a person can put right: what is wrong, where it stands, what to do next.</summary>
public sealed record UserError(string What, string Where, string Next, ExitCode Code = ExitCode.Usage)
{
    public string ToText() =>
        $"""
        iridium: {What}
          where: {Where}
          next:  {Next}

        """;
}

/// <summary>Carries errors out of a start-up step to the one place that prints them.</summary>
public sealed class UserErrorException(UserError first, Exception? inner = null) : Exception(first.What, inner)
{
    public ImmutableArray<UserError> Errors { get; private init; } = [first];

    public ExitCode Code => Errors[0].Code;

    /// <param name="errors">At least one.</param>
    public static UserErrorException Of(ImmutableArray<UserError> errors) => new(errors[0]) { Errors = errors };
}
