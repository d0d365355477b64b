using System.Globalization;
using System.Numerics;

namespace Akka.Configuration.Hocon;

/// <summary>Turns values into what their readers want. An error names the path, the text, its place, and what was
/// wanted:
/// <c>akka.loglevel = 'abc' (node.conf:12:5) is not an integer</c>.</summary>
internal static class HoconReader
{
    public static string? Text(HoconValue value, string? path) => value.Content switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(value, path, "a text"),
    };

    public static string Element(HoconValue value, string? path) =>
        Text(value, path) ?? throw Wrong(value, path, "a text");

    public static bool Boolean(HoconValue value, string? path) => value.Content switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        string text when bool.TryParse(text, out bool parsed) => parsed,
        _ => throw Wrong(value, path, "one of on, off, true, false, yes, no"),
    };

    public static T Number<T>(HoconValue value, string? path) where T : struct, INumber<T>
    {
        bool whole = T.IsInteger(T.One / (T.One + T.One)) && T.One / (T.One + T.One) == T.Zero;
        NumberStyles style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        if (value.Content is string text)
        {
            if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T number)) return number;
            if (whole && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) &&
                T.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
        }

        throw Wrong(value, path, whole ? $"an integer{RangeOf<T>()}" : "a number");
    }

    private static string RangeOf<T>() where T : struct =>
        typeof(T) == typeof(int) ? " of 32 bits" : typeof(T) == typeof(byte) ? " from 0 to 255" : "";

    /// <summary><c>10s</c>, <c>1.5 minutes</c>, <c>500</c> (milliseconds), <c>infinite</c>.</summary>
    public static TimeSpan Duration(HoconValue value, string? path, bool allowInfinite)
    {
        string wanted = allowInfinite
            ? "a duration like 250ms, 10s, 1.5 m, 2 hours, 1d or infinite"
            : "a finite duration like 250ms, 10s, 1.5 m, 2 hours or 1d";
        if (value.Content is not string text) throw Wrong(value, path, wanted);
        if (text == "infinite") return allowInfinite ? Timeout.InfiniteTimeSpan : throw Wrong(value, path, wanted);
        if (!TrySplit(text, out decimal amount, out ReadOnlySpan<char> unit)) throw Wrong(value, path, wanted);
        decimal ticks = TicksPer(unit);
        if (ticks == 0) throw Wrong(value, path, wanted);
        try
        {
            return TimeSpan.FromTicks((long)decimal.Round(amount * ticks));
        }
        catch (OverflowException)
        {
            throw Wrong(value, path, "a duration of at most 10,675,199 days");
        }
    }

    private static decimal TicksPer(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01m,
        _ => 0,
    };

    /// <summary><c>128000b</c>, <c>64 KiB</c>, <c>1.5 MB</c>, <c>4096</c>. Null is null.</summary>
    public static long? ByteSize(HoconValue value, string? path)
    {
        const string Wanted = "a size like 4096, 128000b, 100 kB or 64 KiB";
        if (value.Content is null) return null;
        if (value.Content is not string text || !TrySplit(text, out decimal amount, out ReadOnlySpan<char> unit))
        {
            throw Wrong(value, path, Wanted);
        }

        decimal factor = BytesPer(unit);
        if (factor == 0) throw Wrong(value, path, Wanted);
        decimal bytes = amount * factor;
        return bytes <= long.MaxValue ? (long)bytes : throw Wrong(value, path, "a size of at most 8 EiB");
    }

    private static decimal BytesPer(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "b" or "B" or "byte" or "bytes" => 1,
        "kB" or "KB" or "kb" or "kilobyte" or "kilobytes" => 1e3m,
        "MB" or "mB" or "mb" or "megabyte" or "megabytes" => 1e6m,
        "GB" or "gB" or "gb" or "gigabyte" or "gigabytes" => 1e9m,
        "TB" or "tB" or "tb" or "terabyte" or "terabytes" => 1e12m,
        "PB" or "pB" or "pb" or "petabyte" or "petabytes" => 1e15m,
        "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        "p" or "P" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
        _ => 0,
    };

    /// <summary>An amount of at most 15 characters (so that no product overflows) and the unit after it.</summary>
    private static bool TrySplit(string text, out decimal amount, out ReadOnlySpan<char> unit)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int digits = trimmed.IndexOfAnyExcept("0123456789.");
        if (digits < 0) digits = trimmed.Length;
        unit = trimmed[digits..].Trim();
        amount = 0;
        return digits <= 19 && decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out amount);
    }

    public static HoconValue[] Items(HoconValue value, string? path) =>
        value.Content as HoconValue[] ?? throw Wrong(value, path, "a list like [a, b]");

    public static IList<T> List<T>(HoconValue value, string? path, Func<HoconValue, string?, T> read)
    {
        HoconValue[] items = Items(value, path);
        var list = new T[items.Length];
        for (int i = 0; i < items.Length; i++) list[i] = read(items[i], path is null ? null : $"{path}[{i}]");
        return list;
    }

    public static ConfigurationException Wrong(HoconValue value, string? path, string wanted)
    {
        string shown = value.Content switch
        {
            null => "null",
            string text => text.Length <= 60 ? $"'{text}'" : $"'{text.AsSpan(0, 60)}…'",
            HoconObject => "{…}",
            HoconValue[] => "[…]",
            _ => value.ToString(),
        };
        string place = value.Origin.IsKnown ? $" ({value.Origin})" : "";
        return new ConfigurationException(
            $"{(path is null ? "the value" : path + " =")} {shown}{place} is not {wanted}.");
    }
}
