using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>As whom a system writes its references: the address other nodes reach it at.</summary>
public sealed class Information(Address address, ActorSystem system)
{
    public Address Address { get; } = address;

    public ActorSystem System { get; } = system;
}

/// <summary>
/// The serializers of an actor system: finds the one for a message, and the one that wrote some bytes. A type is
/// served by its own binding, else by that of the nearest base or interface that is bound, else by that of
/// <c>System.Object</c>.
/// </summary>
public class Serialization
{
    /// <summary>Messages inside of messages, as selections and answers hold them. A frame could hold thousands, and no
    /// thread's stack could.</summary>
    private const int DeepestNesting = 32;

    [ThreadStatic]
    private static Information? t_scope;

    [ThreadStatic]
    private static int t_nesting;

    private readonly Dictionary<string, SerializerEntry> _byName;
    private readonly ConcurrentDictionary<int, Serializer> _byIdentifier = new();
    private readonly ConcurrentDictionary<Type, Serializer?> _chosen = new();
    private readonly NullSerializer _null;
    private volatile List<(Type Type, SerializerEntry Serializer)> _bindings;

    /// <exception cref="Configuration.ConfigurationException">The configuration names a serializer that cannot be
    /// had.</exception>
    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        _null = new NullSerializer(system);
        _byName = SerializerTable.ReadSerializers(system);
        _bindings = SerializerTable.ReadBindings(system.Settings.Config, _byName, text => system.Log?.Warning(text));
        WireTypes = new WireTypes(system.Settings.Config);
        foreach ((Type type, SerializerEntry serializer) in _bindings) AllowOnWire(type, serializer.Type);
        if (system.Settings.Setup.Get<SerializationSetup>() is { HasValue: true } setup)
        {
            foreach (SerializerDetails details in setup.Value.CreateSerializers(system))
            {
                AddSerializer(details.Alias, details.Serializer);
                foreach (Type type in details.UseFor.OrderBy(type => type.FullName, StringComparer.Ordinal))
                {
                    AddSerializationMap(type, details.Serializer);
                }
            }
        }
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Which type names from other nodes become types here.</summary>
    internal WireTypes WireTypes { get; }

    /// <summary>How often other nodes have named a type that they may not name; see
    /// <see cref="WireTypeRefusedException"/>.</summary>
    internal long RefusedTypeNames => WireTypes.Refused;

    /// <summary>The node that is being written to, while something is; see <see cref="WithTransport{T}"/>.</summary>
    internal static Information? CurrentTransportInformation => t_scope;

    /// <param name="obj">Null has a serializer of its own.</param>
    /// <param name="defaultSerializerName">Which serializer to take if only <c>System.Object</c> is bound.</param>
    public Serializer FindSerializerFor(object? obj, string? defaultSerializerName = null) =>
        obj is null ? _null : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <exception cref="SerializationException">Nothing is bound to the type.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_chosen.TryGetValue(objectType, out Serializer? chosen) && chosen is not null) return chosen;
        (Type? bound, SerializerEntry? entry) = Nearest(objectType);
        if (bound == typeof(object) || bound is null)
        {
            if (defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out var named))
            {
                return named.Instance;
            }
        }

        Serializer serializer = entry?.Instance ?? throw new SerializationException(
            $"No serializer is bound to {objectType.TypeQualifiedName()}; " +
            "bind it, one of its bases or System.Object in akka.actor.serialization-bindings.");
        _chosen.TryAdd(objectType, serializer);
        return serializer;
    }

    private (Type?, SerializerEntry?) Nearest(Type type)
    {
        (Type? Type, SerializerEntry? Serializer) best = default;
        foreach ((Type bound, SerializerEntry serializer) in _bindings)
        {
            if (bound == type) return (bound, serializer);
            if (!bound.IsAssignableFrom(type)) continue;
            bool nearer = best.Type is null || (bound != best.Type && best.Type.IsAssignableFrom(bound));
            if (nearer) best = (bound, serializer);
        }

        return best;
    }

    /// <exception cref="SerializationException">There is no serializer of this number.</exception>
    public Serializer GetSerializerById(int serializerId) =>
        FindSerializerById(serializerId) ?? throw new SerializationException(
            $"No serializer here has the number {serializerId}. Both nodes need the same akka.actor.serializers.");

    internal Serializer? FindSerializerById(int serializerId)
    {
        if (_byIdentifier.TryGetValue(serializerId, out Serializer? known)) return known;
        if (serializerId == _null.Identifier) return _null;
        foreach (SerializerEntry entry in _byName.Values)
        {
            if (entry.Identifier != serializerId) continue;
            return _byIdentifier.GetOrAdd(serializerId, entry.Instance);
        }

        return null;
    }

    /// <summary>Adds a serializer, or replaces the one of the same number.</summary>
    public void AddSerializer(Serializer serializer) => _byIdentifier[serializer.Identifier] = serializer;

    public void AddSerializer(string name, Serializer serializer)
    {
        _byName[name] = new SerializerEntry(name, serializer.GetType(), serializer.Identifier, () => serializer);
        AddSerializer(serializer);
    }

    /// <summary>Binds a type to a serializer, over what the configuration says.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        var entry = new SerializerEntry(type.Name, serializer.GetType(), serializer.Identifier, () => serializer);
        _bindings = [(type, entry), .. _bindings.Where(binding => binding.Type != type)];
        _chosen.Clear();
        AllowOnWire(type, serializer.GetType());
    }

    /// <summary>A serializer with manifests of its own makes types of no names; so binding to it allows
    /// none.</summary>
    private void AllowOnWire(Type type, Type serializer)
    {
        bool own = typeof(SerializerWithStringManifest).IsAssignableFrom(serializer);
        if (!own || typeof(IMakesTypesOfManifests).IsAssignableFrom(serializer)) WireTypes.Bind(type);
    }

    public byte[] Serialize(object? obj) =>
        WithTransport(System, (this, obj), static work => work.Item1.FindSerializerFor(work.obj).ToBinary(work.obj!));

    /// <summary>What a serializer wants to know about a message when it reads it; empty if nothing.</summary>
    public static string ManifestFor(Serializer serializer, object msg) => serializer switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().TypeQualifiedName(),
        _ => "",
    };

    /// <returns>The message; null where null was written.</returns>
    /// <exception cref="SerializationException">No serializer has this number, or it cannot read the
    /// bytes.</exception>
    public object Deserialize(byte[] bytes, int serializerId, Type? type)
    {
        Serializer serializer = GetSerializerById(serializerId);
        return Reading(serializer, bytes, type?.FullName ?? "", (serializer, bytes, type),
            static work => work.serializer.FromBinary(work.bytes, work.type)!);
    }

    /// <param name="manifest">What <see cref="ManifestFor"/> said on the node that wrote the bytes.</param>
    /// <exception cref="SerializationException">No serializer has this number, or it cannot read the
    /// bytes.</exception>
    /// <exception cref="WireTypeRefusedException">The manifest names a type that other nodes may not name.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        Serializer serializer = GetSerializerById(serializerId);
        if (serializer is SerializerWithStringManifest named)
        {
            return Reading(serializer, bytes, manifest, (named, bytes, manifest),
                static work => work.named.FromBinary(work.bytes, work.manifest));
        }

        Type? type = string.IsNullOrEmpty(manifest) ? null : WireTypes.Resolve(manifest);
        return Reading(serializer, bytes, manifest, (serializer, bytes, type),
            static work => work.serializer.FromBinary(work.bytes, work.type)!);
    }

    /// <summary>Bytes come from anywhere, and serializers fail in their own ways; whoever reads wants to know one
    /// way.</summary>
    private object Reading<TState>(
        Serializer serializer, byte[] bytes, string manifest, TState state, Func<TState, object> read)
    {
        if (t_nesting >= DeepestNesting)
        {
            throw new SerializationException($"A message lies in more than {DeepestNesting} others.");
        }

        t_nesting++;
        try
        {
            return WithTransport(System, state, read);
        }
        catch (Exception failure) when (failure is not (SerializationException or OutOfMemoryException))
        {
            string about = manifest.Length == 0 ? "" : $" of '{manifest}'";
            throw new SerializationException(
                $"Serializer {serializer.Identifier} ({serializer.GetType().Name}) cannot read " +
                $"{bytes.Length} bytes{about}: {failure.Message}", failure);
        }
        finally
        {
            t_nesting--;
        }
    }

    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <summary>The text of a reference as another node has to be told it: with the address it is reached at
    /// there.</summary>
    public static string SerializedActorPath(IActorRef? actorRef)
    {
        if (actorRef is null) return "";
        ActorPath path = actorRef.Path;
        IActorRefProvider? provider = actorRef is IInternalActorRef and not Nobody
            ? ((IInternalActorRef)actorRef).Provider
            : null;
        if (t_scope is not { } scope)
        {
            return provider is null
                ? path.ToSerializationFormat() : path.ToSerializationFormatWithAddress(provider.DefaultAddress);
        }

        if (provider is null || ReferenceEquals(provider, ((ExtendedActorSystem)scope.System).Provider))
        {
            return path.ToSerializationFormatWithAddress(scope.Address);
        }

        Address seen = provider.GetExternalAddressFor(scope.Address) ?? provider.DefaultAddress;
        return path.ToSerializationFormatWithAddress(seen);
    }

    /// <summary>Runs something with references written as this system's own, reached at its default address.</summary>
    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        WithTransport(system, action, static work => work());

    /// <summary>As above, for work that takes its inputs as a state and so needs no closure.</summary>
    public static TResult WithTransport<TState, TResult>(
        ExtendedActorSystem system, TState state, Func<TState, TResult> action) =>
        t_scope is { } scope && ReferenceEquals(scope.System, system)
            ? action(state)
            : InScope(new Information(system.Provider.DefaultAddress, system), state, action);

    /// <summary>Runs something with references written for a node that reaches this system at the given
    /// address.</summary>
    public static T SerializeWithTransport<T>(ActorSystem system, Address address, Func<T> action) =>
        InScope(new Information(address, system), action, static work => work());

    internal static TResult InScope<TState, TResult>(Information scope, TState state, Func<TState, TResult> action)
    {
        Information? outer = t_scope;
        t_scope = scope;
        try
        {
            return action(state);
        }
        finally
        {
            t_scope = outer;
        }
    }
}
