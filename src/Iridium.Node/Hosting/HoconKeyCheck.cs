using System.Collections.Immutable;
using System.Globalization;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>
/// Holds a configuration against the reference: every key under <c>iridium</c> must be one that exists, and its value
/// must be of the kind that the reference's default is of. Keys of others (<c>akka</c>) are theirs to judge.
/// </summary>
public sealed class HoconKeyCheck
{
    private const string Ours = "iridium";

    private readonly ImmutableDictionary<string, string> _known;

    /// <param name="reference">Text that has every key with its default.</param>
    public HoconKeyCheck(string reference)
    {
        ImmutableDictionary<string, string>.Builder known = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (HoconEntry entry in HoconScanner.Scan(reference).Entries)
        {
            // `a.b.c = 1` makes a and a.b objects.
            for (int dot = entry.Path.IndexOf('.'); dot > 0; dot = entry.Path.IndexOf('.', dot + 1))
                known.TryAdd(entry.Path[..dot], "{");
            known[entry.Path] = entry.Value;
        }
        _known = known.ToImmutable();
    }

    /// <param name="file">The name to show.</param>
    /// <param name="prefix">The object that the text is included into; empty for the top.</param>
    public ImmutableArray<UserError> Check(string text, string file, string prefix = "")
    {
        ImmutableArray<UserError>.Builder errors = ImmutableArray.CreateBuilder<UserError>();
        HashSet<string> told = [];
        foreach (HoconEntry entry in HoconScanner.Scan(text).Entries)
        {
            string path = prefix.Length == 0 ? entry.Path : $"{prefix}.{entry.Path}";
            if (path != Ours && !path.StartsWith(Ours + ".", StringComparison.Ordinal)) continue;
            string where = $"{file}, line {entry.Line}, column {entry.Column}";
            if (_known.TryGetValue(path, out string? standard))
            {
                if (KindOf(standard) is { } kind && !Accepts(kind, standard, entry.Value))
                    errors.Add(WrongKind(path, kind, standard, entry.Value, where));
            }
            // What is inside of a misspelled object was told with the object.
            else if (FirstUnknown(path) is { } unknown && told.Add(unknown))
            {
                errors.Add(Misspelled(unknown, where));
            }
        }
        return errors.ToImmutable();
    }

    /// <summary>The shortest part of a path that is not known; null when it lies in an object that takes any
    /// key.</summary>
    private string? FirstUnknown(string path)
    {
        string parent = ParentOf(path);
        while (!_known.ContainsKey(parent)) (path, parent) = (parent, ParentOf(parent));
        return _known[parent] == "{" && IsOpen(parent) ? null : path;
    }

    private UserError Misspelled(string path, string where)
    {
        string parent = ParentOf(path);
        string? meant = Nearest.To(LastOf(path), SiblingsOf(parent).Select(LastOf));
        string? elsewhere = _known.Keys.Order(StringComparer.Ordinal)
            .FirstOrDefault(key => LastOf(key) == LastOf(path) && _known[key] != "{");
        string? guess = meant is not null ? $"{parent}.{meant}" : elsewhere;
        return new($"`{path}` is not a key", where,
            (guess is null ? "" : $"did you mean {guess}? ") + "hocon/iridium.conf has every key");
    }

    private static UserError WrongKind(string path, string kind, string standard, string value, string where) =>
        new($"`{path}` is {Shown(value)}, but must be {kind}", where,
            $"the default is {Shown(standard)}; hocon/iridium.conf tells what it means");

    private bool IsOpen(string parent) => !SiblingsOf(parent).Any();

    private IEnumerable<string> SiblingsOf(string parent) =>
        _known.Keys.Where(key => ParentOf(key) == parent).Order(StringComparer.Ordinal);

    private static string ParentOf(string path) => path.LastIndexOf('.') is > 0 and int dot ? path[..dot] : "";

    private static string LastOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    private const string Object = "an object in braces";
    private const string List = "a list in brackets";
    private const string Flag = "on or off";
    private const string Whole = "a whole number";
    private const string Number = "a number";
    private const string Duration = "a duration such as 5s";
    private const string Size = "a size such as 64 KiB";

    private static readonly string[] DurationUnits =
    [
        "ns", "nanos", "us", "micros", "ms", "millis", "milliseconds", "s", "second", "seconds", "m", "minute",
        "minutes", "h", "hour", "hours", "d", "day", "days",
    ];

    private static readonly string[] SizeUnits =
    [
        "b", "byte", "bytes", "k", "kb", "kib", "mb", "mib", "g", "gb", "gib",
    ];

    /// <summary>What kind of value a default is; null when any text will do.</summary>
    private static string? KindOf(string standard)
    {
        if (standard == "{") return Object;
        if (standard == "[") return List;
        if (IsFlag(standard) && !IsWhole(standard)) return Flag;
        if (IsWhole(standard)) return Whole;
        if (IsNumber(standard)) return Number;
        if (HasUnit(standard, DurationUnits)) return Duration;
        return HasUnit(standard, SizeUnits) ? Size : null;
    }

    private static bool Accepts(string kind, string standard, string value)
    {
        // What a substitution stands for is known only when it is resolved.
        if (value.Contains("${", StringComparison.Ordinal) || value == standard) return true;
        return kind switch
        {
            Object => value == "{",
            List => value == "[",
            Flag => IsFlag(value),
            Whole => IsWhole(value),
            Number => IsNumber(value),
            Duration => IsNumber(value) || HasUnit(value, DurationUnits) || value is "off" or "infinite",
            _ => IsNumber(value) || HasUnit(value, SizeUnits) || HasUnit(value, ["m"]),
        };
    }

    private static bool IsFlag(string value) => value is "on" or "off" or "true" or "false" or "yes" or "no";

    private static bool IsWhole(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsNumber(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool HasUnit(string value, string[] units)
    {
        int letter = value.AsSpan().IndexOfAnyInRange('A', 'z');
        return letter > 0 && IsNumber(value[..letter].Trim())
            && units.Contains(value[letter..].Trim(), StringComparer.OrdinalIgnoreCase);
    }

    private static string Shown(string value) => value switch
    {
        "{" => "an object",
        "[" => "a list",
        "" => "empty",
        _ => $"`{value}`",
    };
}
