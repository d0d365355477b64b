using System.Reflection;
using System.Text;

namespace Akka.Tests.Inside.Api;

/// <summary>What an assembly shows to others, as text: every public type with its public and protected members, in an order
/// that does not change by itself.</summary>
internal static class Surface
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            if (typeof(Delegate).IsAssignableFrom(type)) continue;
            foreach (string member in Members(type).Distinct().Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Header(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        List<string> above = [];
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum
            && parent != typeof(MulticastDelegate)) above.Add(Name(parent));
        above.AddRange(type.GetInterfaces().Where(face => face.IsVisible).Select(Name).Order(StringComparer.Ordinal));
        string ancestors = above.Count == 0 || kind is "enum" or "delegate" ? "" : " : " + string.Join(", ", above);
        string shape = kind == "delegate" ? Signature(type.GetMethod("Invoke")!) : "";
        return $"{kind} {type.Namespace}.{Name(type)}{shape}{ancestors}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (FieldInfo field in type.GetFields(Own).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            if (field.IsSpecialName) continue;
            yield return type.IsEnum ? field.Name : $"{field.Name}: {Name(field.FieldType)}";
        }
        if (type.IsEnum) yield break;
        foreach (PropertyInfo property in type.GetProperties(Own))
        {
            string[] access = [.. new[] { ("get", property.GetMethod), ("set", property.SetMethod) }
                .Where(each => Shows(each.Item2)).Select(each => each.Item1)];
            if (access.Length > 0)
                yield return $"{property.Name}{Parameters(property.GetIndexParameters(), "[", "]")}: {Name(property.PropertyType)} {{ {string.Join("; ", access)} }}";
        }
        foreach (EventInfo happening in type.GetEvents(Own).Where(each => Shows(each.AddMethod)))
            yield return $"event {happening.Name}: {Name(happening.EventHandlerType!)}";
        foreach (ConstructorInfo constructor in type.GetConstructors(Own).Where(Shows))
            if (!constructor.IsStatic) yield return "new" + Parameters(constructor.GetParameters());
        foreach (MethodInfo method in type.GetMethods(Own).Where(Shows))
            if (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
                yield return (method.IsStatic ? "static " : "") + method.Name + Signature(method);
    }

    private static bool Shows(MethodBase? method) =>
        method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && !method.Name.Contains('<', StringComparison.Ordinal);

    private static string Signature(MethodInfo method)
    {
        string generics = method.IsGenericMethod
            ? "<" + string.Join(", ", method.GetGenericArguments().Select(Name)) + ">" : "";
        return $"{generics}{Parameters(method.GetParameters())}: {Name(method.ReturnType)}";
    }

    private static string Parameters(ParameterInfo[] parameters, string open = "(", string close = ")") =>
        parameters.Length == 0 && open == "[" ? "" : open + string.Join(", ", parameters.Select(parameter =>
            (parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")
            + Name(parameter.ParameterType) + " " + parameter.Name + (parameter.HasDefaultValue ? " = …" : ""))) + close;

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        string name = type.Name;
        int mark = name.IndexOf('`', StringComparison.Ordinal);
        if (mark >= 0) name = name[..mark];
        Type[] arguments = type.GetGenericArguments();
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        if (arguments.Length > outer) name += "<" + string.Join(", ", arguments.Skip(outer).Select(Name)) + ">";
        return type.DeclaringType is { } container && !type.IsGenericParameter ? $"{Name(container)}.{name}" : name;
    }
}
