namespace Iridium.Node.Cli;

/// <summary>What a configuration file says, read when the first setting asks, because its name is a setting itself.</summary>
public abstract class FileSettings
{
    /// <summary>The value a file gives to a setting, or null when it is silent.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or has an error.</exception>
    public abstract SettingValue? ValueOf(Setting setting);

    /// <summary>No file at all.</summary>
    public static readonly FileSettings None = new Nothing();

    private sealed class Nothing : FileSettings
    {
        public override SettingValue? ValueOf(Setting setting) => null;
    }
}
