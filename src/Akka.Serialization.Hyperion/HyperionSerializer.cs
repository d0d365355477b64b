using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization.Hyperion;
using Akka.Serialization.Hyperion.Graph;

namespace Akka.Serialization;

/// <summary>
/// Serializer -5: whole graphs of objects, field by field, in the form of Hyperion 0.12. Objects are made without their
/// constructors, so the names of their types are believed only as far as <see cref="WireTypes"/> goes: a type must be
/// bound to this serializer, known, or allowed by name. References, addresses and other
/// <see cref="Util.ISurrogated"/> objects travel as their surrogates.
/// </summary>
public class HyperionSerializer : Serializer
{
    /// <summary>Objects in objects, in both directions. A frame could hold 40,000, and a thread's stack a tenth of
    /// that.</summary>
    public const int DeepestNesting = 1_000;

    /// <summary>Values in one key of a dictionary or set, when everything is counted as often as it is met: hashing
    /// walks through all of them, on the stack.</summary>
    public const int LargestKey = 1_000;

    private readonly Shapes _shapes;

    public HyperionSerializer(ExtendedActorSystem system)
        : this(system, HyperionSerializerSettings.Default)
    {
    }

    public HyperionSerializer(ExtendedActorSystem system, Config config)
        : this(system, HyperionSerializerSettings.Create(config))
    {
    }

    /// <param name="system">A <see cref="HyperionSerializerSetup"/> of the system is stronger than the settings.</param>
    /// <param name="settings">What is chosen.</param>
    public HyperionSerializer(ExtendedActorSystem system, HyperionSerializerSettings settings)
        : base(system)
    {
        Settings = system.Settings.Setup.Get<HyperionSerializerSetup>() is { HasValue: true } setup
            ? settings.With(setup.Value)
            : settings;
        Type[] known = [.. KnownTypes(system, Settings.KnownTypesProvider)];
        // The table of allowed types does not exist yet while the serializers are being made.
        var allowed = new Lazy<WireTypes>(() => Allow(system.Serialization.WireTypes, known));
        _shapes = new Shapes(() => allowed.Value, known, Settings.TypeFilter);
    }

    public HyperionSerializerSettings Settings { get; }

    public override int Identifier => -5;

    public override bool IncludeManifest => false;

    /// <exception cref="HyperionException">The object cannot be written.</exception>
    public override byte[] ToBinary(object obj) =>
        GraphWriter.Write(obj, _shapes, system, Settings.PreserveObjectReferences);

    /// <param name="type">Is not asked.</param>
    /// <exception cref="HyperionException">The bytes are no object.</exception>
    /// <exception cref="WireTypeRefusedException">They name a type that other nodes may not name.</exception>
    public override object? FromBinary(byte[] bytes, Type? type) => GraphReader.Read(bytes, _shapes, system);

    private WireTypes Allow(WireTypes types, Type[] known)
    {
        types.Allow(Settings.AllowedTypes, HyperionSerializerSettings.AllowedTypesKey);
        foreach (Type type in known) types.Remember(type);
        if (Settings.TypeFilter is not global::Hyperion.TypeFilter listed) return types;
        foreach (Type type in listed.FilteredTypes) types.Remember(type);
        return types;
    }

    private static IEnumerable<Type> KnownTypes(ExtendedActorSystem system, Type provider)
    {
        bool takesSystem = provider.GetConstructor([typeof(ExtendedActorSystem)]) is not null;
        object made = Activator.CreateInstance(provider, takesSystem ? [system] : [])!;
        return ((IKnownTypesProvider)made).GetKnownTypes();
    }
}
