using Akka.Actor.Setup;

namespace Akka.Serialization.Hyperion;

/// <summary>What is chosen about Hyperion in code; stronger than what the configuration says. Null leaves it to the
/// configuration.</summary>
public sealed class HyperionSerializerSetup : Setup
{
    public static readonly HyperionSerializerSetup Empty = new();

    /// <summary>As <see cref="Empty"/>.</summary>
    public static readonly HyperionSerializerSetup Default = Empty;

    private HyperionSerializerSetup()
    {
    }

    public bool? PreserveObjectReferences { get; private init; }

    public bool? VersionTolerance { get; private init; }

    /// <summary>An <see cref="IKnownTypesProvider"/>.</summary>
    public Type? KnownTypesProvider { get; private init; }

    public bool? DisallowUnsafeType { get; private init; }

    public global::Hyperion.ITypeFilter? TypeFilter { get; private init; }

    public static HyperionSerializerSetup Create(
        bool? preserveObjectReferences = null, bool? versionTolerance = null, Type? knownTypesProvider = null) => new()
        {
            PreserveObjectReferences = preserveObjectReferences,
            VersionTolerance = versionTolerance,
            KnownTypesProvider = knownTypesProvider,
        };

    public HyperionSerializerSetup WithPreserveObjectReference(bool preserveObjectReference) =>
        new(this) { PreserveObjectReferences = preserveObjectReference };

    public HyperionSerializerSetup WithVersionTolerance(bool versionTolerance) =>
        new(this) { VersionTolerance = versionTolerance };

    public HyperionSerializerSetup WithKnownTypeProvider<T>()
        where T : IKnownTypesProvider => WithKnownTypeProvider(typeof(T));

    public HyperionSerializerSetup WithKnownTypeProvider(Type knownTypesProvider) =>
        new(this) { KnownTypesProvider = knownTypesProvider };

    public HyperionSerializerSetup WithDisallowUnsafeType(bool disallowUnsafeType) =>
        new(this) { DisallowUnsafeType = disallowUnsafeType };

    public HyperionSerializerSetup WithTypeFilter(global::Hyperion.ITypeFilter typeFilter) =>
        new(this) { TypeFilter = typeFilter };

    private HyperionSerializerSetup(HyperionSerializerSetup other)
    {
        PreserveObjectReferences = other.PreserveObjectReferences;
        VersionTolerance = other.VersionTolerance;
        KnownTypesProvider = other.KnownTypesProvider;
        DisallowUnsafeType = other.DisallowUnsafeType;
        TypeFilter = other.TypeFilter;
    }
}
