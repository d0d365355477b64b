namespace Iridium.Actors.Vm;

/// <summary>Cuts text into pieces that fit a letter, never between the halves of a character.</summary>
internal static class OutputPieces
{
    public static IEnumerable<string> Of(string text, int longest)
    {
        for (int start = 0; start < text.Length;)
        {
            int length = Math.Min(longest, text.Length - start);
            bool splitsPair = length > 1 && start + length < text.Length && char.IsHighSurrogate(text[start + length - 1]);
            if (splitsPair) length--;
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
