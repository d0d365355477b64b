using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>A configuration file that was read, held against the reference and parsed.</summary>
public sealed class ConfigFile : FileSettings
{
    /// <summary>A file that includes itself would never end.</summary>
    private const int DeepestInclude = 16;

    private readonly string _name;

    private ConfigFile(string name, Config config)
    {
        _name = name;
        Config = config;
    }

    public override Config Config { get; }

    /// <summary>The reference with every key of Iridium's own, as it is built into the program.</summary>
    public static string Reference()
    {
        using Stream stream = typeof(Actors.Node.Alias).Assembly.GetManifestResourceStream("Iridium.Actors.iridium.conf")!;
        return new StreamReader(stream).ReadToEnd();
    }

    /// <param name="name">As it was given.</param>
    /// <exception cref="UserErrorException">It cannot be read, is not HOCON, or has keys that do not
    /// exist.</exception>
    public static ConfigFile Open(string name)
    {
        var check = new HoconKeyCheck(Reference());
        List<UserError> errors = [];
        string text = ReadText(name, name);
        Check(check, text, name, "", errors, 0);
        if (errors.Count > 0) throw UserErrorException.Of([.. errors]);
        try
        {
            return new ConfigFile(name, Parse(text, name, 0));
        }
        catch (ConfigurationException broken)
        {
            throw new UserErrorException(new(broken.Message, name,
                "put the file right; it is HOCON, as hocon/seed.conf shows"), broken);
        }
    }

    public override SettingValue? ValueOf(Setting setting)
    {
        if (setting.Key is null) return null;
        string where = $"{_name}: {setting.Key}";
        try
        {
            return Config.HasPath(setting.Key) && Config.GetString(setting.Key) is { } text
                ? new SettingValue(text, Origin.File, where)
                : null;
        }
        catch (ConfigurationException wrong)
        {
            throw new UserErrorException(new($"the value is not a plain one: {wrong.Message}", where,
                "give one word or number, not an object or a list"), wrong);
        }
    }

    private static Config Parse(string text, string file, int depth) =>
        ConfigurationFactory.ParseString(text, included =>
        {
            if (depth >= DeepestInclude) return null!;
            string path = Beside(file, included);
            return new HoconRoot(Parse(ReadText(path, file), path, depth + 1).Root);
        });

    private static void Check(
        HoconKeyCheck check, string text, string file, string prefix, List<UserError> errors, int depth)
    {
        errors.AddRange(check.Check(text, file, prefix));
        foreach (HoconInclude include in HoconScanner.Scan(text).Includes)
        {
            string inner = prefix.Length == 0 || include.Prefix.Length == 0
                ? prefix + include.Prefix
                : $"{prefix}.{include.Prefix}";
            string path = Beside(file, include.File);
            string where = $"{file}, line {include.Line}";
            if (depth < DeepestInclude) Check(check, ReadText(path, where), path, inner, errors, depth + 1);
            else errors.Add(new("files include one another without end", where, "take one of the includes out"));
        }
    }

    private static string Beside(string file, string included) =>
        Path.Combine(Path.GetDirectoryName(file) ?? "", included);

    private static string ReadText(string path, string where)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string what = failed is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no configuration file {path}"
                : $"the configuration file {path} cannot be read: {failed.Message}";
            throw new UserErrorException(
                new(what, where, "name a file that is there; hocon/ has two to start from"), failed);
        }
    }
}
