using System.Text;
using Akka.Util;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// Names of types as Hyperion writes them: assemblies by their short names, but for the framework's core, which is
/// <c>System.Private.CoreLib,%core%</c>, in generic arguments too.
/// </summary>
internal static class TypeNames
{
    private const string Core = ", System.Private.CoreLib";
    private const string CoreMark = ",%core%";

    public static string Of(Type type)
    {
        string name = type.TypeQualifiedName();
        int at = name.IndexOf(Core, StringComparison.Ordinal);
        if (at < 0) return name;
        var text = new StringBuilder(name.Length + CoreMark.Length);
        int from = 0;
        for (; at >= 0; at = name.IndexOf(Core, from, StringComparison.Ordinal))
        {
            int end = at + Core.Length;
            text.Append(name, from, end - from);
            // Another assembly's name may only begin so.
            if (end == name.Length || name[end] is ']' or ',') text.Append(CoreMark);
            from = end;
        }

        return text.Append(name, from, name.Length - from).ToString();
    }

    /// <summary>The name as the rest of the engine writes it; whether it is a type's is not judged here.</summary>
    public static string Plain(string name) => name.Replace(CoreMark, "", StringComparison.Ordinal);
}
