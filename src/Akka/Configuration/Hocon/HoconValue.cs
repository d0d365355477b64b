namespace Akka.Configuration.Hocon;

/// <summary>
/// One value of a configuration: a text, an object, a list or null, with the place it was written at. Texts turn into
/// numbers, durations and sizes when they are read.
/// </summary>
/// <remarks>
/// The content is one of: null, <see cref="string"/>, <see cref="HoconObject"/>, a list of values; and, until the
/// resolver has run, one of the three records at the end of this file. Values are not changed once their document is
/// parsed.
/// </remarks>
public sealed class HoconValue
{
    internal HoconValue(object? content, HoconOrigin origin)
    {
        Content = content;
        Origin = origin;
    }

    internal object? Content { get; }

    internal HoconOrigin Origin { get; }

    /// <summary>Whether substitutions still stand between this value and its content.</summary>
    internal bool IsOpen => Content is HoconReference or HoconSum or HoconOverlay;

    /// <summary>Null, or an object without fields.</summary>
    public bool IsEmpty => Content is null or HoconObject { Items.Count: 0 };

    public bool IsString() => Content is string;

    public bool IsObject() => Content is HoconObject;

    public bool IsArray() => Content is HoconValue[];

    /// <returns>The object, or null if this is none.</returns>
    public HoconObject? GetObject() => Content as HoconObject;

    /// <returns>The field of this object, or null if this is no object or has no such field.</returns>
    public HoconValue? GetChildObject(string key) => GetObject()?.GetKey(key);

    /// <returns>The text; null if the value is null.</returns>
    /// <exception cref="ConfigurationException">The value is an object or a list.</exception>
    public string? GetString() => HoconReader.Text(this, null);

    public bool GetBoolean() => HoconReader.Boolean(this, null);

    public int GetInt() => HoconReader.Number<int>(this, null);

    public long GetLong() => HoconReader.Number<long>(this, null);

    public byte GetByte() => HoconReader.Number<byte>(this, null);

    public float GetFloat() => HoconReader.Number<float>(this, null);

    public double GetDouble() => HoconReader.Number<double>(this, null);

    public decimal GetDecimal() => HoconReader.Number<decimal>(this, null);

    /// <returns>Bytes; null if the value is null.</returns>
    public long? GetByteSize() => HoconReader.ByteSize(this, null);

    /// <param name="allowInfinite">Whether <c>infinite</c> may stand for <see
    /// cref="Timeout.InfiniteTimeSpan"/>.</param>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconReader.Duration(this, null, allowInfinite);

    /// <exception cref="ConfigurationException">The value is not a list.</exception>
    public IList<HoconValue> GetArray() => HoconReader.Items(this, null);

    public IList<string> GetStringList() => HoconReader.List(this, null, HoconReader.Element);

    public IList<bool> GetBooleanList() => HoconReader.List(this, null, HoconReader.Boolean);

    public IList<int> GetIntList() => HoconReader.List(this, null, HoconReader.Number<int>);

    public IList<long> GetLongList() => HoconReader.List(this, null, HoconReader.Number<long>);

    public IList<byte> GetByteList() => HoconReader.List(this, null, HoconReader.Number<byte>);

    public IList<float> GetFloatList() => HoconReader.List(this, null, HoconReader.Number<float>);

    public IList<double> GetDoubleList() => HoconReader.List(this, null, HoconReader.Number<double>);

    public IList<decimal> GetDecimalList() => HoconReader.List(this, null, HoconReader.Number<decimal>);

    /// <returns>HOCON that parses to this value.</returns>
    public override string ToString() => HoconWriter.Write(this);

    internal static HoconValue Of(object? content) => new(content, default);
}

/// <summary><c>${path}</c>, or <c>${?path}</c> when it may be missing.</summary>
internal sealed record HoconReference(string[] Path, bool Optional)
{
    /// <summary>What <c>+=</c> adds to: the earlier value of the field it stands in, if there is one.</summary>
    public static readonly HoconReference Earlier = new([], Optional: true);

    public override string ToString() => $"${{{(Optional ? "?" : "")}{HoconPath.Join(Path)}}}";
}

/// <summary>Values written one after the other, at least one of which is open. Texts between them are kept as
/// pieces.</summary>
internal sealed record HoconSum(HoconValue[] Pieces);

/// <summary>A value that was given to a field which had another one, while it cannot be told yet whether the two are
/// objects to merge, or the later one looks back at the earlier one.</summary>
internal sealed record HoconOverlay(HoconValue Top, HoconValue Below);
