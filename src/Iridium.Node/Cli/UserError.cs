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

/// <summary>Carries a <see cref="UserError"/> out of a start-up step to the one place that prints it.</summary>
public sealed class UserErrorException(UserError error, Exception? inner = null) : Exception(error.What, inner)
{
    public UserError Error { get; } = error;
}
