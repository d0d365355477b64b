using System.Globalization;
using System.Text;

namespace Iridium.Actors.Repl;

/// <summary>
/// Makes foreign text harmless for a terminal or a log: every control character (C0, DEL, C1), every character that
/// changes the direction of writing or hides itself, the line and paragraph separators and every unpaired surrogate
/// become a visible escape like <c>\u001B</c>; a tab becomes spaces. What remains is printed as it is.
/// </summary>
public static class PlainText
{
    private const string Tab = "    ";

    public static string Of(string text)
    {
        int index = FirstSuspect(text);
        return index < 0 ? text : Escaped(text, index);
    }

    /// <summary>Whether this character may reach a screen. Surrogates are judged in pairs by <see
    /// cref="Of"/>.</summary>
    private static bool IsSafe(char character) => char.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => false,
        _ => true,
    };

    private static int FirstSuspect(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (!IsSafe(text[index])) return index;
        }
        return -1;
    }

    private static string Escaped(string text, int start)
    {
        var result = new StringBuilder(text, 0, start, text.Length + 16);
        for (int index = start; index < text.Length; index++)
        {
            char character = text[index];
            if (character == '\t')
            {
                result.Append(Tab);
            }
            else if (IsSafe(character))
            {
                result.Append(character);
            }
            else if (IsVisiblePair(text, index))
            {
                result.Append(character).Append(text[++index]);
            }
            else
            {
                result.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture));
            }
        }
        return result.ToString();
    }

    // Tags (U+E0000…) are invisible format characters that live outside the first plane.
    private static bool IsVisiblePair(string text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text, index)
        && CharUnicodeInfo.GetUnicodeCategory(text, index) != UnicodeCategory.Format;
}
