using System.Collections.Concurrent;
using System.Text;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// The shapes of all types met so far, by type and by the name on the wire. A name becomes a type through
/// <see cref="WireTypes"/> alone; a type that is allowed brings the exact types that its own fields are declared as.
/// </summary>
internal sealed class Shapes
{
    private const int NameOnStack = 512;

    private readonly ConcurrentDictionary<Type, Shape> _byType = new();
    private readonly ConcurrentDictionary<string, Shape> _byName = new(StringComparer.Ordinal);
    private readonly Func<WireTypes> _allowed;
    private readonly global::Hyperion.ITypeFilter? _filter;
    private readonly Func<Type, Shape> _make;
    private readonly Lazy<Shape[]> _known;

    /// <param name="allowed">Asked for on first use: it does not exist while serializers are being made.</param>
    /// <param name="known">Types that both ends know by number.</param>
    /// <param name="filter">Asked about every name too.</param>
    public Shapes(Func<WireTypes> allowed, IEnumerable<Type> known, global::Hyperion.ITypeFilter? filter)
    {
        _allowed = allowed;
        _filter = filter;
        _make = Make;
        _known = new Lazy<Shape[]>(() => [.. known.Select(Of)]);
    }

    /// <summary>Types numbered before any message is written.</summary>
    public Shape[] Known => _known.Value;

    public Shape Of(Type type) => _byType.TryGetValue(type, out Shape? shape) ? shape : _byType.GetOrAdd(type, _make);

    /// <param name="utf8">The name of a type, from the network.</param>
    /// <exception cref="WireTypeRefusedException">The name is not of an allowed type.</exception>
    public Shape Named(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > NameOnStack) return Named(Encoding.UTF8.GetString(utf8));
        Span<char> name = stackalloc char[NameOnStack];
        name = name[..Encoding.UTF8.GetChars(utf8, name)];
        var byName = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        return byName.TryGetValue(name, out Shape? shape) ? shape : Named(name.ToString());
    }

    private Shape Named(string name)
    {
        Shape shape = Of(TypeNamed(name));
        // The table of allowed types remembers so many names and no more, and so may this one.
        if (_byName.Count < WireTypes.MaxRemembered) _byName.TryAdd(name, shape);
        return shape;
    }

    /// <exception cref="WireTypeRefusedException">The name is not of an allowed type.</exception>
    public Type TypeNamed(string name)
    {
        string plain = TypeNames.Plain(name);
        Type type = _allowed().Resolve(plain);
        return _filter?.IsAllowed(plain) == false ? throw new WireTypeRefusedException(plain) : type;
    }

    private Shape Make(Type type)
    {
        WireTypes allowed = _allowed();
        allowed.Remember(type);
        Shape shape = Shape.Of(type);
        bool own = shape.Layout == Layout.Fields && !WireTypes.IsFramework(type.Assembly.GetName().Name);
        if (!own) return shape;
        foreach (InstanceField field in shape.Fields)
        {
            if (field.Declared.IsValueType || field.Declared.IsSealed) allowed.Remember(field.Declared);
        }

        return shape;
    }
}
