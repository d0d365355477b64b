using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>
/// The one place where a name from the network becomes a type. It does if the type is bound to a serializer that makes
/// types of names (itself, or through a base or interface other than object), if this node has written it before, if
/// <c>akka.actor.serialization-settings.allowed-types</c> names it, or if it is one of <see cref="PlainTypes"/> or a
/// collection of such. A name never loads an assembly that neither the configuration names nor a bound type needs.
/// </summary>
internal sealed class WireTypes
{
    public const string AllowedTypes = "akka.actor.serialization-settings.allowed-types";

    /// <summary>Names remembered, so that a stranger cannot fill the memory.</summary>
    public const int MaxRemembered = 10_000;

    /// <summary>Lists of lists of lists …: each is a type that the process keeps for good. A large application names a
    /// few hundred.</summary>
    public const int MaxConstructed = 2_000;

    /// <summary>Generic arguments inside one name; a dictionary of lists of tuples has 6.</summary>
    private const int MaxNodes = 64;

    /// <summary>Refused names that the log tells of; a log with more is read by nobody.</summary>
    private const int MaxTold = 100;

    private readonly ConcurrentDictionary<string, Type> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Type> _resolved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, bool> _bases = new();
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private volatile Allowance[] _allowances = [];
    private int _constructed;
    private long _refused;

    /// <summary>A name, or the beginning of names, that the configuration allows in one assembly.</summary>
    private sealed record Allowance(string Name, bool IsPrefix, string Assembly)
    {
        public bool Covers(string name, string assembly) => assembly == Assembly &&
            (IsPrefix ? name.StartsWith(Name, StringComparison.Ordinal) : name == Name);
    }

    public WireTypes(Config config)
    {
        foreach (Type own in PlainTypes.OwnExceptions) Remember(own);
        Allow(config.GetStringList(AllowedTypes), AllowedTypes);
    }

    /// <summary>How many names were refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Whether the log is still to be told of this name.</summary>
    public bool IsFirstRefusal(string name) => _told.Count < MaxTold && _told.TryAdd(name, true);

    /// <param name="names">"Namespace.Type, Assembly", or "Namespace.*, Assembly".</param>
    /// <param name="key">Where they come from.</param>
    /// <exception cref="ConfigurationException">One names no assembly.</exception>
    public void Allow(IEnumerable<string> names, string key)
    {
        List<Allowance> more = [];
        foreach (string allowed in names)
        {
            int comma = allowed.LastIndexOf(',');
            string name = (comma < 0 ? allowed : allowed[..comma]).Trim();
            string assembly = comma < 0 ? "" : allowed[(comma + 1)..].Trim();
            if (assembly.Length == 0)
            {
                throw new ConfigurationException(
                    $"{key} has '{allowed}', which names no assembly; write \"Namespace.Type, Assembly\" or " +
                    "\"Namespace.*, Assembly\".");
            }

            bool prefix = name.EndsWith('*');
            more.Add(new Allowance(prefix ? name[..^1] : name, prefix, assembly));
        }

        if (more.Count > 0) _allowances = [.. _allowances, .. more];
    }

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
        if (type.HasElementType)
        {
            if (type.IsArray) Remember(type.GetElementType()!);
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
        string culprit = name;
        Type? type = parsed ? Resolve(typeName!, ref culprit) : null;
        if (type is null)
        {
            Interlocked.Increment(ref _refused);
            throw new WireTypeRefusedException(culprit);
        }

        if (_resolved.Count < MaxRemembered) _resolved.TryAdd(name, type);
        return type;
    }

    /// <param name="name">What came.</param>
    /// <param name="culprit">The part of it that is not allowed.</param>
    private Type? Resolve(TypeName name, ref string culprit)
    {
        if (name.IsPointer || name.IsByRef) return null;
        if (name.IsArray)
        {
            Type? element = Resolve(name.GetElementType(), ref culprit);
            return element is null || !MayConstruct() ? null
                : name.IsSZArray ? element.MakeArrayType() : element.MakeArrayType(name.GetArrayRank());
        }

        if (!name.IsConstructedGenericType) return Simple(name.FullName, name.AssemblyName?.Name ?? "", ref culprit);
        Type? open = Resolve(name.GetGenericTypeDefinition(), ref culprit);
        ImmutableArray<TypeName> names = name.GetGenericArguments();
        var arguments = new Type[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (Resolve(names[i], ref culprit) is not { } argument) return null;
            arguments[i] = argument;
        }

        if (open is null || open.GetGenericArguments().Length != arguments.Length || !MayConstruct()) return null;
        try
        {
            return open.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            return null; // An argument breaks a constraint.
        }
    }

    private bool MayConstruct() => Interlocked.Increment(ref _constructed) <= MaxConstructed;

    private Type? Simple(string fullName, string assembly, ref string culprit)
    {
        string name = $"{fullName}, {assembly}";
        if (_known.TryGetValue(name, out Type? known)) return known;
        if (IsFramework(assembly) && PlainTypes.Named(fullName) is { } plain) return plain;
        if (assembly.Length > 0) culprit = name;
        // The runtime reads a name again, and these would make more than one of it.
        if (fullName.AsSpan().IndexOfAny("\\[],*&") >= 0) return null;
        if (Array.Exists(_allowances, allowance => allowance.Covers(fullName, assembly)))
        {
            return Type.GetType(name, throwOnError: false);
        }

        return Implied(fullName, assembly);
    }

    /// <summary>An assembly of .NET itself, to judge by its name.</summary>
    public static bool IsFramework(string? assembly) => assembly is null or "" or "mscorlib" or "netstandard" or "System"
        || assembly.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>Derived from something bound, or the engine's own stand-in for references, addresses and the like. The
    /// runtime is asked only after the metadata has said yes.</summary>
    private Type? Implied(string fullName, string assembly)
    {
        HashSet<string> above = [.. _bases.Keys.Select(bound => OpenName(bound))];
        if (IsEngine(assembly)) above.Add(typeof(ISurrogate).FullName!);
        if (above.Count == 0 || !DefinedTypes.Derives(fullName, assembly, above)) return null;
        Type? type = DefinedTypes.Loaded(assembly)?.GetType(fullName, throwOnError: false);
        if (type is null || type.IsAbstract) return null;
        bool surrogate = IsEngine(assembly) && typeof(ISurrogate).IsAssignableFrom(type);
        return surrogate || _bases.Keys.Any(bound => bound.IsAssignableFrom(type)) ? type : null;
    }

    private static string OpenName(Type type) =>
        (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;

    private static bool IsEngine(string assembly) =>
        assembly is "Akka" or "Akka.Remote" or "Akka.Cluster" or "Akka.Cluster.Tools" or "Akka.DistributedData";
}
