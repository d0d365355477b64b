using System.Buffers;
using System.Globalization;

namespace Akka.Util;

/// <summary>
/// The version of an application, for comparing which members run the newer one: <c>1.2.3</c>, <c>1.2</c> (as
/// <c>1.2.0</c>) or <c>1</c>. Behind a dotted one may follow <c>-qualifier</c> or <c>+qualifier</c>, which puts it
/// before the plain version, or the commits since a tag and their hash, as in <c>1.2.3+10-ed316bd</c>, which put it
/// after it, by their number. A text without a dot that is no number, as <c>HEAD+20140707-1030</c>, is plain: it comes
/// before all numbers, in the order of text.
/// </summary>
/// <remarks>Nodes have to agree on the order, Akka.NET's too: by it, the oldest with the newest version is chosen. Of
/// two numbers only, Akka.NET takes the commits for the third.</remarks>
public sealed class AppVersion : IComparable<AppVersion>, IEquatable<AppVersion>
{
    public static readonly AppVersion Zero = new("0.0.0", [0, 0, 0, 0], "");

    private static readonly SearchValues<char> Marks = SearchValues.Create("-+");

    // Three, and the commits since.
    private readonly int[] _numbers;
    private readonly string _rest;

    private AppVersion(string version, int[] numbers, string rest)
    {
        Version = version;
        _numbers = numbers;
        _rest = rest;
    }

    /// <summary>The text as it was given.</summary>
    public string Version { get; }

    /// <exception cref="ArgumentException">The text is empty, has more than three parts, or one that is no
    /// number.</exception>
    public static AppVersion Create(string version) => Parse(version) ?? throw new ArgumentException(
        $"'{version}' is not an application version; write one to three numbers, as in 1.2.3, 1.2 or 1.2.3-beta, or a " +
        "name without a dot.",
        nameof(version));

    public int CompareTo(AppVersion? other)
    {
        if (other is null) return 1;
        for (int i = 0; i < _numbers.Length; i++)
        {
            int byNumber = _numbers[i].CompareTo(other._numbers[i]);
            if (byNumber != 0) return byNumber;
        }

        int byKind = (_rest.Length == 0).CompareTo(other._rest.Length == 0);
        return byKind != 0 ? byKind : string.CompareOrdinal(_rest, other._rest);
    }

    public bool Equals(AppVersion? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as AppVersion);

    public override int GetHashCode() =>
        (_numbers[0] * 1_000_003) ^ (_numbers[1] * 1_009) ^ _numbers[2] ^ (_numbers[3] * 31);

    public override string ToString() => Version;

    /// <summary>The version that another node says it has. What is none stays as it is and counts as plain text: without
    /// it there would be no member, and no cluster with it.</summary>
    internal static AppVersion Of(string told) => Parse(told) ?? Plain(told);

    private static AppVersion? Parse(string version)
    {
        string[] parts = version.Split('.');
        int[] numbers = [0, 0, 0, 0];
        if (parts is [var only])
        {
            if (IsNumber(only, out numbers[0])) return new AppVersion(version, numbers, "");
            // A number too long is more likely a mistake than a name.
            return only.Length == 0 || only.All(char.IsAsciiDigit) ? null : Plain(version);
        }

        if (parts.Length > 3) return null;
        int mark = parts[^1].AsSpan().IndexOfAny(Marks);
        string rest = mark < 0 ? "" : parts[^1][(mark + 1)..];
        if (mark >= 0) parts[^1] = parts[^1][..mark];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!IsNumber(parts[i], out numbers[i])) return null;
        }

        int end = rest.AsSpan().IndexOfAny(Marks);
        if (end > 0 && IsNumber(rest.AsSpan(0, end), out int commits))
        {
            numbers[parts.Length] = commits;
            rest = rest[(end + 1)..];
        }

        return new AppVersion(version, numbers, rest);
    }

    private static AppVersion Plain(string text) => new(text, [0, 0, 0, 0], text);

    private static bool IsNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
