using System.Reflection;
using System.Text;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>How objects of one type are laid out: worked out once, used for every object.</summary>
internal sealed class Shape
{
    private Shape(Type type, Layout layout)
    {
        Type = type;
        Layout = layout;
    }

    public Type Type { get; }

    public Layout Layout { get; }

    /// <summary>The manifest of a primitive, or of the elements of an array of primitives.</summary>
    public Manifest Primitive { get; private init; }

    /// <summary>What the elements of an array are declared as.</summary>
    public Type Element { get; private init; } = typeof(object);

    public Container? Container { get; private init; }

    /// <summary>Fields in the order of the wire; of containers and exceptions, what the wire lists but nobody
    /// reads.</summary>
    public InstanceField[] Fields { get; private init; } = [];

    /// <summary>Manifest, name of the type and names of its fields.</summary>
    public byte[] Header { get; private set; } = [];

    /// <summary>Where in <see cref="Header"/> the fields begin.</summary>
    public int FieldListStart { get; private set; }

    public ReadOnlySpan<byte> FieldList => Header.AsSpan(FieldListStart);

    /// <summary>Equal objects of this type become one on the wire.</summary>
    public bool EqualByValue { get; private init; }

    /// <summary>Each object of the type gets a number, by which it can be referred to.</summary>
    public bool IsNumbered => Layout is not
        (Layout.Primitive or Layout.Nothing or Layout.Exception or Layout.Aggregate or Layout.Surrogated);

    /// <summary>Of a pair, which of <see cref="Fields"/> is the key, which is going to be hashed or compared; -1 if it is
    /// no pair. The bytes list fields in any order they like.</summary>
    public int KeyField { get; private init; } = -1;

    public static Shape Of(Type type)
    {
        Manifest? own = Primitives.Of(type);
        if (own is not null) return new Shape(type, Layout.Primitive) { Primitive = own.Value };
        if (type == typeof(object)) return new Shape(type, Layout.Nothing);
        if (type == typeof(byte[])) return new Shape(type, Layout.Bytes);
        if (typeof(Type).IsAssignableFrom(type)) return new Shape(type, Layout.Type);
        if (Portability.IsBarred(type)) return new Shape(type, Layout.Unportable);
        if (type.IsArray) return OfArray(type);
        if (typeof(Akka.Util.ISurrogated).IsAssignableFrom(type)) return new Shape(type, Layout.Surrogated);
        return OfObject(type);
    }

    private static Shape OfArray(Type type)
    {
        Type element = type.GetElementType()!;
        if (type.IsSZArray && Primitives.Of(element) is { } primitive)
        {
            return new Shape(type, Layout.PrimitiveArray) { Primitive = primitive };
        }

        Layout layout = type.IsSZArray ? Layout.Array : type.GetArrayRank() > 1 ? Layout.Grid : Layout.Unportable;
        return new Shape(type, layout) { Element = element }.WithHeader();
    }

    private static Shape OfObject(Type type)
    {
        InstanceField[] fields = InstanceField.Of(type);
        if (fields.Length > byte.MaxValue) return new Shape(type, Layout.Unportable);
        Container? container = Container.Of(type);
        Layout layout = container switch
        {
            { IsPlainDictionary: true } => Layout.Dictionary,
            not null => Layout.Collection,
            null when type == typeof(AggregateException) => Layout.Aggregate,
            null when typeof(Exception).IsAssignableFrom(type) => Layout.Exception,
            null => Layout.Fields,
        };
        bool pair = type == typeof(System.Collections.DictionaryEntry) ||
            type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        return new Shape(type, layout)
        {
            Container = container,
            Fields = fields,
            KeyField = pair ? Array.FindIndex(fields, field => field.Name is "key" or "_key") : -1,
            EqualByValue = layout == Layout.Fields && ValueEquality.Decides(type),
        }.WithHeader();
    }

    private Shape WithHeader()
    {
        var sink = new ByteSink();
        sink.Byte((byte)Manifest.NamedWithFields);
        Name(ref sink, TypeNames.Of(Type));
        FieldListStart = sink.Length;
        sink.Byte((byte)Fields.Length);
        foreach (InstanceField field in Fields) Name(ref sink, field.Name);
        Header = sink.ToArray();
        sink.Dispose();
        return this;
    }

    private static void Name(ref ByteSink sink, string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        sink.Int32(utf8.Length);
        sink.Bytes(utf8);
    }
}

/// <summary>What has no meaning outside of the process that it is in.</summary>
internal static class Portability
{
    private static readonly Type[] Barred =
    [
        typeof(Delegate), typeof(MemberInfo), typeof(ParameterInfo), typeof(Assembly), typeof(Module),
        typeof(MarshalByRefObject), typeof(Task), typeof(System.Runtime.InteropServices.SafeHandle),
        typeof(System.Runtime.ConstrainedExecution.CriticalFinalizerObject),
    ];

    public static bool IsBarred(Type type) =>
        type.IsPointer || type.IsFunctionPointer || type.IsByRefLike || type.IsCOMObject || type.IsAbstract ||
        type.ContainsGenericParameters ||
        type == typeof(nint) || type == typeof(nuint) || type == typeof(CancellationToken) ||
        Array.Exists(Barred, barred => barred.IsAssignableFrom(type));
}
