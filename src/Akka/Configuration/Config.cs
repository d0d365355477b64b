using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// A configuration: the values of a text, and behind them those of its fallbacks. Paths are dotted, with elements in
/// quotes where they hold dots themselves: <c>akka.actor.serialization-bindings."System.Object"</c>.
/// </summary>
/// <remarks>
/// A getter gives its default where the path leads nowhere or to null, and throws a <see
/// cref="ConfigurationException"/> that names path, text and place where the value is not what was asked for.
/// Immutable; may be read by any thread. What may be null is not marked so, because Akka.NET does not, and code
/// should compile against either.
/// </remarks>
public class Config
{
    private readonly HoconRoot _own;
    private HoconObject? _layered;
    private HoconObject? _resolved;

    public Config() : this(new HoconRoot(HoconValue.Of(new HoconObject())))
    {
    }

    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        _own = root.Value.Content is HoconObject
            ? root
            : throw new ConfigurationException("The root of a configuration is an object.");
    }

    /// <param name="source">Whose values come first.</param>
    public Config(Config source, Config? fallback)
        : this((source ?? throw new ArgumentNullException(nameof(source)))._own) =>
        Fallback = source.Fallback is null || fallback is null
            ? source.Fallback ?? fallback
            : new Config(source.Fallback, fallback);

    public static Config Empty { get; } = new();

    /// <summary>What answers where this configuration's own text does not.</summary>
    public virtual Config? Fallback { get; }

    public virtual bool IsEmpty => Resolved.Items.Count == 0;

    /// <summary>All values, those of the fallbacks included.</summary>
    public HoconValue Root => HoconValue.Of(Resolved);

    private HoconObject Resolved => _resolved ??= IsOpen ? HoconResolver.ResolveAll(Layered) : Layered;

    private HoconObject Layered =>
        _layered ??= Fallback is null ? _own.Object : HoconObject.Merge(_own.Object, Fallback.Layered);

    private bool IsOpen => _own.IsOpen || Fallback is { IsOpen: true };

    /// <returns>This configuration with another one behind it.</returns>
    public virtual Config WithFallback(Config? fallback)
    {
        if (fallback is null || ReferenceEquals(fallback, this) || ReferenceEquals(fallback, Empty)) return this;
        return ReferenceEquals(this, Empty) ? fallback : new Config(this, fallback);
    }

    /// <summary>Whether the path leads to a value other than null.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <returns>The value, or null.</returns>
    public HoconValue GetValue(string path) => Find(path)!;

    /// <returns>The object at the path as a configuration of its own; null if there is none.</returns>
    public virtual Config GetConfig(string path) => Find(path) switch
    {
        null => null!,
        { Content: HoconObject } value => new Config(new HoconRoot(value)),
        { } other => throw HoconReader.Wrong(other, path, "an object"),
    };

    public virtual string GetString(string path, string? @default = null) =>
        Find(path) is { } value ? HoconReader.Text(value, path)! : @default!;

    /// <summary><c>on</c>, <c>true</c>, <c>yes</c>; <c>off</c>, <c>false</c>, <c>no</c>.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) =>
        Find(path) is { } value ? HoconReader.Boolean(value, path) : @default;

    public virtual int GetInt(string path, int @default = 0) => GetNumber(path, @default);

    public virtual long GetLong(string path, long @default = 0) => GetNumber(path, @default);

    public virtual float GetFloat(string path, float @default = 0) => GetNumber(path, @default);

    public virtual double GetDouble(string path, double @default = 0) => GetNumber(path, @default);

    public virtual decimal GetDecimal(string path, decimal @default = 0) => GetNumber(path, @default);

    private T GetNumber<T>(string path, T @default) where T : struct, System.Numerics.INumber<T> =>
        Find(path) is { } value ? HoconReader.Number<T>(value, path) : @default;

    /// <summary>A size in bytes: <c>128000b</c>, <c>100 kB</c> (1,000 bytes each), <c>64 KiB</c> (1,024),
    /// <c>4096</c>.</summary>
    public virtual long? GetByteSize(string path, long? def = null) =>
        Find(path) is { } value ? HoconReader.ByteSize(value, path) : def;

    /// <summary>A duration: <c>250ms</c>, <c>10s</c>, <c>1.5 minutes</c>, <c>infinite</c>; a plain number is
    /// milliseconds.</summary>
    /// <param name="allowInfinite">Whether <c>infinite</c> may stand for <see
    /// cref="Timeout.InfiniteTimeSpan"/>.</param>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Find(path) is { } value ? HoconReader.Duration(value, path, allowInfinite) : @default.GetValueOrDefault();

    /// <returns>The texts of a list; none if the path leads nowhere.</returns>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    public virtual IList<string> GetStringList(string path, string[] @default) =>
        Find(path) is { } value ? HoconReader.List(value, path, HoconReader.Element) : @default;

    public virtual IList<bool> GetBooleanList(string path) => GetList(path, HoconReader.Boolean);

    public virtual IList<int> GetIntList(string path) => GetList(path, HoconReader.Number<int>);

    public virtual IList<long> GetLongList(string path) => GetList(path, HoconReader.Number<long>);

    public virtual IList<byte> GetByteList(string path) => GetList(path, HoconReader.Number<byte>);

    public virtual IList<float> GetFloatList(string path) => GetList(path, HoconReader.Number<float>);

    public virtual IList<double> GetDoubleList(string path) => GetList(path, HoconReader.Number<double>);

    public virtual IList<decimal> GetDecimalList(string path) => GetList(path, HoconReader.Number<decimal>);

    private IList<T> GetList<T>(string path, Func<HoconValue, string?, T> read) =>
        Find(path) is { } value ? HoconReader.List(value, path, read) : [];

    /// <summary>The fields of the root, those of the fallbacks included.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Resolved.Items;

    private HoconValue? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        HoconObject node = Resolved;
        ReadOnlySpan<char> rest = path;
        while (true)
        {
            HoconValue? value = node.Find(HoconPath.TakeFirst(ref rest));
            if (rest.Length == 0) return value?.Content is null ? null : value;
            if (value?.Content is not HoconObject inner) return null;
            node = inner;
        }
    }

    /// <returns>HOCON that parses to this configuration's own values.</returns>
    public override string ToString() => ToString(includeFallback: false);

    /// <param name="includeFallback">Whether the values of the fallbacks are printed too.</param>
    public virtual string ToString(bool includeFallback) =>
        HoconWriter.Write(includeFallback || Fallback is null ? Root : _own.Value);

    public static implicit operator Config(string text) => ConfigurationFactory.ParseString(text);

    public static Config operator +(Config config, string fallback) => config.WithFallback(fallback);

    public static Config operator +(string config, Config fallback) => ((Config)config).WithFallback(fallback);
}

/// <summary>Questions to a configuration that may be null.</summary>
public static class ConfigExtensions
{
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;
}
