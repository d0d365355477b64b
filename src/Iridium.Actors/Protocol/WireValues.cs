using System.Collections.Immutable;
using Iridium.Actors.Node;
using Iridium.Actors.Repl;

namespace Iridium.Actors.Protocol;

/// <summary>The doubts with which values from the wire are read: each passes its value on, or refuses the
/// letter.</summary>
internal static class WireValues
{
    public static string AliasOf(string text) => Alias.IsValid(text) ? text : throw Bad("an alias that is none");

    public static string Short(string text, int limit) =>
        text.Length <= limit ? text : throw Bad($"a text of {text.Length} characters where {limit} are the most");

    /// <summary>A text that is shown in one line, whatever a stranger wrote in it.</summary>
    public static string Line(string text, int limit) => PlainText.Of(Short(text, limit));

    public static int Number(uint value) => value == 0 ? throw Bad("a number 0") : Count(value, int.MaxValue);

    public static int Count(uint value, int limit) =>
        value <= limit ? (int)value : throw Bad($"{value} where {limit} is the most");

    public static long NotNegative(long value) => value >= 0 ? value : throw Bad("a negative count");

    public static TEnum Known<TEnum>(uint value)
        where TEnum : struct, Enum
    {
        var known = (TEnum)Enum.ToObject(typeof(TEnum), value);
        return Enum.IsDefined(known) ? known : throw Bad($"{value} as a {typeof(TEnum).Name}");
    }

    public static ImmutableArray<TTo> Many<TFrom, TTo>(
        IReadOnlyCollection<TFrom> values, int limit, Func<TFrom, TTo> read) => values.Count <= limit
        ? [.. values.Select(read)]
        : throw Bad($"{values.Count} entries where {limit} are the most");

    public static WireRejectedException Bad(string what) => new(WireReject.BadValue, what);
}
