namespace Iridium.Node.Cli;

/// <summary>What the text of a setting must look like.</summary>
public enum SettingKind
{
    Text,
    Alias,
    Flag,
    Host,
    Port,
    Count,
    Peer,
    Level,
    Path,
    Format,
}

/// <summary>Where a value came from, strongest first.</summary>
public enum Origin
{
    Option,
    Environment,
    File,
    Default,
}

/// <summary>One thing that can be set: as an option, as an environment variable and, where it has a key, in a
/// configuration file.</summary>
/// <param name="Name">The long option without its dashes.</param>
/// <param name="Key">The HOCON path, or null when it makes no sense in a file.</param>
/// <param name="Default">The value nobody has to give, as text; empty means none.</param>
public sealed record Setting(
    string Name, SettingKind Kind, string? Key, string Default, string Meaning, char? Letter = null)
{
    public string Option => "--" + Name;

    public string Variable => "IRIDIUM_" + Name.ToUpperInvariant().Replace('-', '_');
}

/// <summary>A setting's value as text, and the place to name when it turns out to be wrong.</summary>
public readonly record struct SettingValue(string Text, Origin Origin, string Where)
{
    /// <summary>Somebody asked for this value, so the node may not quietly take another.</summary>
    public bool IsAsked => Origin != Origin.Default;
}
