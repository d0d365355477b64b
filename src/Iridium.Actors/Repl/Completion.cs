using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>What may stand where the cursor is.</summary>
/// <param name="Start">Where in the line the word begins that a candidate replaces.</param>
/// <param name="Candidates">Whole words, in the order to offer them.</param>
/// <param name="Kind">What belongs there, for a screen that knows more candidates, such as files.</param>
public sealed record CompletionOffer(int Start, ImmutableArray<string> Candidates, ArgumentKind? Kind);

/// <summary>Completes a line that is being typed, from the <see cref="CommandTable"/> alone.</summary>
public static class Completion
{
    private static readonly CompletionOffer None = new(0, [], null);

    /// <param name="line">As far as it is typed.</param>
    /// <param name="cursor">Where the cursor stands, from 0; what is behind it does not count.</param>
    /// <param name="aliases">The aliases of the nodes that are known.</param>
    public static CompletionOffer For(string line, int cursor, IEnumerable<string> aliases)
    {
        string typed = line[..Math.Clamp(cursor, 0, line.Length)];
        int start = typed.LastIndexOfAny([' ', '\t']) + 1;
        string word = typed[start..];
        string before = typed[..start].Trim();
        if (before.Length == 0)
        {
            return word.StartsWith('!') || (word.Length == 0 && typed.Length == 0)
                ? new(start, Beginning(word, CommandTable.Entries.Select(entry => entry.Name)), ArgumentKind.Command)
                : None;
        }
        if (before[0] != '!') return None;
        ImmutableArray<string> words = CommandParser.Words(before);
        return CommandTable.Find(words[0]) is { } entry ? ForArgument(entry, words, start, word, aliases) : None;
    }

    private static CompletionOffer ForArgument(
        CommandEntry entry, ImmutableArray<string> words, int start, string word, IEnumerable<string> aliases)
    {
        CommandArgument? option = Option(entry, words[^1]);
        if (option is { IsFlag: false }) return Offer(option.Kind, start, word, aliases);
        if (word.StartsWith('-'))
        {
            IEnumerable<string> unused = entry.Arguments.Select(argument => argument.Option).OfType<string>()
                .Where(name => !words.Contains(name));
            return new(start, Beginning(word, unused), null);
        }

        // Words that are options or their values take no place.
        int place = 0;
        for (int index = 1; index < words.Length; index++)
        {
            CommandArgument? named = Option(entry, words[index]);
            if (named is null) place++;
            else if (!named.IsFlag) index++;
        }
        CommandArgument? argument = entry.Arguments.Where(one => one.Option is null).ElementAtOrDefault(place);
        return argument is null ? None : Offer(argument.Kind, start, word, aliases);
    }

    private static CompletionOffer Offer(ArgumentKind kind, int start, string word, IEnumerable<string> aliases)
    {
        IEnumerable<string> candidates = kind switch
        {
            ArgumentKind.Command => CommandTable.Entries.Select(entry => entry.Name[(word.StartsWith('!') ? 0 : 1)..]),
            ArgumentKind.Alias => aliases,
            ArgumentKind.Pid => aliases.Select(alias => alias + "/"),
            ArgumentKind.Host => ["127.0.0.1"],
            ArgumentKind.Port => ["2254"],
            _ => [],
        };
        return new(start, Beginning(word, candidates), kind);
    }

    private static CommandArgument? Option(CommandEntry entry, string word) =>
        entry.Arguments.FirstOrDefault(argument => argument.Option == word);

    private static ImmutableArray<string> Beginning(string word, IEnumerable<string> candidates) =>
    [
        .. candidates
            .Where(one => one.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal),
    ];
}
