using System.Collections.Concurrent;
using System.Reflection;
using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// What a message says of itself in a log. It may come from the network, in circles that no constructor would have made,
/// and a text that goes through itself ends the process or fills the disk. So only those are asked whose fields, and
/// theirs, cannot lead back to where they began; of others the type is named.
/// </summary>
internal static class MessageText
{
    /// <summary>Letters of a message in a line of the log.</summary>
    public const int Longest = 1_000;

    /// <summary>Letters of an exception with its stack trace: about 150 frames. A method that called itself until the stack
    /// was used up has 100,000.</summary>
    public const int LongestCause = 16_000;

    // Nodes name types that are allowed, so there are as many as those.
    private static readonly ConcurrentDictionary<Type, bool> TextEnds = new();

    public static string Of(object? message)
    {
        switch (message)
        {
            case null:
                return "null";
            case string text:
                return Cut(text);
            // Its own text asks here what it carries.
            case ActorSelectionMessage { Message: not ActorSelectionMessage }:
                return message.ToString()!;
        }
        Type type = message.GetType();
        if (!TextEnds.GetOrAdd(type, static type => Ends(type, []))) return NameOf(type);
        try
        {
            return Cut(message.ToString() ?? "");
        }
        catch (Exception failure)
        {
            // It must not cost the line, nor the actor that logs.
            return $"{NameOf(type)}, whose ToString failed with {failure.GetType().Name}";
        }
    }

    public static string Cut(string text, int longest = Longest) =>
        text.Length <= longest ? text : $"{text[..longest]}... ({text.Length} letters)";

    private static string NameOf(Type type) => Cut($"<{type}>");

    private static bool Ends(Type type, HashSet<Type> above)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string)) return true;
        if (typeof(IActorRef).IsAssignableFrom(type) || typeof(ActorPath).IsAssignableFrom(type)) return true;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Ends(inner, above);
        if (type.IsArray) return Ends(type.GetElementType()!, above);
        // What is declared as this may be anything that derives from it.
        bool exact = type.IsValueType || type.IsSealed || above.Count == 0;
        if (!exact) return false;
        // Nobody has overridden it: the name of the type.
        if (!type.IsValueType && type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType == typeof(object))
            return true;
        if (!above.Add(type)) return false;
        bool ends = FieldsOf(type).All(field => Ends(field, above));
        above.Remove(type);
        return ends;
    }

    private static IEnumerable<Type> FieldsOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(Own)) yield return field.FieldType;
        }
    }
}
