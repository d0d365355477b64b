using System.Reflection;
using Akka.Configuration.Hocon;
using Newtonsoft.Json;

namespace Akka.Configuration;

/// <summary>Makes configurations from texts, resources and objects.</summary>
public static class ConfigurationFactory
{
    private static Config? s_default;

    public static Config Empty => Config.Empty;

    /// <param name="hocon">HOCON; the empty text is the empty configuration.</param>
    /// <exception cref="HoconParserException">The text is not HOCON; the message names line and column.</exception>
    public static Config ParseString(string hocon) => Parse(hocon, null, null);

    /// <param name="includeCallback">Answers <c>include "name"</c>; null from it means that there is no such
    /// text.</param>
    public static Config ParseString(string hocon, Func<string, HoconRoot?>? includeCallback) =>
        Parse(hocon, null, includeCallback);

    /// <param name="name">What error texts call this text.</param>
    internal static Config Parse(string hocon, string? name, Func<string, HoconRoot?>? includeCallback)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return new Config(HoconParser.Parse(hocon, name, includeCallback));
    }

    /// <summary>The configuration an actor system starts from that was given none: there is no application file to
    /// read it from, so it is empty, and the defaults of the engine apply.</summary>
    public static Config Load() => Config.Empty;

    /// <summary>The defaults of the engine itself, parsed once.</summary>
    public static Config Default() => s_default ??= FromResource("Akka.reference.conf", typeof(Config).Assembly);

    /// <param name="instanceInAssembly">An object whose type lives in the assembly that embeds the text.</param>
    public static Config FromResource(string resourceName, object instanceInAssembly) => instanceInAssembly switch
    {
        Type type => FromResource(resourceName, type.Assembly),
        Assembly assembly => FromResource(resourceName, assembly),
        _ => FromResource(resourceName, instanceInAssembly.GetType().Assembly),
    };

    public static Config FromResource<TAssembly>(string resourceName) =>
        FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <exception cref="ConfigurationException">The assembly embeds no such text.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using Stream stream = assembly.GetManifestResourceStream(resourceName) ?? throw new ConfigurationException(
            $"The assembly {assembly.GetName().Name} embeds no resource '{resourceName}'; " +
            $"it has {string.Join(", ", assembly.GetManifestResourceNames())}.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), resourceName, null);
    }

    /// <summary>The public properties of an object, as JSON would write them.</summary>
    public static Config FromObject(object source) => ParseString(JsonConvert.SerializeObject(source));
}
