namespace Iridium.Actors.Vm;

/// <summary>Cuts text into pieces that fit a letter, never between the halves of a character.</summary>
internal static class OutputPieces
{
    public static IEnumerable<string> Of(string text, int longest)
    {
        for (int start = 0; start < text.Length;)
        {
            int length = Math.Min(longest, text.Length - start);
            int end = start + length;
            bool splitsPair = length > 1 && end < text.Length && char.IsHighSurrogate(text[end - 1]);
            if (splitsPair) length--;
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
