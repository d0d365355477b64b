using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Another node named a type that this one does not make at a stranger's word.</summary>
public sealed class WireTypeRefusedException(string typeName) : SerializationException(
    $"The type name '{typeName}' came from the network, and is neither bound to a serializer, " +
    $"nor was it written by this node, nor does {WireTypes.AllowedTypes} allow it. " +
    $"If it is yours, add \"{typeName}\" there.")
{
    public string TypeName { get; } = typeName;
}

/// <summary>
/// The one place where a name from the network becomes a type. It does if the type is bound to a serializer that makes
/// types of names (itself, or through a base or interface other than object), if this node has written it before, if
/// <c>akka.actor.serialization-settings.allowed-types</c> names it, or if it is one of the framework's plain values
/// and collections of such. A name never loads an assembly that the configuration does not name.
/// </summary>
internal sealed class WireTypes
{
    public const string AllowedTypes = "akka.actor.serialization-settings.allowed-types";

    /// <summary>Generic arguments inside one name; a dictionary of lists of tuples has 6.</summary>
    private const int MaxNodes = 64;

    /// <summary>Names remembered, so that a stranger who nests lists in lists cannot fill the memory.</summary>
    private const int MaxRemembered = 10_000;

    /// <summary>Values and collections without behaviour of their own.</summary>
    private static readonly Type[] Plain =
    [
        typeof(object), typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short),
        typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double),
        typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>),
        typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(SortedDictionary<,>),
        typeof(SortedSet<>), typeof(LinkedList<>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>),
        typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>),
        typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(System.Collections.ObjectModel.ReadOnlyCollection<>),
    ];

    /// <summary>Plain types by full name alone: frameworks disagree about which assembly they are in.</summary>
    private static readonly Dictionary<string, Type> PlainByName =
        Plain.ToDictionary(type => type.FullName!, StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Type> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Type> _resolved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, bool> _bases = new();
    private readonly List<string> _exact = [];
    private readonly List<(string Prefix, string Assembly)> _patterns = [];
    private long _refused;

    public WireTypes(Config config)
    {
        foreach (string allowed in config.GetStringList(AllowedTypes))
        {
            int comma = allowed.LastIndexOf(',');
            string name = (comma < 0 ? allowed : allowed[..comma]).Trim();
            string assembly = comma < 0 ? "" : allowed[(comma + 1)..].Trim();
            if (assembly.Length == 0)
            {
                throw new ConfigurationException(
                    $"{AllowedTypes} has '{allowed}', which names no assembly; write \"Namespace.Type, Assembly\" or " +
                    "\"Namespace.*, Assembly\".");
            }

            if (name.EndsWith('*')) _patterns.Add((name[..^1], assembly));
            else _exact.Add($"{name}, {assembly}");
        }
    }

    /// <summary>How many names were refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The type has a binding: it may come, and so may what derives from it.</summary>
    public void Bind(Type type)
    {
        if (type == typeof(object)) return;
        Remember(type);
        if (!type.IsSealed) _bases.TryAdd(type, true);
    }

    /// <summary>This node writes the type itself, so that it may also come back.</summary>
    public void Remember(Type type)
    {
        if (type.IsArray)
        {
            Remember(type.GetElementType()!);
        }
        else if (type.IsConstructedGenericType)
        {
            Remember(type.GetGenericTypeDefinition());
            foreach (Type argument in type.GetGenericArguments()) Remember(argument);
        }
        else if (!type.IsGenericParameter)
        {
            _known.TryAdd(type.TypeQualifiedName(), type);
        }
    }

    /// <exception cref="WireTypeRefusedException">The name is malformed, too long, or not of an allowed
    /// type.</exception>
    public Type Resolve(string name)
    {
        if (_resolved.TryGetValue(name, out Type? known)) return known;
        bool parsed = TypeName.TryParse(name, out TypeName? typeName, new TypeNameParseOptions { MaxNodes = MaxNodes });
        Type? type = parsed ? Resolve(typeName!) : null;
        if (type is null)
        {
            Interlocked.Increment(ref _refused);
            throw new WireTypeRefusedException(name.Length <= 500 ? name : name[..500] + "…");
        }

        if (_resolved.Count < MaxRemembered) _resolved.TryAdd(name, type);
        return type;
    }

    private Type? Resolve(TypeName name)
    {
        if (name.IsArray)
        {
            Type? element = Resolve(name.GetElementType());
            return name.IsSZArray ? element?.MakeArrayType() : element?.MakeArrayType(name.GetArrayRank());
        }

        if (name.IsPointer || name.IsByRef) return null;
        if (!name.IsConstructedGenericType) return Simple(name.FullName, name.AssemblyName?.Name ?? "");
        Type? open = Resolve(name.GetGenericTypeDefinition());
        ImmutableArray<TypeName> names = name.GetGenericArguments();
        var arguments = new Type[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (Resolve(names[i]) is not { } argument) return null;
            arguments[i] = argument;
        }

        if (open is null || open.GetGenericArguments().Length != arguments.Length) return null;
        try
        {
            return open.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            return null; // An argument breaks a constraint.
        }
    }

    private Type? Simple(string fullName, string assembly)
    {
        string name = $"{fullName}, {assembly}";
        if (_known.TryGetValue(name, out Type? known)) return known;
        bool framework = assembly is "" or "mscorlib" or "netstandard" ||
            assembly.StartsWith("System.", StringComparison.Ordinal);
        if (framework && PlainByName.TryGetValue(fullName, out Type? plain)) return plain;
        if (_exact.Contains(name) || _patterns.Exists(pattern => pattern.Assembly == assembly &&
            fullName.StartsWith(pattern.Prefix, StringComparison.Ordinal)))
        {
            return Type.GetType(name, throwOnError: false);
        }

        return Loaded(fullName, assembly) is { } type && IsImplied(type) ? type : null;
    }

    /// <summary>Derived from something bound, or the engine's own stand-in for references, addresses and the
    /// like.</summary>
    private bool IsImplied(Type type)
    {
        if (type.IsAbstract) return false;
        bool surrogate = typeof(ISurrogate).IsAssignableFrom(type) && IsEngine(type.Assembly);
        return surrogate || _bases.Keys.Any(bound => bound.IsAssignableFrom(type));
    }

    private static bool IsEngine(Assembly assembly) =>
        assembly == typeof(WireTypes).Assembly ||
        assembly.GetName().Name is "Akka.Remote" or "Akka.Cluster" or "Akka.Cluster.Tools" or "Akka.DistributedData";

    private static Type? Loaded(string fullName, string assembly)
    {
        foreach (Assembly loaded in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (loaded.GetName().Name == assembly) return loaded.GetType(fullName, throwOnError: false);
        }

        return null;
    }
}
