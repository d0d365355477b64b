using Iridium.Actors.Repl;

namespace Iridium.Node.Shell;

/// <summary>What tab offers: the commands' own words, and this machine's files where a file belongs.</summary>
/// <param name="aliases">The nodes known now.</param>
public sealed class LineCompletion(Func<IEnumerable<string>> aliases)
{
    /// <summary>More choices than this fill a screen and help nobody.</summary>
    private const int MostFiles = 200;

    public CompletionWords For(string typed)
    {
        CompletionOffer offer = Completion.For(typed, typed.Length, aliases());
        return offer.Kind == ArgumentKind.File
            ? new(offer.Start, [.. Files(typed[offer.Start..])])
            : new(offer.Start, offer.Candidates);
    }

    private static IEnumerable<string> Files(string typed)
    {
        int slash = typed.LastIndexOf('/') + 1;
        (string folder, string start) = (typed[..slash], typed[slash..]);
        string place = folder.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[2..])
            : folder.Length == 0 ? "." : folder;
        try
        {
            return
            [
                .. new DirectoryInfo(place).EnumerateFileSystemInfos(start + "*")
                    .Where(entry => start.Length > 0 || !entry.Name.StartsWith('.'))
                    .Take(MostFiles)
                    .Select(entry => folder + entry.Name + (entry is DirectoryInfo ? "/" : ""))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
