using System.Runtime.Serialization;
using Akka.Actor;
using Newtonsoft.Json;

namespace Akka.Serialization;

/// <summary>Types as values: their names are from the network like any other. (Left to itself, the JSON library would
/// load whatever assembly the text says.)</summary>
internal sealed class JsonTypes(ExtendedActorSystem system) : JsonConverter
{
    public override bool CanConvert(Type objectType) => typeof(Type).IsAssignableFrom(objectType);

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) =>
        writer.WriteValue(((Type?)value)?.AssemblyQualifiedName);

    public override object? ReadJson(
        JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) => reader.Value switch
        {
            null when reader.TokenType == JsonToken.Null => null,
            string name => system.Serialization.WireTypes.Resolve(name),
            _ => throw new SerializationException($"{reader.TokenType} came for the name of a type."),
        };
}

/// <summary>Dictionaries with types as keys. The JSON library makes types of the names itself, so these are written and
/// never read.</summary>
internal sealed class JsonTypeKeys : JsonConverter
{
    public static readonly JsonTypeKeys Instance = new();

    public override bool CanWrite => false;

    public override bool CanConvert(Type objectType) => true;

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) =>
        throw new NotSupportedException("This converter only reads.");

    public override object ReadJson(
        JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) =>
        throw new SerializationException($"A {objectType.Name} with types as keys is not read; send their names.");
}
