namespace Akka.Configuration.Hocon;

/// <summary>Values written one after the other: texts become one text, lists one list, objects one object.</summary>
internal static class HoconSums
{
    /// <returns>The sum; the argument itself while one of its pieces is open.</returns>
    /// <exception cref="HoconParserException">The pieces are of different kinds, or the sum is too large.</exception>
    public static HoconValue Join(HoconValue value)
    {
        HoconValue[] pieces = ((HoconSum)value.Content!).Pieces;
        HoconValue? container = null;
        foreach (HoconValue piece in pieces)
        {
            if (piece.IsOpen) return value;
            if (piece.Content is HoconObject or HoconValue[]) container ??= piece;
        }

        return container?.Content switch
        {
            null => Texts(value, pieces),
            HoconObject => Objects(value, pieces),
            _ => Lists(value, pieces),
        };
    }

    private static HoconValue Texts(HoconValue value, HoconValue[] pieces)
    {
        if (pieces.Length == 1) return pieces[0];
        long length = 0;
        foreach (HoconValue piece in pieces) length += Text(piece).Length;
        if (length > HoconLimits.TextLength)
        {
            throw new HoconParserException(
                $"this text unfolds to {length:N0} characters, more than {HoconLimits.TextLength:N0}", value.Origin);
        }

        return new HoconValue(string.Concat(Array.ConvertAll(pieces, Text)), value.Origin);
    }

    private static string Text(HoconValue piece) => (string?)piece.Content ?? "null";

    private static HoconValue Objects(HoconValue value, HoconValue[] pieces)
    {
        HoconObject? sum = null;
        foreach (HoconValue piece in pieces)
        {
            if (IsBlank(piece)) continue;
            HoconObject next = piece.Content as HoconObject ?? throw Mixed(piece, "an object");
            sum = sum is null ? next : HoconObject.Merge(next, sum);
        }

        return new HoconValue(sum, value.Origin);
    }

    private static HoconValue Lists(HoconValue value, HoconValue[] pieces)
    {
        var sum = new List<HoconValue>();
        foreach (HoconValue piece in pieces)
        {
            if (IsBlank(piece)) continue;
            sum.AddRange(piece.Content as HoconValue[] ?? throw Mixed(piece, "a list"));
            if (sum.Count > HoconLimits.Values)
            {
                throw new HoconParserException(
                    $"this list unfolds to more than {HoconLimits.Values:N0} elements", value.Origin);
            }
        }

        return new HoconValue(sum.ToArray(), value.Origin);
    }

    private static bool IsBlank(HoconValue piece) => piece.Content is string text && string.IsNullOrWhiteSpace(text);

    private static HoconParserException Mixed(HoconValue piece, string other)
    {
        string kind = piece.Content switch { HoconObject => "an object", HoconValue[] => "a list", _ => "a text" };
        return new HoconParserException(
            $"{kind} and {other} cannot stand side by side as one value; is a comma or a newline missing?",
                piece.Origin);
    }
}
