using System.Globalization;

namespace Iridium.Node.Cli;

/// <summary>Turns the text of a setting into its value, or says what is wrong with it.</summary>
public static class SettingParser
{
    /// <summary>More threads than this is a slip of the finger.</summary>
    public const int MostThreads = 1024;

    private static readonly string[] Yes = ["on", "true", "yes", "1"];
    private static readonly string[] No = ["off", "false", "no", "0"];
    private static readonly string[] Levels = ["DEBUG", "INFO", "WARNING", "ERROR", "OFF"];


    /// <summary>Null when the text is a value of this setting.</summary>
    public static UserError? Check(Setting setting, SettingValue value)
    {
        string text = value.Text;
        return setting.Kind switch
        {
            SettingKind.Flag when !Yes.Contains(text, Fold) && !No.Contains(text, Fold) =>
                Wrong("is neither on nor off", "say on or off (true, false, yes, no, 1 and 0 do as well)"),
            SettingKind.Alias when text.Length > 0 && !Actors.Node.Alias.IsValid(text) =>
                Wrong("is not an alias",
                    $"use 1 to {Actors.Node.Alias.MaxLength} letters, digits, dots, dashes or underscores"),
            SettingKind.Port when PortOf(text) is null =>
                Wrong("is not a port", "give a number from 1 to 65535, or 0 for any free port"),
            SettingKind.Count when CountOf(text) is null =>
                Wrong("is not a count", $"give a number from 1 to {MostThreads}"),
            SettingKind.Host when !IsHost(text) =>
                Wrong("is not a host", "give an address such as 127.0.0.1, or a name that this machine can look up"),
            SettingKind.Peer when text.Length > 0 && PeerOf(text) is null =>
                Wrong("is not a node's address", "give host:port, such as 127.0.0.1:2254"),
            SettingKind.Level when !Levels.Contains(text, Fold) =>
                Wrong("is not a log level", $"say one of {string.Join(", ", Levels)}"),
            SettingKind.Format when !text.Equals("text", Ignore) && !text.Equals("json", Ignore) =>
                Wrong("is not an output format", "say text or json"),
            SettingKind.Path when text.Contains('\0') => Wrong("is not a path", "give the name of a file or directory"),
            _ => null,
        };

        UserError Wrong(string what, string next) => new($"`{Shown(text)}` {what}", value.Where, next);
    }

    private const StringComparison Ignore = StringComparison.OrdinalIgnoreCase;
    private static readonly StringComparer Fold = StringComparer.OrdinalIgnoreCase;

    public static bool FlagOf(string text) => Yes.Contains(text, Fold);

    public static int? PortOf(string text) => NumberUpTo(text, ushort.MaxValue);

    public static int? CountOf(string text) => NumberUpTo(text, MostThreads) is > 0 and int count ? count : null;

    /// <summary>Reads <c>host:port</c>; an IPv6 address stands in brackets.</summary>
    public static Endpoint? PeerOf(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0) return null;
        string host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':')) return null;
        return IsHost(host) && PortOf(text[(colon + 1)..]) is int port and > 0 ? new Endpoint(host, port) : null;
    }

    private static bool IsHost(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    private static int? NumberUpTo(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most
            ? number
            : null;

    /// <summary>Text from outside, short enough and plain enough for an error line.</summary>
    private static string Shown(string text)
    {
        const int Longest = 60;
        string plain = new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
        return plain.Length <= Longest ? plain : plain[..Longest] + "…";
    }
}
