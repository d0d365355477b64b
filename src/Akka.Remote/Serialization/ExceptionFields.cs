using System.ComponentModel;
using System.Reflection;
using System.Runtime.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>
/// What the framework's common exceptions write about themselves beyond what every exception has. A node of Akka.NET
/// makes them again through their serialization constructors, and these throw when an entry is missing: then not the
/// detail is lost but the whole message.
/// </summary>
internal static class ExceptionFields
{
    public const string ParameterName = "ParamName";
    public const string ActualValue = "ActualValue";
    public const string ObjectName = "ObjectName";

    /// <summary>By the type that writes them; the names are those of the runtime.</summary>
    private static readonly Dictionary<Type, Field[]> Table = new()
    {
        [typeof(Exception)] = [],
        [typeof(ArgumentException)] = [Field.Of<ArgumentException>(ParameterName, e => e.ParamName)],
        [typeof(ArgumentOutOfRangeException)] =
        [
            Field.Of<ArgumentOutOfRangeException>(ParameterName, e => e.ParamName),
            Field.Of<ArgumentOutOfRangeException>(ActualValue, e => e.ActualValue is int or long or string
                ? e.ActualValue
                : null),
        ],
        [typeof(ObjectDisposedException)] = [Field.Of<ObjectDisposedException>(ObjectName, e => e.ObjectName)],
        [typeof(TypeInitializationException)] = [Field.Of<TypeInitializationException>("TypeName", e => e.TypeName)],
        [typeof(FileNotFoundException)] =
        [
            Field.Of<FileNotFoundException>("FileNotFound_FileName", e => e.FileName),
            Field.Of<FileNotFoundException>("FileNotFound_FusionLog", e => e.FusionLog),
        ],
        [typeof(FileLoadException)] =
        [
            Field.Of<FileLoadException>("FileLoad_FileName", e => e.FileName),
            Field.Of<FileLoadException>("FileLoad_FusionLog", e => e.FusionLog),
        ],
        [typeof(BadImageFormatException)] =
        [
            Field.Of<BadImageFormatException>("BadImageFormat_FileName", e => e.FileName),
            Field.Of<BadImageFormatException>("BadImageFormat_FusionLog", e => e.FusionLog),
        ],
        [typeof(Win32Exception)] = [Field.Of<Win32Exception>("NativeErrorCode", e => e.NativeErrorCode)],
    };

    /// <summary>The nearest type at or above the exception's own that a node can make again of the fields in the
    /// table.</summary>
    public static (Type Type, Field[] Fields) Of(Exception exception)
    {
        Type type = exception.GetType();
        while (true)
        {
            Type writer = WriterOf(type);
            if (!type.IsAbstract && Table.TryGetValue(writer, out Field[]? fields)) return (type, fields);
            type = type.IsAbstract ? type.BaseType! : writer.BaseType!;
        }
    }

    /// <summary>What a type appends to its message from its fields; who makes it again appends it again.</summary>
    public static string Bare(string message, string? parameter, object? actual, string? disposed)
    {
        if (!string.IsNullOrEmpty(parameter))
            message = message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal);
        if (actual is not null) message = WithoutLine(message, $"Actual value was {actual}.");
        return string.IsNullOrEmpty(disposed) ? message : WithoutLine(message, $"Object name: '{disposed}'.");
    }

    // The line may come from a system that ends lines differently.
    private static string WithoutLine(string message, string line) =>
        message.EndsWith("\n" + line, StringComparison.Ordinal)
            ? message[..^(line.Length + 1)].TrimEnd('\r')
            : message;

    private static Type WriterOf(Type type)
    {
        Type writer = type;
        while (writer != typeof(Exception) && !Writes(writer)) writer = writer.BaseType!;
        return writer;
    }

    // Some do it only for who asks through the interface, and then the method has the interface's name before its own.
    private static bool Writes(Type type) => type
        .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Any(method => method.Name is nameof(ISerializable.GetObjectData)
            || method.Name.EndsWith("." + nameof(ISerializable.GetObjectData), StringComparison.Ordinal));

    /// <summary>One entry, and where its value is.</summary>
    internal sealed record Field(string Name, Func<Exception, object?> ValueIn)
    {
        public static Field Of<T>(string name, Func<T, object?> value)
            where T : Exception => new(name, exception => value((T)exception));
    }
}
