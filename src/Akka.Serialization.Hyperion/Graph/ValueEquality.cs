using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Util;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// Which objects become one on the wire when they are equal, though they are two here. Hyperion does that with all
/// that call themselves equal. Here it takes more: equality must be known to mean the same contents (so it is the
/// compiler's or the framework's own), and it must end, which it does not in a circle of records. Other objects are
/// one only if they are one. Readers see no difference but in the number of bytes.
/// </summary>
internal static class ValueEquality
{
    private static readonly Type[] Structural =
    [
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
        typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>),
        typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    private static readonly Type[] Leaves =
    [
        typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Version), typeof(System.Type),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(System.Numerics.BigInteger),
    ];

    public static bool Decides(Type type) => Compares(type) && Ends(type, []);

    /// <summary>Two of the type are equal if their fields are, and only then.</summary>
    private static bool Compares(Type type)
    {
        if (type.IsEnum || Leaves.Contains(type)) return true;
        if (type.IsConstructedGenericType && Structural.Contains(type.GetGenericTypeDefinition())) return true;
        MethodInfo equals = type.GetMethod(nameof(Equals), [typeof(object)])!;
        if (equals.DeclaringType == typeof(ValueType)) return true;
        return equals.DeclaringType == type && equals.IsDefined(typeof(CompilerGeneratedAttribute)) &&
            type.GetMethod(nameof(Equals), [type]) is { } typed && typed.IsDefined(typeof(CompilerGeneratedAttribute));
    }

    private static bool Ends(Type type, HashSet<Type> above)
    {
        if (IsLeaf(type)) return true;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Ends(inner, above);
        if (type.IsArray) return true; // Arrays are equal to themselves alone.
        bool exact = type.IsValueType || type.IsSealed || above.Count == 0;
        if (!exact) return false;
        if (type.GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType == typeof(object)) return true;
        if (!Compares(type) || !above.Add(type)) return false;
        bool ends = InstanceField.Of(type).All(field => Ends(field.Declared, above));
        above.Remove(type);
        return ends;
    }

    private static bool IsLeaf(Type type) =>
        type.IsPrimitive || type.IsEnum || Primitives.Of(type) is not null || Leaves.Contains(type) ||
        typeof(ISurrogated).IsAssignableFrom(type);
}
