using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>Where the node keeps its id and its log.</summary>
/// <param name="Note">What a person should know about the choice; null when it is the expected one.</param>
public sealed record DataDirectory(string Path, string? Note)
{
    /// <summary>The directory asked for must do. The default one may be closed to this user; then the user's own state
    /// directory does, or at last the temporary one.</summary>
    /// <exception cref="UserErrorException">The directory that was asked for cannot be written.</exception>
    public static DataDirectory Open(NodeLaunch launch, Func<string, string?> variable)
    {
        string? problem = ProblemWith(launch.DataRoot);
        if (problem is null) return new(launch.DataRoot, null);
        if (launch.DataRootIsAsked)
        {
            throw new UserErrorException(new($"the data directory cannot be written: {problem}", launch.DataRoot,
                "choose another --data-root-dir, or make this one writable for you", ExitCode.NotStarted));
        }
        foreach (string candidate in Fallbacks(variable))
        {
            if (ProblemWith(candidate) is null)
                return new(candidate, $"{launch.DataRoot} is not writable; this node keeps its data in {candidate}.");
        }
        throw new UserErrorException(new($"no data directory can be written: {problem}", launch.DataRoot,
            "give --data-root-dir a directory that can be written", ExitCode.NotStarted));
    }

    private static IEnumerable<string> Fallbacks(Func<string, string?> variable)
    {
        if (variable("XDG_STATE_HOME") is { Length: > 0 } state) yield return System.IO.Path.Combine(state, "iridium");
        if (variable("HOME") is { Length: > 0 } home) yield return System.IO.Path.Combine(home, ".local/state/iridium");
        yield return System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"iridium-{Environment.UserName}");
    }

    private static string? ProblemWith(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            string probe = System.IO.Path.Combine(directory, $".probe-{Environment.ProcessId}");
            using FileStream file = new(
                probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return refused.Message;
        }
    }
}
