namespace Iridium.Vm.Assembly;

/// <summary>
/// "Did you mean": the nearest known word, if it is near enough to be a slip of the fingers; of equals the first.
/// </summary>
internal static class Spelling
{
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int allowed = word.Length <= 3 ? 1 : word.Length <= 6 ? 2 : 3;
        string? best = null;
        int bestDistance = allowed + 1;
        foreach (string candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) >= bestDistance) continue;
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance >= bestDistance) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best;
    }

    /// <summary>After a hundred errors nobody reads guesses, and thousands of them would take minutes.</summary>
    private const int MostGuesses = 100;

    private const int LongestWord = 100;

    public static string? DidYouMean(
        List<Diagnostic> diagnostics, string word, IEnumerable<string> known, string prefix = "") =>
        diagnostics.Count < MostGuesses && word.Length <= LongestWord && Nearest(word, known) is { } nearest
            ? $"did you mean {prefix}{nearest}?"
            : null;

    /// <summary>Letters inserted, dropped, changed or swapped with their neighbour.</summary>
    private static int Distance(string from, string to)
    {
        int[,] steps = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++) steps[i, 0] = i;
        for (int j = 0; j <= to.Length; j++) steps[0, j] = j;
        for (int i = 1; i <= from.Length; i++)
        {
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = steps[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(changed, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }
        return steps[from.Length, to.Length];
    }
}
