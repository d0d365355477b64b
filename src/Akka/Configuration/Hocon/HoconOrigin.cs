namespace Akka.Configuration.Hocon;

/// <summary>A text that was parsed, kept so that positions can be told as line and column when somebody
/// asks.</summary>
internal sealed class HoconSource(string text, string? name)
{
    public string Text { get; } = text;

    public string? Name { get; } = name;
}

/// <summary>Where in which text something was written. Line and column are counted only when an error names
/// them.</summary>
internal readonly struct HoconOrigin(HoconSource? source, int position)
{
    public bool IsKnown => source is not null;

    public int Line => source is null ? 0 : 1 + source.Text.AsSpan(0, position).Count('\n');

    public int Column => source is null ? 0 : position - source.Text.AsSpan(0, position).LastIndexOf('\n');

    /// <summary><c>node.conf:12:5</c>, or <c>line 12, column 5</c> in a text without a name.</summary>
    public override string ToString() => source switch
    {
        null => "an unknown place",
        { Name: null } => $"line {Line}, column {Column}",
        { Name: { } name } => $"{name}:{Line}:{Column}",
    };
}
