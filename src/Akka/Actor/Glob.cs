namespace Akka.Actor;

/// <summary>Patterns of names: <c>*</c> is any letters, <c>?</c> any one. A stranger may write them, so that a look at a
/// name costs the square of the name's length at most, however long the pattern is.</summary>
internal static class Glob
{
    /// <summary>The pattern with one star where there are several: only so is what is left of it at the end of a name
    /// judged by two letters.</summary>
    public static string Of(string pattern)
    {
        System.Text.StringBuilder glob = new(pattern.Length);
        foreach (char letter in pattern)
        {
            if (letter != '*' || glob.Length == 0 || glob[^1] != '*') glob.Append(letter);
        }
        return glob.ToString();
    }

    /// <param name="glob">From <see cref="Of"/>.</param>
    /// <param name="name">All of it must fit.</param>
    public static bool Matches(string glob, string name)
    {
        // Each star first stands for nothing. When the rest does not fit, the last one takes one letter more; those
        // before it need not be tried again.
        int at = 0, star = -1, taken = 0;
        for (int next = 0; next < name.Length;)
        {
            if (at < glob.Length && glob[at] == '*')
            {
                star = at++;
                taken = next;
            }
            else if (at < glob.Length && (glob[at] == '?' || glob[at] == name[next]))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++taken;
            }
            else
            {
                return false;
            }
        }
        if (at < glob.Length && glob[at] == '*') at++;
        return at == glob.Length;
    }
}
