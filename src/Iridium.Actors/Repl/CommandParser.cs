using System.Collections.Immutable;
using System.Text;

namespace Iridium.Actors.Repl;

/// <summary>
/// Understands a line from the prompt by the <see cref="CommandTable"/>. Words are parted by white space; one with
/// spaces in it stands between double or single quotes. Options stand anywhere; behind <c>--</c> nothing is one. Never
/// throws: whatever is typed is one of the five things a line can be.
/// </summary>
public static class CommandParser
{
    public static CommandLine Parse(string line)
    {
        string text = line.Trim();
        if (text.Length == 0) return new CommandLine.Nothing();
        if (text[0] != '!') return new CommandLine.Assembly(line);

        ImmutableArray<Word> words = Split(text);
        string name = words[0].Text;
        if (CommandTable.Find(name) is not { } entry) return Unknown(name);
        return Match(entry, words.AsSpan()[1..]);
    }

    /// <param name="name">With its exclamation mark; no command is called so.</param>
    internal static CommandLine.Unknown Unknown(string name) => new(name, Nearest(name));

    /// <summary>The words of a line, without their quotes. A quote that is not closed reaches to the end.</summary>
    public static ImmutableArray<string> Words(string text) => [.. Split(text).Select(word => word.Text)];

    private readonly record struct Word(string Text, bool WasQuoted);

    private static CommandLine Match(CommandEntry entry, ReadOnlySpan<Word> words)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        var rest = ImmutableArray.CreateBuilder<string>();
        var places = new Queue<CommandArgument>(entry.Arguments.Where(argument => argument.Option is null));
        bool optionsEnded = false;
        for (int index = 0; index < words.Length; index++)
        {
            (string word, bool quoted) = words[index];
            if (!quoted && !optionsEnded && word == "--")
            {
                optionsEnded = true;
            }
            else if (!quoted && !optionsEnded && word.StartsWith("--", StringComparison.Ordinal))
            {
                if (OptionOf(entry, word) is not { } option) return Misuse(entry, $"There is no option {word}.");
                if (values.ContainsKey(option.Name)) return Misuse(entry, $"{word} is given twice.");
                if (!option.IsFlag && index + 1 == words.Length)
                    return Misuse(entry, $"{word} needs its <{option.Name}>.");
                values[option.Name] = option.IsFlag ? "" : words[++index].Text;
            }
            else if (places.TryPeek(out CommandArgument? place))
            {
                if (place.TakesRest) rest.Add(word);
                else values[places.Dequeue().Name] = word;
            }
            else
            {
                return Misuse(entry, $"`{word}` is one argument too many.");
            }
        }
        CommandArgument? missing = places.FirstOrDefault(argument => argument.Required);
        return missing is null
            ? new CommandLine.Command(entry, values.ToImmutable(), rest.ToImmutable())
            : Misuse(entry, $"The <{missing.Name}> is missing.");
    }

    private static CommandArgument? OptionOf(CommandEntry entry, string word) => entry.Arguments
        .FirstOrDefault(argument => string.Equals(argument.Option, word, StringComparison.OrdinalIgnoreCase));

    private static CommandLine.Misused Misuse(CommandEntry entry, string problem) => new(entry, problem);

    private static ImmutableArray<Word> Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<Word>();
        int index = 0;
        while (true)
        {
            while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
            if (index == text.Length) return words.ToImmutable();
            words.Add(ReadWord(text, ref index));
        }
    }

    // Quotes open only at the start of a word, so that a file may be called O'Hara's.
    private static Word ReadWord(string text, ref int index)
    {
        if (text[index] is '"' or '\'')
        {
            char quote = text[index++];
            int end = text.IndexOf(quote, index);
            string quoted = end < 0 ? text[index..] : text[index..end];
            index = end < 0 ? text.Length : end + 1;
            return new Word(quoted, WasQuoted: true);
        }
        var word = new StringBuilder();
        while (index < text.Length && !char.IsWhiteSpace(text[index])) word.Append(text[index++]);
        return new Word(word.ToString(), WasQuoted: false);
    }

    private static string? Nearest(string name)
    {
        (CommandEntry entry, int distance) = CommandTable.Entries
            .Select(entry => (entry, Distance(name.ToLowerInvariant(), entry.Name)))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, entry.Name.Length / 3) ? entry.Name : null;
    }

    /// <summary>Edit distance: how many letters to put in, take out or change. A long name is far from all of
    /// them.</summary>
    private static int Distance(string from, string to)
    {
        if (from.Length > 2 * to.Length) return from.Length;
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        foreach ((int row, char letter) in from.Index())
        {
            int diagonal = above[0];
            above[0] = row + 1;
            for (int column = 1; column <= to.Length; column++)
            {
                int changed = diagonal + (letter == to[column - 1] ? 0 : 1);
                diagonal = above[column];
                above[column] = Math.Min(changed, Math.Min(above[column], above[column - 1]) + 1);
            }
        }
        return above[^1];
    }
}
