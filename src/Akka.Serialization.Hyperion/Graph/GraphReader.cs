using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// Reads one message. Nothing in the bytes is believed: counts are held against what is left, numbers against what has
/// been given, values against where they are put, names against <see cref="WireTypes"/>, and the nesting against
/// <see cref="HyperionSerializer.DeepestNesting"/>. Constructors are not called, but for collections and exceptions.
/// </summary>
internal sealed class GraphReader(byte[] bytes, Shapes shapes, ActorSystem system)
{
    /// <summary>Of an object that is being read: whoever contains it contains itself.</summary>
    private const long Endless = long.MaxValue;

    private readonly ByteSource _source = new(bytes);
    private readonly List<(object? Value, long Size)> _objects = [];
    private readonly List<Entry> _types = [.. shapes.Known.Select(shape => new Entry(shape, null))];
    private int _depth;

    /// <summary>A type of this message, and in which order its fields come: null is the usual one, -1 a field that
    /// does not exist here.</summary>
    private sealed record Entry(Shape Shape, int[]? Order);

    /// <exception cref="HyperionException">The bytes are no value.</exception>
    /// <exception cref="WireTypeRefusedException">They name a type that is not allowed.</exception>
    public static object? Read(byte[] bytes, Shapes shapes, ActorSystem system)
    {
        var reader = new GraphReader(bytes, shapes, system);
        object? value = reader.Value(out _);
        reader._source.End();
        return reader.Restored(value);
    }

    /// <param name="size">How many values it has with all that it refers to, each counted as often as it is met. That
    /// is what hashing and comparing cost.</param>
    private object? Value(out long size)
    {
        size = 1;
        var manifest = (Manifest)_source.Byte();
        switch (manifest)
        {
            case Manifest.Null:
                return null;
            case Manifest.Object:
                return new object();
            case Manifest.Bytes:
                byte[] taken = _source.Take(_source.Count(least: 1)).ToArray();
                _objects.Add((taken, 1));
                return taken;
            case Manifest.Type:
                return TypeValue();
            case Manifest.PrimitiveArray:
                return PrimitiveArray();
            case Manifest.Reference:
                return Referred(out size);
            case Manifest.Named:
                return Whole(Named(listed: false), out size);
            case Manifest.NamedWithFields:
                return Whole(Named(listed: true), out size);
            case Manifest.KnownType:
                int number = _source.UInt16();
                if (number >= _types.Count) throw Reject(HyperionReject.UnknownTypeNumber, $"no type is number {number}");
                return Whole(_types[number], out size);
            default:
                return Primitives.Read(_source, manifest);
        }
    }

    private Type? TypeValue()
    {
        Type? type = _source.Text() is { } name ? shapes.TypeNamed(name) : null;
        _objects.Add((type, 1));
        return type;
    }

    private Array PrimitiveArray()
    {
        var manifest = (Manifest)_source.Byte();
        Type type = Primitives.TypeOf(manifest) ??
            throw Reject(HyperionReject.UnknownManifest, $"no primitive has the manifest {(byte)manifest}");
        int count = _source.Count(Primitives.Size(manifest));
        var array = Array.CreateInstance(type, count);
        _objects.Add((array, 1));
        if (array is int[] numbers && BitConverter.IsLittleEndian)
        {
            _source.Take(count * sizeof(int)).CopyTo(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
            return array;
        }

        for (int i = 0; i < count; i++) array.SetValue(Primitives.Read(_source, manifest), i);
        return array;
    }

    private object? Referred(out long size)
    {
        int number = _source.Int32();
        if ((uint)number >= (uint)_objects.Count)
        {
            throw Reject(HyperionReject.UnknownReference, $"no object is number {number} of {_objects.Count}");
        }

        (object? value, size) = _objects[number];
        return value;
    }

    private Entry Named(bool listed)
    {
        Shape shape = shapes.Named(_source.Name());
        if (shape.Layout is Layout.Unportable)
        {
            throw Reject(HyperionReject.Unportable, $"{shape.Type} means nothing in another process");
        }

        if (shape.Header.Length == 0) throw Reject(HyperionReject.WrongType, $"{shape.Type} has a manifest of its own");
        var entry = new Entry(shape, listed ? FieldOrder.Read(_source, shape) : null);
        _types.Add(entry);
        return entry;
    }

    private object Whole(Entry entry, out long size)
    {
        if (++_depth > HyperionSerializer.DeepestNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Reject(HyperionReject.TooDeep, $"objects lie more than {HyperionSerializer.DeepestNesting} deep");
        }

        object value = entry.Shape.Layout switch
        {
            Layout.Array or Layout.Grid => Elements(entry.Shape, out size),
            Layout.Dictionary or Layout.Collection => Collection(entry.Shape, out size),
            Layout.Exception => ExceptionForm.Read(_source, entry.Shape.Type, Inner, out size),
            Layout.Aggregate => ExceptionForm.ReadAggregate(_source, Inner, out size),
            _ => Fields(entry, out size),
        };
        _depth--;
        return value;
    }

    private object? Inner(out long size) => Value(out size);

    private Array Elements(Shape shape, out long size)
    {
        // A struct takes more than a byte: a reference, or the number of its type.
        int least = shape.Element.IsValueType ? 3 : 1;
        int[] lengths = shape.Layout == Layout.Grid
            ? _source.Lengths(shape.Type.GetArrayRank(), least)
            : [_source.Count(least)];
        var array = Array.CreateInstance(shape.Element, lengths);
        int number = Open(array);
        size = 1;
        var at = new int[lengths.Length];
        for (int left = array.Length; left > 0; left--)
        {
            object? element = Fitting(Value(out long inner), shape.Element);
            size = Sum(size, inner);
            array.SetValue(element, at);
            Step(at, lengths);
        }

        _objects[number] = (array, size);
        return array;
    }

    private static void Step(int[] at, int[] lengths)
    {
        for (int dimension = at.Length - 1; dimension >= 0 && ++at[dimension] == lengths[dimension]; dimension--)
        {
            at[dimension] = 0;
        }
    }

    private object Collection(Shape shape, out long size)
    {
        Container container = shape.Container!;
        object? started = container.Start();
        int? number = started is null ? null : Open(started);
        var elements = new object?[_source.Count(least: 1)];
        size = 1;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Fitting(Value(out long inner), container.Element);
            if (container.IsSet) CheckKey(elements[i], inner);
            size = Sum(size, inner);
        }

        object whole;
        try
        {
            whole = container.Finish(started, elements);
        }
        catch (Exception e) when (e is TargetInvocationException or ArgumentException or InvalidCastException
            or NullReferenceException or InvalidOperationException)
        {
            string why = (e.InnerException ?? e).Message;
            throw Reject(HyperionReject.WrongType, $"these elements make no {shape.Type}: {why}");
        }

        if (number is { } given) _objects[given] = (whole, size);
        else _objects.Add((whole, size));
        return whole;
    }

    private object Fields(Entry entry, out long size)
    {
        Shape shape = entry.Shape;
        object instance = RuntimeHelpers.GetUninitializedObject(shape.Type);
        int number = Open(instance);
        size = 1;
        int count = entry.Order?.Length ?? shape.Fields.Length;
        for (int i = 0; i < count; i++)
        {
            object? value = Value(out long inner);
            size = Sum(size, inner);
            int at = entry.Order?[i] ?? i;
            if (at < 0) continue;
            if (at == shape.KeyField) CheckKey(value, inner);
            InstanceField field = shape.Fields[at];
            field.Set(instance, Fitting(value, field.Declared));
        }

        _objects[number] = (instance, size);
        return instance;
    }

    /// <summary>Numbers an object whose contents are still to come.</summary>
    private int Open(object value)
    {
        _objects.Add((value, Endless));
        return _objects.Count - 1;
    }

    private static long Sum(long size, long inner) => inner >= Endless - size ? Endless : size + inner;

    // Hashing and comparing walk through everything below a key, and for ever if the key contains itself. Objects that
    // know only whether they are the same are not walked.
    private void CheckKey(object? key, long size)
    {
        if (size <= HyperionSerializer.LargestKey || key is null) return;
        bool walked = key is IComparable ||
            key.GetType().GetMethod(nameof(GetHashCode), Type.EmptyTypes)!.DeclaringType != typeof(object);
        if (!walked) return;
        string count = size == Endless ? "contains itself" : $"unfolds to {size} values";
        throw Reject(HyperionReject.KeyTooLarge, $"a key {count}; {HyperionSerializer.LargestKey} are allowed");
    }

    /// <summary>What a value is on this side: surrogates are what they stand for.</summary>
    private object? Restored(object? value)
    {
        if (value is not ISurrogate surrogate) return value;
        try
        {
            return surrogate.FromSurrogate(system);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NullReferenceException
            or InvalidOperationException)
        {
            throw Reject(HyperionReject.WrongType, $"a {surrogate.GetType()} stands for nothing: {e.Message}");
        }
    }

    private object? Fitting(object? value, Type declared)
    {
        if (value is null)
        {
            bool nothing = !declared.IsValueType || Nullable.GetUnderlyingType(declared) is not null;
            return nothing ? null : throw Reject(HyperionReject.WrongType, $"null came for a {declared}");
        }

        object fitting = declared.IsInstanceOfType(value) && declared != typeof(object) ? value : Restored(value)!;
        return declared.IsInstanceOfType(fitting)
            ? fitting
            : throw Reject(HyperionReject.WrongType, $"a {fitting.GetType()} came for a {declared}");
    }

    private HyperionException Reject(HyperionReject reason, string detail) => _source.Reject(reason, detail);
}
