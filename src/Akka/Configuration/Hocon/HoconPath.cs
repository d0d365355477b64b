using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Dotted paths: <c>akka.actor."a.b"</c> has three elements.</summary>
internal static class HoconPath
{
    /// <summary>Takes the first element off a path. Only quoted elements allocate.</summary>
    public static ReadOnlySpan<char> TakeFirst(ref ReadOnlySpan<char> path)
    {
        if (path.Length > 0 && path[0] == '"') return TakeQuoted(ref path);
        int dot = path.IndexOf('.');
        ReadOnlySpan<char> first = dot < 0 ? path : path[..dot];
        path = dot < 0 ? default : path[(dot + 1)..];
        return first;
    }

    private static ReadOnlySpan<char> TakeQuoted(ref ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> whole = path;
        int end = path[1..].IndexOf('"');
        if (end < 0) throw new ConfigurationException($"The path '{whole}' opens a quote that it never closes.");
        ReadOnlySpan<char> first = path.Slice(1, end);
        path = path[(end + 2)..];
        if (path.Length == 0) return first;
        if (path[0] != '.') throw new ConfigurationException(
            $"The path '{whole}' needs a dot after each quoted element.");
        path = path[1..];
        return first;
    }

    /// <summary>The elements as one path, those quoted that need it.</summary>
    public static string Join(IEnumerable<string> elements)
    {
        var text = new StringBuilder();
        foreach (string element in elements)
        {
            if (text.Length > 0) text.Append('.');
            HoconWriter.AppendKey(text, element);
        }

        return text.ToString();
    }
}
