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
    internal static HoconObject Merge(HoconObject top, HoconObject below)
    {
        if (top._items.Count == 0) return below;
        if (below._items.Count == 0) return top;
        var merged = new HoconObject();
        merged._items.EnsureCapacity(below._items.Count + top._items.Count);
        foreach ((string key, HoconValue value) in top._items)
        {
            merged._items.Add(key, below._items.TryGetValue(key, out HoconValue? lower) ? Merge(value, lower) : value);
        }

        foreach ((string key, HoconValue value) in below._items) merged._items.TryAdd(key, value);
        return merged;
    }

    private static HoconValue Merge(HoconValue top, HoconValue below)
    {
        if (top.Content is HoconObject upper && below.Content is HoconObject lower)
        {
            return new HoconValue(Merge(upper, lower), top.Origin);
        }

        // A layer's own overlay ends at its lowest part; the lower layer goes beneath that.
        if (top.Content is HoconOverlay overlay)
        {
            return new HoconValue(new HoconOverlay(overlay.Top, Merge(overlay.Below, below)), top.Origin);
        }

        bool undecided = top.IsOpen || (top.Content is HoconObject && below.IsOpen);
        return undecided ? new HoconValue(new HoconOverlay(top, below), top.Origin) : top;
    }

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
