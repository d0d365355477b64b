using System.Collections.Immutable;

namespace Iridium.Node.Cli;

/// <summary>
/// Decides what holds when a thing is set in several places: an option beats an environment variable, a variable
/// beats the configuration file, the file beats the default. The three sources come in as functions.
/// </summary>
/// <param name="option">The text given on the command line, or null.</param>
/// <param name="variable">An environment variable, or null.</param>
/// <param name="open">Opens the configuration file of this name.</param>
public sealed class SettingResolver(
    Func<Setting, string?> option, Func<string, string?> variable, Func<string, FileSettings> open)
{
    private FileSettings? _file;

    /// <summary>What the configuration file says, if there is one. Its name is a setting itself, which no file can
    /// give.</summary>
    public FileSettings File =>
        _file ??= ValueOf(SettingTable.ConfigFile) is { Text.Length: > 0 } name ? open(name.Text) : FileSettings.None;

    public SettingValue ValueOf(Setting setting)
    {
        if (option(setting) is { } given) return new(given, Origin.Option, $"option {setting.Option}");
        // A variable that is set but empty is not set: that is how a shell script unsets one for a single command.
        if (variable(setting.Variable) is { Length: > 0 } found)
            return new(found, Origin.Environment, $"environment variable {setting.Variable}");
        if (setting.Key is not null && File.ValueOf(setting) is { } written) return written;
        return new(setting.Default, Origin.Default, "default");
    }

    /// <summary>All settings checked and typed; errors when any value is wrong, all of them at once.</summary>
    public (NodeLaunch? Launch, ImmutableArray<UserError> Errors) Resolve()
    {
        Dictionary<string, SettingValue> values = SettingTable.All.ToDictionary(s => s.Name, ValueOf);
        ImmutableArray<UserError> errors =
        [
            .. SettingTable.All.Select(s => SettingParser.Check(s, values[s.Name])).OfType<UserError>(),
            .. SecretError(),
        ];
        if (errors.Length > 0) return (null, errors);

        string Text(Setting setting) => values[setting.Name].Text;
        bool Flag(Setting setting) => SettingParser.FlagOf(Text(setting));
        string? Optional(Setting setting) => Text(setting) is { Length: > 0 } text ? text : null;
        ListenAt Listen(Setting host, Setting port) => new(
            new(Text(host), SettingParser.PortOf(Text(port))!.Value),
            values[port.Name].IsAsked,
            values[host.Name].Where,
            values[port.Name].Where);

        return (new NodeLaunch
        {
            Alias = Optional(SettingTable.Alias),
            Threads = SettingParser.CountOf(Text(SettingTable.Threads))!.Value,
            Server = Listen(SettingTable.ServerBindHost, SettingTable.ServerBindPort),
            Secret = SecretFileIsNamed ? null : variable(SettingTable.SecretVariable),
            SecretFile = SecretFileIsNamed ? Optional(SettingTable.SecretFile) : null,
            Insecure = Flag(SettingTable.Insecure),
            WireLog = Optional(SettingTable.WireLog) is { } log ? Path.GetFullPath(log) : null,
            RemoteAccess = Flag(SettingTable.RemoteAccess),
            RemoteShell = Listen(SettingTable.BindHost, SettingTable.BindPort),
            Pbm = Listen(SettingTable.PbmHost, SettingTable.PbmPort),
            DataRoot = Text(SettingTable.DataRoot),
            DataRootIsAsked = values[SettingTable.DataRoot.Name].IsAsked,
            StartCluster = Flag(SettingTable.StartCluster),
            Join = Optional(SettingTable.Join) is { } peer ? SettingParser.PeerOf(peer) : null,
            DaemonMode = Flag(SettingTable.DaemonMode),
            LogLevel = Text(SettingTable.LogLevel).ToUpperInvariant(),
            LogFile = Optional(SettingTable.LogFile),
            ConfigFile = Optional(SettingTable.ConfigFile),
            Json = Text(SettingTable.Output).Equals("json", StringComparison.OrdinalIgnoreCase),
        }, []);
    }

    // An option beats the variable with the secret itself, and that the variable with the file's name: the more it was
    // meant for this one node. A file that only the configuration names is the configuration's affair.
    private bool SecretFileIsNamed => ValueOf(SettingTable.SecretFile) is { Text.Length: > 0 } file
        && (file.Origin == Origin.Option
            || (file.Origin == Origin.Environment && variable(SettingTable.SecretVariable) is null));

    // Other variables that are empty count as not set. Here that would open a cluster that was meant to be closed.
    private IEnumerable<UserError> SecretError()
    {
        if (variable(SettingTable.SecretVariable) is "" or "off" && !SecretFileIsNamed)
        {
            yield return new("the cluster secret is none", $"environment variable {SettingTable.SecretVariable}",
                "give it a value (`openssl rand -base64 32` draws one), or unset it");
        }
    }
}
