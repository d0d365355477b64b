using Akka.Configuration;

namespace Akka.Serialization;

/// <summary>Types that both ends of a wire know by number, so that their names need not travel. All nodes must list the
/// same types in the same order.</summary>
public interface IKnownTypesProvider
{
    IEnumerable<Type> GetKnownTypes();
}

/// <summary>No known types.</summary>
public sealed class NoKnownTypes : IKnownTypesProvider
{
    public IEnumerable<Type> GetKnownTypes() => [];
}

/// <summary>What can be chosen about Hyperion; <c>akka.actor.serialization-settings.hyperion</c>.</summary>
public sealed class HyperionSerializerSettings
{
    public const string AllowedTypesKey = "akka.actor.serialization-settings.hyperion.allowed-types";

    public static readonly HyperionSerializerSettings Default = new(true, true, typeof(NoKnownTypes));

    /// <param name="preserveObjectReferences">Objects met twice travel once. Off, cyclic messages cannot be
    /// sent.</param>
    /// <param name="versionTolerance">Lists the names of fields. Only on is supported.</param>
    /// <param name="knownTypesProvider">An <see cref="IKnownTypesProvider"/>, with an empty constructor or one that
    /// takes the system.</param>
    /// <param name="disallowUnsafeType">Accepted for the sake of configurations; types are always allowed one by
    /// one.</param>
    /// <param name="typeFilter">Further types that may be named, or a rule that forbids some.</param>
    /// <exception cref="ConfigurationException">The provider is none, or version tolerance is off.</exception>
    public HyperionSerializerSettings(
        bool preserveObjectReferences, bool versionTolerance, Type knownTypesProvider, bool disallowUnsafeType = true,
        global::Hyperion.ITypeFilter? typeFilter = null)
    {
        if (!versionTolerance)
        {
            throw new ConfigurationException(
                "akka.actor.serialization-settings.hyperion.version-tolerance is off, which is another form of bytes " +
                "that this engine does not have. Turn it on, on all nodes.");
        }

        if (!typeof(IKnownTypesProvider).IsAssignableFrom(knownTypesProvider))
        {
            throw new ConfigurationException(
                $"akka.actor.serialization-settings.hyperion.known-types-provider names {knownTypesProvider}, " +
                $"which is no {nameof(IKnownTypesProvider)}.");
        }

        PreserveObjectReferences = preserveObjectReferences;
        VersionTolerance = versionTolerance;
        KnownTypesProvider = knownTypesProvider;
        DisallowUnsafeType = disallowUnsafeType;
        TypeFilter = typeFilter;
    }

    public bool PreserveObjectReferences { get; }

    public bool VersionTolerance { get; }

    public Type KnownTypesProvider { get; }

    public bool DisallowUnsafeType { get; }

    public global::Hyperion.ITypeFilter? TypeFilter { get; }

    /// <summary>Further names of <c>allowed-types</c>.</summary>
    internal IReadOnlyList<string> AllowedTypes { get; private init; } = [];

    /// <param name="config"><c>akka.actor.serialization-settings.hyperion</c></param>
    /// <exception cref="ConfigurationException">A key has a value that it cannot have.</exception>
    public static HyperionSerializerSettings Create(Config config)
    {
        string provider = config.GetString("known-types-provider", "");
        Type? type = provider.Length == 0 ? typeof(NoKnownTypes) : Type.GetType(provider);
        return new HyperionSerializerSettings(
            config.GetBoolean("preserve-object-references", true),
            config.GetBoolean("version-tolerance", true),
            type ?? throw new ConfigurationException(
                "akka.actor.serialization-settings.hyperion.known-types-provider names the type " +
                $"'{provider}', which does not exist; write 'Namespace.Type, Assembly'."),
            config.GetBoolean("disallow-unsafe-type", true))
        {
            AllowedTypes = [.. config.GetStringList("allowed-types")],
        };
    }

    internal HyperionSerializerSettings With(Hyperion.HyperionSerializerSetup setup) => new(
        setup.PreserveObjectReferences ?? PreserveObjectReferences,
        setup.VersionTolerance ?? VersionTolerance,
        setup.KnownTypesProvider ?? KnownTypesProvider,
        setup.DisallowUnsafeType ?? DisallowUnsafeType,
        setup.TypeFilter ?? TypeFilter)
    {
        AllowedTypes = AllowedTypes,
    };
}
