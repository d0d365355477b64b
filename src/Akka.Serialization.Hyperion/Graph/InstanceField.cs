using System.Reflection;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>One field of an object, and what fits into it.</summary>
internal sealed class InstanceField(FieldInfo info)
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public string Name => info.Name;

    public Type Declared => info.FieldType;

    public object? Get(object instance) => info.GetValue(instance);

    /// <summary>Into constant fields too, and into the box of a struct.</summary>
    public void Set(object instance, object? value) => info.SetValue(instance, value);

    /// <summary>
    /// The fields of a type in the order of the wire, by name. A field that derived types can see is listed once for
    /// each level of the hierarchy that sees it, because that is how the wire has it. Pointers and locks are left out.
    /// </summary>
    public static InstanceField[] Of(Type type)
    {
        List<FieldInfo> fields = [];
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            fields.AddRange(level.GetFields(Instance).Where(Travels));
        }

        return [.. fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => new InstanceField(field))];
    }

    private static bool Travels(FieldInfo field) =>
        field.FieldType != typeof(nint) && field.FieldType != typeof(nuint) &&
        !field.FieldType.IsPointer && !field.FieldType.IsFunctionPointer && field.Name != "_syncRoot" &&
        !field.IsDefined(typeof(global::Hyperion.IgnoreAttribute), inherit: true);
}
