namespace Hyperion;

/// <summary>Says which type names from other nodes become types, beside what the configuration says: it can only
/// forbid.</summary>
public interface ITypeFilter
{
    /// <param name="typeName">Full name and short name of the assembly.</param>
    bool IsAllowed(string typeName);
}

/// <summary>Types that other nodes may name, listed in code. Unlike other filters it allows, and forbids
/// nothing.</summary>
public sealed class TypeFilter : ITypeFilter
{
    internal TypeFilter(IEnumerable<Type> types) => FilteredTypes = [.. types];

    public IReadOnlyCollection<Type> FilteredTypes { get; }

    public bool IsAllowed(string typeName) => true;
}

/// <summary>Builds a <see cref="TypeFilter"/>.</summary>
public sealed class TypeFilterBuilder
{
    private readonly List<Type> _types = [];

    private TypeFilterBuilder()
    {
    }

    public static TypeFilterBuilder Create() => new();

    public TypeFilterBuilder Include<T>() => Include(typeof(T));

    public TypeFilterBuilder Include(Type type)
    {
        _types.Add(type);
        return this;
    }

    public TypeFilter Build() => new(_types);
}
