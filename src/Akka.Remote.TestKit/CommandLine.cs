using System.Globalization;

namespace Akka.Remote.TestKit;

/// <summary>What a node's process was told when it was started: pairs <c>-Dmultinode.key=value</c>.</summary>
public static class CommandLine
{
    private const string Mark = "-D";

    private static Dictionary<string, string> _pairs = Read(Environment.GetCommandLineArgs());

    /// <summary>Takes the words of another command line than the process's own.</summary>
    public static void Initialize(string[] args) => _pairs = Read(args);

    /// <returns>The value; null when the key was not given.</returns>
    public static string? GetProperty(string key) => _pairs.GetValueOrDefault(key);

    public static string GetPropertyOrDefault(string key, string defaultStr) => GetProperty(key) ?? defaultStr;

    /// <exception cref="FormatException">The value is no number; the message names the key.</exception>
    public static int GetInt32(string key) => GetInt32OrDefault(key, null);

    public static int GetInt32OrDefault(string key, int defaultInt) => GetInt32OrDefault(key, (int?)defaultInt);

    private static int GetInt32OrDefault(string key, int? fallback)
    {
        string? text = GetProperty(key);
        if (text is null && fallback is { } number) return number;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException(
                $"A node of a multi-node test needs {Mark}{key}=<number> on its command line, but it is '{text}'. "
                + "Run the spec with dotnet test, which starts the nodes.");
    }

    private static Dictionary<string, string> Read(string[] words)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (!word.StartsWith(Mark, StringComparison.Ordinal) || equals < 0) continue;
            pairs[word[Mark.Length..equals]] = word[(equals + 1)..];
        }
        return pairs;
    }
}
