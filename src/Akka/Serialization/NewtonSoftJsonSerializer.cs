using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace Akka.Serialization;

/// <summary>What can be chosen about JSON. Both ends of a wire must choose the same.</summary>
public sealed class NewtonSoftJsonSerializerSettings(
    bool encodeTypeNames, bool preserveObjectReferences, IEnumerable<Type> converters)
{
    public static readonly NewtonSoftJsonSerializerSettings Default = new(true, true, []);

    /// <summary>Writes <c>$type</c> everywhere. Without it, everything arrives as a tree of JSON.</summary>
    public bool EncodeTypeNames { get; } = encodeTypeNames;

    /// <summary>Writes <c>$id</c> and <c>$ref</c>, so that an object met twice stays one.</summary>
    public bool PreserveObjectReferences { get; } = preserveObjectReferences;

    /// <summary>Types of further <see cref="JsonConverter"/>s, with an empty constructor or one that takes the
    /// system.</summary>
    public IEnumerable<Type> Converters { get; } = converters;

    /// <param name="config"><c>akka.actor.serialization-settings.json</c></param>
    public static NewtonSoftJsonSerializerSettings Create(Config config) => new(
        config.GetBoolean("encode-type-names", true),
        config.GetBoolean("preserve-object-references", true),
        config.GetStringList("converters").Select(name => Type.GetType(name) ?? throw new ConfigurationException(
            $"akka.actor.serialization-settings.json.converters names the type '{name}', which does not exist.")));
}

/// <summary>
/// Serializer 1, for every type that no other serializer is bound to: JSON in the form of Akka.NET. Types are named
/// in the text; a name from the network becomes a type only if <see cref="WireTypes"/> allows it. References,
/// addresses and other
/// <see cref="Util.ISurrogated"/> objects travel as their surrogates; <see cref="int"/>, <see cref="float"/> and
/// <see cref="decimal"/> as <c>{"$":"I7"}</c>, because plain JSON numbers do not tell them from long and double.
/// </summary>
public class NewtonSoftJsonSerializer : Serializer
{
    // UTF-8 without a byte order mark.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // Working out how a type is written takes long, so all systems share what one has found.
    private static readonly MessageContracts Contracts = new();

    public NewtonSoftJsonSerializer(ExtendedActorSystem system)
        : this(system, NewtonSoftJsonSerializerSettings.Default)
    {
    }

    public NewtonSoftJsonSerializer(ExtendedActorSystem system, Config config)
        : this(system, NewtonSoftJsonSerializerSettings.Create(config))
    {
    }

    public NewtonSoftJsonSerializer(ExtendedActorSystem system, NewtonSoftJsonSerializerSettings settings)
        : base(system)
    {
        Settings = new JsonSerializerSettings
        {
            TypeNameHandling = settings.EncodeTypeNames ? TypeNameHandling.All : TypeNameHandling.None,
            PreserveReferencesHandling = settings.PreserveObjectReferences
                ? PreserveReferencesHandling.Objects
                : PreserveReferencesHandling.None,
            NullValueHandling = NullValueHandling.Ignore,
            DefaultValueHandling = DefaultValueHandling.Ignore,
            MissingMemberHandling = MissingMemberHandling.Ignore,
            ObjectCreationHandling = ObjectCreationHandling.Replace,
            ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
            ContractResolver = Contracts,
            SerializationBinder = new WireTypeBinder(system),
        };
        foreach (Type converter in settings.Converters) Settings.Converters.Add(Make(converter, system));
        Settings.Converters.Add(new JsonTypes(system));
        Settings.Converters.Add(new JsonSurrogates(system));
    }

    public JsonSerializerSettings Settings { get; }

    /// <summary>A new one for each message: it counts the objects it has met, and each message starts at 1.</summary>
    public object Serializer => JsonSerializer.Create(Settings);

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    /// <exception cref="JsonSerializationException">Objects lie in one another deeper than any reader goes down, or refer
    /// to themselves in a circle.</exception>
    public override byte[] ToBinary(object obj)
    {
        using var text = new StringWriter(new StringBuilder(256), System.Globalization.CultureInfo.InvariantCulture);
        using var writer = new BoundedWriter(text);
        JsonSerializer.Create(Settings).Serialize(writer, obj, typeof(object));
        return Utf8.GetBytes(text.ToString());
    }

    /// <exception cref="JsonException">The bytes are not JSON, or do not fit the types they name.</exception>
    /// <exception cref="WireTypeRefusedException">The text names a type that other nodes may not name.</exception>
    public override object? FromBinary(byte[] bytes, Type? type)
    {
        using var reader = new JsonTextReader(new StringReader(Utf8.GetString(bytes)));
        JsonSerializer serializer = JsonSerializer.Create(Settings);
        try
        {
            object? value = serializer.Deserialize(reader);
            return JsonSurrogates.Restore(value, system, type ?? typeof(object), serializer);
        }
        catch (JsonSerializationException e) when (Refusal(e) is { } refused)
        {
            throw new WireTypeRefusedException(refused.TypeName);
        }
    }

    private static WireTypeRefusedException? Refusal(Exception? e)
    {
        while (e is JsonException) e = e.InnerException;
        return e as WireTypeRefusedException;
    }

    private static JsonConverter Make(Type converter, ExtendedActorSystem system)
    {
        bool takesSystem = converter.GetConstructor([typeof(ExtendedActorSystem)]) is not null;
        return (JsonConverter)Activator.CreateInstance(converter, takesSystem ? [system] : [])!;
    }

    /// <summary>
    /// Ends what no reader would read (Newtonsoft.Json's stop at the same depth), before it has used up the stack.
    /// </summary>
    private sealed class BoundedWriter(TextWriter text) : JsonTextWriter(text)
    {
        private const int MaxDepth = 64;

        public override void WriteStartObject()
        {
            base.WriteStartObject();
            Check();
        }

        public override void WriteStartArray()
        {
            base.WriteStartArray();
            Check();
        }

        private void Check()
        {
            if (Top <= MaxDepth) return;
            string path = Path.Length <= 200 ? Path : Path[..200] + "...";
            throw new JsonSerializationException(
                $"The message lies more than {MaxDepth} objects deep in itself, which no peer reads, at {path}. "
                + "Send it in parts, or give it a serializer of its own.");
        }
    }

    /// <summary>Members with private setters are written into; of several constructors without a default one, the one
    /// that takes the most members is called.</summary>
    private sealed class MessageContracts : DefaultContractResolver
    {
        protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
        {
            JsonProperty property = base.CreateProperty(member, memberSerialization);
            if (!property.Writable && member is PropertyInfo info)
            {
                property.Writable = info.GetSetMethod(nonPublic: true) is not null;
            }

            return property;
        }

        protected override JsonDictionaryContract CreateDictionaryContract(Type objectType)
        {
            JsonDictionaryContract contract = base.CreateDictionaryContract(objectType);
            if (typeof(Type).IsAssignableFrom(contract.DictionaryKeyType)) contract.Converter = JsonTypeKeys.Instance;
            return contract;
        }

        protected override JsonISerializableContract CreateISerializableContract(Type objectType)
        {
            JsonISerializableContract contract = base.CreateISerializableContract(objectType);
            contract.ItemConverter = JsonPlainNumbers.Instance;
            return contract;
        }

        protected override JsonObjectContract CreateObjectContract(Type objectType)
        {
            JsonObjectContract contract = base.CreateObjectContract(objectType);
            bool undecided = contract is { DefaultCreator: null, OverrideCreator: null, CreatorParameters.Count: 0 };
            if (!undecided || objectType.IsAbstract) return contract;
            ConstructorInfo? widest = objectType.GetConstructors()
                .Where(constructor => constructor.GetParameters().All(parameter =>
                    contract.Properties.GetClosestMatchProperty(parameter.Name ?? "") is not null))
                .MaxBy(constructor => constructor.GetParameters().Length);
            if (widest is null) return contract;
            contract.OverrideCreator = arguments => widest.Invoke(arguments);
            foreach (JsonProperty parameter in CreateConstructorParameters(widest, contract.Properties))
            {
                contract.CreatorParameters.Add(parameter);
            }

            return contract;
        }
    }

    /// <summary>Names of types in both directions.</summary>
    private sealed class WireTypeBinder(ExtendedActorSystem system) : ISerializationBinder
    {
        private readonly ConcurrentDictionary<Type, (string? Assembly, string Type)> _names = [];

        // The table of types does not exist yet while the serializers are being made.
        private WireTypes Types => system.Serialization.WireTypes;

        public Type BindToType(string? assemblyName, string typeName) =>
            Types.Resolve(assemblyName is null ? typeName : $"{typeName}, {assemblyName}");

        public void BindToName(Type serializedType, out string? assemblyName, out string? typeName)
        {
            Types.Remember(serializedType);
            (assemblyName, typeName) = _names.GetOrAdd(serializedType, static type => (
                type.Assembly.GetName().Name, Util.TypeExtensions.FullNameWithShortArguments(type)));
        }
    }
}
