using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Prints values as HOCON that parses to the same values.</summary>
internal static class HoconWriter
{
    public static string Write(HoconValue value)
    {
        var text = new StringBuilder();
        if (value.Content is HoconObject root) AppendFields(text, root, 0);
        else Append(text, value, 0);
        return text.ToString();
    }

    private static void AppendFields(StringBuilder text, HoconObject node, int indent)
    {
        foreach ((string key, HoconValue value) in node.Items)
        {
            text.Append(' ', indent * 2);
            AppendKey(text, key);
            text.Append(value.Content is HoconObject ? " " : " = ");
            Append(text, value, indent);
            text.Append('\n');
        }
    }

    private static void Append(StringBuilder text, HoconValue value, int indent)
    {
        switch (value.Content)
        {
            case null:
                text.Append("null");
                break;
            case string plain:
                AppendText(text, plain);
                break;
            case HoconObject node:
                text.Append("{\n");
                AppendFields(text, node, indent + 1);
                text.Append(' ', indent * 2).Append('}');
                break;
            case HoconValue[] items:
                text.Append('[');
                for (int i = 0; i < items.Length; i++)
                {
                    if (i > 0) text.Append(", ");
                    Append(text, items[i], indent);
                }

                text.Append(']');
                break;
            case HoconSum sum:
                foreach (HoconValue piece in sum.Pieces) Append(text, piece, indent);
                break;
            case HoconOverlay overlay:
                Append(text, overlay.Top, indent);
                break;
            default:
                text.Append(value.Content);
                break;
        }
    }

    private static void AppendText(StringBuilder text, string plain)
    {
        if (plain != "null" && IsPlain(plain)) text.Append(plain);
        else AppendQuoted(text, plain);
    }

    /// <summary>A key of a path, in quotes where it needs them.</summary>
    public static void AppendKey(StringBuilder text, string key)
    {
        bool plain = IsPlain(key) && !key.Contains('.') && !key.StartsWith("include", StringComparison.Ordinal);
        if (plain) text.Append(key);
        else AppendQuoted(text, key);
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return text.Length > 0;
    }

    private static void AppendQuoted(StringBuilder text, string plain)
    {
        text.Append('"');
        foreach (char c in plain)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", null)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
