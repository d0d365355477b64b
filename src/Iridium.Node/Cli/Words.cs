using System.Text;

namespace Iridium.Node.Cli;

/// <summary>The name of a reason as plain words: <c>CannotConnect</c> is "cannot connect".</summary>
public static class Words
{
    public static string Of(Enum reason)
    {
        var words = new StringBuilder();
        foreach (char letter in reason.ToString())
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }
        return words.ToString();
    }
}
