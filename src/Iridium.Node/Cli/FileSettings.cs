using Akka.Configuration;

namespace Iridium.Node.Cli;

/// <summary>What a configuration file says.</summary>
public abstract class FileSettings
{
    /// <summary>No file at all.</summary>
    public static readonly FileSettings None = new Nothing();

    /// <summary>Everything that stands in the file.</summary>
    public abstract Config Config { get; }

    /// <summary>The value the file gives to a setting, or null when it is silent.</summary>
    /// <exception cref="UserErrorException">The value is not a plain one.</exception>
    public abstract SettingValue? ValueOf(Setting setting);

    private sealed class Nothing : FileSettings
    {
        public override Config Config => Config.Empty;

        public override SettingValue? ValueOf(Setting setting) => null;
    }
}
