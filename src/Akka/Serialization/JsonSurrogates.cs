using System.Globalization;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Util;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Akka.Serialization;

/// <summary>Writes the entries of exceptions and other objects that list themselves: their readers ask for each by
/// its type, so numbers need no mark, and understand none.</summary>
internal sealed class JsonPlainNumbers : JsonConverter
{
    public static readonly JsonPlainNumbers Instance = new();

    public override bool CanRead => false;

    public override bool CanConvert(Type objectType) => true;

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        if (value is int or float or decimal) writer.WriteValue(value);
        else serializer.Serialize(writer, value, typeof(object));
    }

    public override object ReadJson(
        JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) =>
        throw new NotSupportedException("This converter only writes.");
}

/// <summary>Writes surrogates and marked numbers, and restores what they stand for, wherever they turn up.</summary>
internal sealed class JsonSurrogates(ExtendedActorSystem system) : JsonConverter
{
    private const string Mark = "$";

    public override bool CanConvert(Type objectType) => Handles(objectType);

    private static bool Handles(Type objectType) =>
        IsMarked(objectType) || objectType == typeof(object) || typeof(ISurrogated).IsAssignableFrom(objectType) ||
        typeof(ISurrogate).IsAssignableFrom(objectType) && objectType.IsInterface;

    private static bool IsMarked(Type objectType) =>
        objectType == typeof(int) || objectType == typeof(float) || objectType == typeof(decimal);

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        switch (value)
        {
            case int number:
                WriteMarked(writer, 'I', number.ToString(CultureInfo.InvariantCulture));
                break;
            case float number:
                WriteMarked(writer, 'F', number.ToString(CultureInfo.InvariantCulture));
                break;
            case decimal number:
                WriteMarked(writer, 'M', number.ToString(CultureInfo.InvariantCulture));
                break;
            case ISurrogated surrogated:
                serializer.Serialize(writer, surrogated.ToSurrogate(system), typeof(object));
                break;
            case null:
                writer.WriteNull();
                break;
            default:
                // A bare object: nothing of it but its type is known.
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteMarked(JsonWriter writer, char kind, string number)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Mark);
        writer.WriteValue(kind + number);
        writer.WriteEndObject();
    }

    public override object? ReadJson(
        JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
    {
        if (reader.TokenType == JsonToken.StartObject && IsMarked(objectType))
            return ReadNumber(reader, objectType, serializer);
        // Read without a wanted type: its own name decides, and no converter is asked again.
        object? value = serializer.Deserialize(reader);
        return Restore(value, system, objectType, serializer);
    }

    // A marked number, without the tree that anything else becomes.
    private object? ReadNumber(JsonReader reader, Type wanted, JsonSerializer serializer)
    {
        JObject? other = null;
        reader.Read();
        if (reader is { TokenType: JsonToken.PropertyName, Value: Mark })
        {
            reader.Read();
            JToken first;
            if (reader is { TokenType: JsonToken.String, Value: string text })
            {
                reader.Read();
                if (reader.TokenType == JsonToken.EndObject) return Number(text);
                first = text;
            }
            else
            {
                first = JToken.ReadFrom(reader);
                reader.Read();
            }
            other = new JObject { { Mark, first } };
        }
        other ??= [];
        while (reader is { TokenType: JsonToken.PropertyName, Value: string name })
        {
            reader.Read();
            other[name] = JToken.ReadFrom(reader);
            reader.Read();
        }
        using JsonReader again = other.CreateReader();
        return Restore(serializer.Deserialize(again), system, wanted, serializer);
    }

    /// <summary>The object that a surrogate or a marked number stands for; anything else is itself.</summary>
    public static object? Restore(object? value, ActorSystem system, Type wanted, JsonSerializer serializer)
    {
        switch (value)
        {
            case ISurrogate surrogate when !typeof(ISurrogate).IsAssignableFrom(wanted):
                return surrogate.FromSurrogate(system);
            case JObject { Count: 1 } tree when tree.First is JProperty { Name: Mark,
                Value: JValue { Value: string text } }:
                return Number(text);
            case JToken tree when wanted != typeof(object) && !wanted.IsInstanceOfType(tree):
                // Reading the tree as a type that this converter handles would come back here, for ever.
                return Handles(wanted)
                    ? throw new SerializationException($"{Start(tree)} was found where a {wanted.Name} belongs.")
                    : tree.ToObject(wanted, serializer);
            // Lenient: a peer that writes plain numbers is understood all the same.
            case long or double when wanted == typeof(int) || wanted == typeof(float) || wanted == typeof(decimal):
                return Convert.ChangeType(value, wanted, CultureInfo.InvariantCulture);
            default:
                return value;
        }
    }

    private static string Start(JToken tree) => tree is JArray ? "A list without $type" : "An object without $type";

    /// <exception cref="SerializationException">The text is not a letter and a number.</exception>
    private static object Number(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan(Math.Min(1, text.Length));
        CultureInfo culture = CultureInfo.InvariantCulture;
        return text.Length == 0 ? throw NoNumber(text) : text[0] switch
        {
            'I' when int.TryParse(digits, NumberStyles.Integer, culture, out int number) => number,
            'F' when float.TryParse(digits, NumberStyles.Float, culture, out float number) => number,
            'M' when decimal.TryParse(digits, NumberStyles.Float, culture, out decimal number) => number,
            _ => throw NoNumber(text),
        };
    }

    private static SerializationException NoNumber(string text) =>
        new($"{{\"$\":\"{text}\"}} is not a number: I, F or M and its digits were expected.");
}
