namespace Akka.Configuration.Hocon;

/// <summary>
/// Replaces substitutions by what they stand for. It runs once per text, where it answers from that text alone and
/// leaves the rest open, and once more, if anything was left, over a configuration with all its fallbacks; only then
/// the process environment is asked and what is still missing is an error.
/// </summary>
/// <remarks>
/// Fields are closed on demand, in place. A field that is met again while it is being closed looks back at the value
/// it had before (<c>path = ${path}":/more"</c>). Cycles through objects and lists show as endless depth and are
/// refused there.
/// </remarks>
internal sealed class HoconResolver
{
    private readonly HoconObject _root;
    private readonly bool _final;

    /// <summary>The fields being closed, each with what lies below the part of it that is being looked at.</summary>
    private readonly Dictionary<HoconValue, HoconValue?> _running = new(ReferenceEqualityComparer.Instance);

    private int _depth;
    private int _visited;
    private bool _left;

    private HoconResolver(HoconObject root, bool final)
    {
        _root = root;
        _final = final;
    }

    /// <summary>Closes what one text can answer itself. The text's tree is changed.</summary>
    public static HoconRoot ResolveDocument(HoconValue root)
    {
        var resolver = new HoconResolver((HoconObject)root.Content!, final: false);
        resolver.Walk(resolver._root, root);
        resolver._visited = 0;
        resolver.Inspect(root);
        return new HoconRoot(root, resolver._left);
    }

    /// <summary>A copy without any substitution.</summary>
    /// <exception cref="HoconParserException">One that is not optional has no value.</exception>
    public static HoconObject ResolveAll(HoconObject root)
    {
        HoconObject copy = root.Copy();
        new HoconResolver(copy, final: true).Walk(copy, HoconValue.Of(copy));
        return copy;
    }

    private void Walk(HoconObject node, HoconValue place)
    {
        Enter(place);
        foreach (string key in node.Fields.Keys.ToArray())
        {
            if (Field(node, key) is not { } value) continue;
            if (value.Content is HoconObject inner) Walk(inner, value);
            else if (value.Content is HoconValue[] items) node.Fields[key] = Walk(items, value);
            else _left |= value.IsOpen;
        }

        _depth--;
    }

    private HoconValue Walk(HoconValue[] items, HoconValue place)
    {
        Enter(place);
        var closed = new List<HoconValue>(items.Length);
        foreach (HoconValue item in items)
        {
            HoconValue? value = item.IsOpen ? Evaluate(item, item) : item;
            if (value is null) continue;
            if (value.Content is HoconObject inner) Walk(inner, value);
            else if (value.Content is HoconValue[] more) value = Walk(more, value);
            else _left |= value.IsOpen;
            if (++_visited > HoconLimits.Values) throw TooMany(value);
            closed.Add(value);
        }

        _depth--;
        return new HoconValue(closed.ToArray(), place.Origin);
    }

    /// <summary>Looks into everything once more, into what stayed open too: a field may have been closed after the
    /// walk came by, and nobody who copies, merges or prints a tree expects it to contain itself.</summary>
    private void Inspect(HoconValue value)
    {
        Enter(value);
        switch (value.Content)
        {
            case HoconObject node:
                foreach (HoconValue field in node.Items.Values) Inspect(field);
                break;
            case HoconValue[] items:
                foreach (HoconValue item in items) Inspect(item);
                break;
            case HoconSum sum:
                foreach (HoconValue piece in sum.Pieces) Inspect(piece);
                break;
            case HoconOverlay overlay:
                Inspect(overlay.Top);
                Inspect(overlay.Below);
                break;
        }

        _depth--;
    }

    private void Enter(HoconValue place)
    {
        if (++_depth > HoconLimits.Depth)
        {
            throw new HoconParserException(
                $"substitutions lead more than {HoconLimits.Depth} levels deep from here; does a value contain itself?",
                place.Origin);
        }

        if (++_visited > HoconLimits.Values) throw TooMany(place);
    }

    private static HoconParserException TooMany(HoconValue place) =>
        new($"the configuration unfolds to more than {HoconLimits.Values:N0} values", place.Origin);

    /// <summary>The closed value of a field, or null if there is none. Before the last run the value may still be
    /// open.</summary>
    private HoconValue? Field(HoconObject owner, string key)
    {
        if (owner.GetKey(key) is not { } value) return null;
        if (!value.IsOpen) return value;
        if (_running.ContainsKey(value)) return Earlier(value);
        _running.Add(value, null);
        HoconValue? closed = Evaluate(value, value);
        _running.Remove(value);
        if (closed is null) owner.Fields.Remove(key);
        else owner.Fields[key] = closed;
        return closed;
    }

    /// <summary>What a field was before the value that is being evaluated was laid over it.</summary>
    private HoconValue? Earlier(HoconValue field)
    {
        if (!_running.TryGetValue(field, out HoconValue? below) || below is null) return null;
        _running[field] = null;
        HoconValue? value = Evaluate(below, field);
        _running[field] = below;
        return value;
    }

    /// <returns>Null: an optional substitution came to nothing.</returns>
    private HoconValue? Evaluate(HoconValue value, HoconValue field)
    {
        Enter(value);
        HoconValue? result = value.Content switch
        {
            HoconReference reference => Follow(value, reference, field),
            HoconSum sum => Sum(value, sum, field),
            HoconOverlay overlay => Overlay(value, overlay, field),
            _ => value,
        };
        _depth--;
        return result;
    }

    private HoconValue? Follow(HoconValue value, HoconReference reference, HoconValue field)
    {
        HoconValue? found = reference.Path.Length == 0 ? Earlier(field) : Lookup(reference.Path);
        if (found is { IsOpen: false }) return found;
        if (!_final) return value;
        if (reference.Path.Length > 0 &&
            Environment.GetEnvironmentVariable(string.Join('.', reference.Path)) is { } text)
        {
            return new HoconValue(text, value.Origin);
        }

        if (reference.Optional) return null;
        throw new HoconParserException(
            $"{reference} has no value: no text sets it other than by itself, " +
            "and there is no such environment variable",
            value.Origin);
    }

    private HoconValue? Lookup(string[] path)
    {
        HoconObject owner = _root;
        for (int i = 0; ; i++)
        {
            HoconValue? value = Field(owner, path[i]);
            if (value is null || i == path.Length - 1) return value;
            if (value.Content is not HoconObject inner) return null;
            owner = inner;
        }
    }

    private HoconValue? Sum(HoconValue value, HoconSum sum, HoconValue field)
    {
        var pieces = new List<HoconValue>(sum.Pieces.Length);
        bool any = false;
        foreach (HoconValue piece in sum.Pieces)
        {
            if (Evaluate(piece, field) is not { } part) continue;
            any |= part.Content is not string text || !string.IsNullOrWhiteSpace(text) || piece.IsOpen;
            pieces.Add(part);
        }

        return any ? HoconSums.Join(new HoconValue(new HoconSum([.. pieces]), value.Origin)) : null;
    }

    private HoconValue? Overlay(HoconValue value, HoconOverlay overlay, HoconValue field)
    {
        HoconValue? outer = _running.GetValueOrDefault(field);
        _running[field] = overlay.Below;
        HoconValue? top = Evaluate(overlay.Top, field);
        _running[field] = outer;
        if (top is null) return Evaluate(overlay.Below, field);
        if (!top.IsOpen && top.Content is not HoconObject) return top;
        HoconValue? below = top.IsOpen ? overlay.Below : Evaluate(overlay.Below, field);
        if (below is null) return top;
        if (top.Content is HoconObject upper && below.Content is HoconObject lower)
        {
            return new HoconValue(HoconObject.Merge(upper, lower), top.Origin);
        }

        return top.IsOpen || below.IsOpen ? new HoconValue(new HoconOverlay(top, below), value.Origin) : top;
    }
}
