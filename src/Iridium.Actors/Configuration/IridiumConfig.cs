using Akka.Configuration;

namespace Iridium.Actors.Configuration;

/// <summary>The configuration that this project adds to a node's.</summary>
public static class IridiumConfig
{
    /// <summary>Every key with its default: hocon/iridium.conf, built in. A host puts its own configuration in
    /// front.</summary>
    public static Config Reference { get; } =
        ConfigurationFactory.FromResource("Iridium.Actors.iridium.conf", typeof(IridiumConfig).Assembly);

    /// <summary>A section of the configuration, with the reference behind it.</summary>
    internal static SettingsReader Section(Config config, string path) => new(config.WithFallback(Reference), path);
}

/// <summary>Reads the values of one section and names the key when one makes no sense.</summary>
internal sealed class SettingsReader(Config config, string path)
{
    /// <exception cref="ConfigurationException">It is not a whole number of at least <paramref
    /// name="least"/>.</exception>
    public int Number(string key, int least = 1)
    {
        int value = config.GetInt($"{path}.{key}");
        return value >= least ? value : throw Senseless(key, $"a whole number of at least {least}");
    }

    /// <exception cref="ConfigurationException">It is not a length of time above zero.</exception>
    public TimeSpan Time(string key)
    {
        TimeSpan value = config.GetTimeSpan($"{path}.{key}", null, allowInfinite: false);
        return value > TimeSpan.Zero ? value : throw Senseless(key, "a time above zero, such as 500ms or 10s");
    }

    public bool Switch(string key) => config.GetBoolean($"{path}.{key}");

    public string Text(string key) => config.GetString($"{path}.{key}") ?? "";

    private ConfigurationException Senseless(string key, string expected) =>
        new($"{path}.{key} is {config.GetString($"{path}.{key}")}, but must be {expected}.");
}
