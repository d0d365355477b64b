namespace Akka.Configuration.Hocon;

/// <summary>The fields of a configuration object, in the order in which they first appeared.</summary>
public sealed class HoconObject
{
    private readonly Dictionary<string, HoconValue> _items = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, HoconValue> Items => _items;

    /// <returns>The field, or null.</returns>
    public HoconValue? GetKey(string key) => _items.GetValueOrDefault(key);

    internal Dictionary<string, HoconValue> Fields => _items;

    internal HoconValue? Find(ReadOnlySpan<char> key) =>
        _items.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out HoconValue? value) ? value : null;

    /// <summary>Gives a field a value on top of the one it has: objects merge, anything else is replaced, and what
    /// cannot be told yet is kept for the resolver.</summary>
    internal void Put(string key, HoconValue value) =>
        _items[key] = _items.TryGetValue(key, out HoconValue? below) ? Lay(value, below) : value;

    /// <summary>Merges the fields of another object over this one's. Both are still being built by the
    /// parser.</summary>
    private void Absorb(HoconObject top)
    {
        foreach ((string key, HoconValue value) in top._items) Put(key, value);
    }

    private static HoconValue Lay(HoconValue top, HoconValue below)
    {
        if (top.Content is HoconObject upper && ObjectOnTop(below) is { } lower)
        {
            lower.Absorb(upper);
            return below;
        }

        if (top.Content is HoconOverlay overlay)
        {
            return new HoconValue(new HoconOverlay(overlay.Top, Lay(overlay.Below, below)), top.Origin);
        }

        bool undecided = top.IsOpen || (top.Content is HoconObject && below.IsOpen);
        return undecided ? new HoconValue(new HoconOverlay(top, below), top.Origin) : top;
    }

    /// <summary>The object that fields of this value go to, while a document is being parsed.</summary>
    internal static HoconObject? ObjectOnTop(HoconValue value) => value.Content switch
    {
        HoconObject known => known,
        HoconOverlay { Top.Content: HoconObject upper } => upper,
        _ => null,
    };

    /// <summary>A new object: the fields of <paramref name="top"/>, merged over those of <paramref name="below"/>.
    /// Neither is changed; what only one of them has is shared.</summary>
    /// <exception cref="HoconParserException">The two are nested too deep, as values are that contain
    /// themselves.</exception>
    internal static HoconObject Merge(HoconObject top, HoconObject below) => new Merging().Objects(top, below);

    /// <summary>A copy that the resolver may write into; lists and texts are shared.</summary>
    internal HoconObject Copy()
    {
        var copy = new HoconObject();
        copy._items.EnsureCapacity(_items.Count);
        foreach ((string key, HoconValue value) in _items) copy._items.Add(key, Copy(value));
        return copy;
    }

    private static HoconValue Copy(HoconValue value) => value.Content switch
    {
        HoconObject known => new HoconValue(known.Copy(), value.Origin),
        HoconOverlay overlay => new HoconValue(
            new HoconOverlay(Copy(overlay.Top), Copy(overlay.Below)), value.Origin),
        HoconSum sum => new HoconValue(new HoconSum(Array.ConvertAll(sum.Pieces, Copy)), value.Origin),
        HoconReference reference => new HoconValue(reference, value.Origin),
        HoconValue[] items => new HoconValue(Array.ConvertAll(items, Copy), value.Origin),
        _ => value,
    };
}

/// <summary>One merging of two objects, which counts how deep and how far it has come: while substitutions are being
/// followed, values may contain themselves, or one another many times over.</summary>
internal sealed class Merging
{
    private int _depth;
    private int _values;

    public HoconObject Objects(HoconObject top, HoconObject below)
    {
        if (top.Items.Count == 0 || ReferenceEquals(top, below)) return below;
        if (below.Items.Count == 0) return top;
        var merged = new HoconObject();
        merged.Fields.EnsureCapacity(below.Items.Count + top.Items.Count);
        foreach ((string key, HoconValue value) in top.Items)
        {
            merged.Fields.Add(key, below.GetKey(key) is { } lower ? Values(value, lower) : value);
        }

        foreach ((string key, HoconValue value) in below.Items) merged.Fields.TryAdd(key, value);
        return merged;
    }

    private HoconValue Values(HoconValue top, HoconValue below)
    {
        if (++_depth > HoconLimits.Depth || ++_values > HoconLimits.Values)
        {
            throw new HoconParserException(
                $"objects more than {HoconLimits.Depth} levels deep, or of more than {HoconLimits.Values:N0} values, " +
                "cannot be merged; does a value contain itself?", top.Origin);
        }

        HoconValue merged = (top.Content, below.Content) switch
        {
            (HoconObject upper, HoconObject lower) => new HoconValue(Objects(upper, lower), top.Origin),
            // A layer's own overlay ends at its lowest part; the lower layer goes beneath that.
            (HoconOverlay overlay, _) => new HoconValue(
                new HoconOverlay(overlay.Top, Values(overlay.Below, below)), top.Origin),
            _ when top.IsOpen || (top.Content is HoconObject && below.IsOpen) => new HoconValue(
                new HoconOverlay(top, below), top.Origin),
            _ => top,
        };
        _depth--;
        return merged;
    }
}

/// <summary>What a text parses to: one object, in which a few substitutions may be left to the fallbacks.</summary>
public sealed class HoconRoot
{
    internal HoconRoot(HoconValue value, bool isOpen)
    {
        Value = value;
        IsOpen = isOpen;
    }

    public HoconRoot(HoconValue value) : this(value, false)
    {
    }

    public HoconValue Value { get; }

    internal bool IsOpen { get; }

    internal HoconObject Object => (HoconObject)Value.Content!;

    public override string ToString() => Value.ToString();
}
