using System.Collections.Concurrent;
using System.Text;

namespace Akka.Util;

/// <summary>How types are named in configurations and between nodes.</summary>
public static class TypeExtensions
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>
    /// The name of a type with the short name of its assembly, in generic arguments too:
    /// <c>System.Collections.Generic.List`1[[System.String, System.Private.CoreLib]], System.Private.CoreLib</c>.
    /// </summary>
    public static string TypeQualifiedName(this Type type) => Names.GetOrAdd(type, static t =>
    {
        var text = new StringBuilder();
        AppendFullName(text, t);
        return text.Append(", ").Append(t.Assembly.GetName().Name).ToString();
    });

    /// <summary>The full name without the assembly of the type itself; its generic arguments keep theirs.</summary>
    internal static string FullNameWithShortArguments(this Type type)
    {
        var text = new StringBuilder();
        AppendFullName(text, type);
        return text.ToString();
    }

    private static void AppendFullName(StringBuilder text, Type type)
    {
        if (type.IsArray)
        {
            AppendFullName(text, type.GetElementType()!);
            text.Append(type.IsSZArray
                ? "[]" : type.GetArrayRank() == 1 ? "[*]" : $"[{new string(',', type.GetArrayRank() - 1)}]");
            return;
        }

        if (!type.IsConstructedGenericType)
        {
            text.Append(type.FullName ?? type.Name);
            return;
        }

        text.Append(type.GetGenericTypeDefinition().FullName).Append('[');
        Type[] arguments = type.GetGenericArguments();
        for (int i = 0; i < arguments.Length; i++)
        {
            text.Append(i == 0 ? "[" : ",[");
            AppendFullName(text, arguments[i]);
            text.Append(", ").Append(arguments[i].Assembly.GetName().Name).Append(']');
        }

        text.Append(']');
    }

    public static bool Implements<T>(this Type type) => typeof(T).IsAssignableFrom(type);

    public static bool Implements(this Type type, Type moreGeneralType) => moreGeneralType.IsAssignableFrom(type);
}
