using System.Globalization;

namespace Akka.Util;

/// <summary>
/// The version of an application, for comparing which members run the newer one: <c>1</c>, <c>1.2</c>, <c>1.2.3</c>,
/// each optionally followed by <c>-qualifier</c> (before the plain version) or <c>+build</c> (after it).
/// </summary>
public sealed class AppVersion : IComparable<AppVersion>, IEquatable<AppVersion>
{
    public static readonly AppVersion Zero = new("0.0.0", [0, 0, 0], "");

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

    /// <exception cref="ArgumentException">The text is not one to three numbers with an optional
    /// qualifier.</exception>
    public static AppVersion Create(string version)
    {
        int end = version.AsSpan().IndexOfAny('-', '+');
        string rest = end < 0 ? "" : version[end..];
        string[] parts = (end < 0 ? version : version[..end]).Split('.');
        int[] numbers = [0, 0, 0];
        if (parts.Length > numbers.Length) throw Malformed(version);
        for (int i = 0; i < parts.Length; i++)
        {
            bool isNumber = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
            if (!isNumber) throw Malformed(version);
        }

        return new AppVersion(version, numbers, rest);
    }

    public int CompareTo(AppVersion? other)
    {
        if (other is null) return 1;
        for (int i = 0; i < _numbers.Length; i++)
        {
            int byNumber = _numbers[i].CompareTo(other._numbers[i]);
            if (byNumber != 0) return byNumber;
        }

        int byKind = Rank(_rest).CompareTo(Rank(other._rest));
        return byKind != 0 ? byKind : string.CompareOrdinal(_rest, other._rest);
    }

    public bool Equals(AppVersion? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as AppVersion);

    public override int GetHashCode() => (_numbers[0] * 1_000_003) ^ (_numbers[1] * 1_009) ^ _numbers[2];

    public override string ToString() => Version;

    private static int Rank(string rest) => rest.Length == 0 ? 1 : rest[0] == '-' ? 0 : 2;

    private static ArgumentException Malformed(string version) =>
        new(
            $"'{version}' is not an application version; write one to three numbers, as in 1.2.3, 1.2 or 1.2.3-beta.",
            nameof(version));
}
