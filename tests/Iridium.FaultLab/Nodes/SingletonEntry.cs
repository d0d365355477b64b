using System.Globalization;

namespace Iridium.FaultLab.Nodes;

/// <summary>What a life of the singleton does, or what becomes of an ask.</summary>
internal enum SingletonEvent
{
    Begins,

    /// <summary>It works, as it does all the time: nobody asked it.</summary>
    Beats,

    /// <summary>It has got an ask, and answers.</summary>
    Takes,

    /// <summary>It would have worked or answered, but its lease has run out.</summary>
    Refuses,

    /// <summary>The asker has got the answer.</summary>
    Answers,
    Ends,
}

/// <summary>One life of the singleton: what starts elsewhere, or again, is another, and the later is the newer.</summary>
/// <param name="BeganAt">By the machine's monotonic clock, which all processes of the laboratory share.</param>
internal readonly record struct Incarnation(string Ip, long BeganAt) : IComparable<Incarnation>
{
    public static Incarnation Parse(string text) => text.Split(' ') is [var ip, var began]
        ? new(ip, long.Parse(began, CultureInfo.InvariantCulture))
        : throw new FormatException($"`{text}` names no life of a singleton.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ip} {BeganAt}");

    public int CompareTo(Incarnation other) => BeganAt.CompareTo(other.BeganAt);
}

/// <summary>A question to the singleton.</summary>
/// <param name="From">Which node asked.</param>
/// <param name="At">When it asked, by the same clock.</param>
internal readonly record struct Ask(string From, long At)
{
    public static Ask Parse(string text) => text.Split(' ') is [var from, var at]
        ? new(from, long.Parse(at, CultureInfo.InvariantCulture))
        : throw new FormatException($"`{text}` is no ask.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} {At}");
}

/// <summary>A line of a <see cref="SingletonNode"/>.</summary>
/// <param name="At">When it happened where it happened, by the same clock.</param>
/// <param name="Asked">What was taken or answered, if it was an ask.</param>
internal sealed record SingletonEntry(SingletonEvent What, Incarnation Who, long At, Ask? Asked = null)
{
    /// <summary>The ask came from the node on which this singleton is.</summary>
    public bool IsOwnAsk => Asked?.From == Who.Ip;

    public static SingletonEntry Parse(string line)
    {
        if (line.Split(' ') is not [var what, var ip, var began, var at, .. var ask])
            throw new FormatException($"`{line}` is no line of a singleton's node.");
        return new SingletonEntry(Enum.Parse<SingletonEvent>(what), Incarnation.Parse($"{ip} {began}"),
            long.Parse(at, CultureInfo.InvariantCulture),
            ask.Length == 0 ? null : Ask.Parse(string.Join(' ', ask)));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What} {Who} {At} {Asked}").TrimEnd();
}
