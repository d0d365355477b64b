using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>One line of <c>akka.actor.serializers</c>: the serializer is made when it is first needed, because most
/// systems never need most of them and some are slow to load.</summary>
internal sealed class SerializerEntry(string name, Type type, int? identifier, Func<Serializer> make)
{
    private readonly Lock _gate = new();
    private Serializer? _instance;

    public string Name { get; } = name;

    public Type Type { get; } = type;

    public int Identifier => identifier ?? Instance.Identifier;

    public Serializer Instance
    {
        get
        {
            if (Volatile.Read(ref _instance) is { } known) return known;
            lock (_gate)
            {
                if (_instance is null) Volatile.Write(ref _instance, make());
                return _instance!;
            }
        }
    }
}

/// <summary>Reads the serialization part of a configuration: which serializers there are, and which types they are
/// for.</summary>
internal static class SerializerTable
{
    private const string Serializers = "akka.actor.serializers";
    private const string Bindings = "akka.actor.serialization-bindings";
    private const string Settings = "akka.actor.serialization-settings";

    /// <exception cref="ConfigurationException">A type does not exist, is no serializer, or cannot be
    /// made.</exception>
    public static Dictionary<string, SerializerEntry> ReadSerializers(ExtendedActorSystem system)
    {
        Config config = system.Settings.Config;
        Config? identifiers = config.GetConfig(SerializerIdentifierHelper.SerializationIdentifiers);
        var entries = new Dictionary<string, SerializerEntry>(StringComparer.Ordinal);
        foreach ((string name, HoconValue value) in Fields(config, Serializers))
        {
            string typeName = value.GetString() ?? "";
            Type type = Type.GetType(typeName) ?? throw new ConfigurationException(
                $"{Serializers}.{name} names the type '{typeName}', which does not exist; " +
                "write 'Namespace.Type, Assembly'.");
            if (!typeof(Serializer).IsAssignableFrom(type))
            {
                throw new ConfigurationException(
                    $"{Serializers}.{name} names {type}, which is not a {nameof(Serializer)}.");
            }

            Config? settings = config.GetConfig($"{Settings}.{HoconPath.Join([name])}");
            entries[name] = new SerializerEntry(
                name, type, IdentifierOf(type, identifiers), () => Make(type, system, settings));
        }

        return entries;
    }

    /// <summary>The bound types in the order of the configuration. Types that this process does not have are left
    /// out: the binding may be meant for other nodes.</summary>
    public static List<(Type Type, SerializerEntry Serializer)> ReadBindings(
        Config config, Dictionary<string, SerializerEntry> entries, Action<string> warn)
    {
        var bindings = new List<(Type, SerializerEntry)>();
        foreach ((string typeName, HoconValue value) in Fields(config, Bindings))
        {
            if (value.GetString() is not { Length: > 0 } name) continue;
            if (!entries.TryGetValue(name, out SerializerEntry? entry))
            {
                throw new ConfigurationException(
                    $"{Bindings}.\"{typeName}\" names the serializer '{name}'; " +
                    $"known are {string.Join(", ", entries.Keys)}.");
            }

            if (Type.GetType(typeName) is { } type) bindings.Add((type, entry));
            else warn($"The type '{typeName}' of {Bindings} does not exist here; its binding to '{name}' is ignored.");
        }

        return bindings;
    }

    public static int? IdentifierOf(Type type, Config? identifiers)
    {
        if (identifiers is null) return null;
        if (identifiers.GetValue($"\"{type.TypeQualifiedName()}\"") is { } value) return value.GetInt();
        return null;
    }

    private static IEnumerable<KeyValuePair<string, HoconValue>> Fields(Config config, string path) =>
        config.GetConfig(path)?.AsEnumerable() ?? [];

    private static Serializer Make(Type type, ExtendedActorSystem system, Config? settings)
    {
        try
        {
            bool takesConfig = type.GetConstructor([typeof(ExtendedActorSystem), typeof(Config)]) is not null;
            object?[] arguments = takesConfig ? [system, settings ?? Config.Empty] : [system];
            return (Serializer)Activator.CreateInstance(type, arguments)!;
        }
        catch (MissingMethodException e)
        {
            throw new ConfigurationException(
                $"The serializer {type} has no public constructor with an ExtendedActorSystem.", e);
        }
        catch (System.Reflection.TargetInvocationException e)
        {
            throw new ConfigurationException(
                $"The serializer {type} could not be made: {e.InnerException?.Message}", e.InnerException);
        }
    }
}
