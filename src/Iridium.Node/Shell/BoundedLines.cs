using System.Text;

namespace Iridium.Node.Shell;

/// <summary>What was read: a line, one that was cut because it was too long, or the end.</summary>
public readonly record struct LineRead(string Text, bool IsTooLong, bool IsEnd);

/// <summary>Reads lines without trusting their length: what is over the limit is read and thrown away.</summary>
public static class BoundedLines
{
    public static LineRead Read(TextReader input, int mostCharacters)
    {
        var text = new StringBuilder();
        bool tooLong = false;
        while (true)
        {
            int next = input.Read();
            if (next < 0) return new(text.ToString(), tooLong, text.Length == 0);
            if (next == '\n') break;
            if (text.Length < mostCharacters) text.Append((char)next);
            else if (next != '\r') tooLong = true;
        }
        if (text.Length > 0 && text[^1] == '\r') text.Length--;
        return new(text.ToString(), tooLong, false);
    }
}
