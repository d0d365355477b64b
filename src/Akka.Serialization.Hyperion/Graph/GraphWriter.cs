using System.Collections;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>Writes one message: a manifest and a value, and so on through the whole graph of objects.</summary>
internal sealed class GraphWriter(Shapes shapes, ActorSystem system, bool references)
{
    private readonly Numbering _objects = new();
    private readonly List<Shape> _types = [.. shapes.Known];
    private Dictionary<Shape, int>? _typeNumbers;
    private ByteSink _sink = new();
    private int _depth;

    /// <exception cref="HyperionException">The value cannot be written.</exception>
    public static byte[] Write(object? value, Shapes shapes, ActorSystem system, bool references)
    {
        var writer = new GraphWriter(shapes, system, references);
        try
        {
            writer.Value(value);
            return writer._sink.ToArray();
        }
        finally
        {
            writer._sink.Dispose();
        }
    }

    private void Value(object? value)
    {
        if (value is null)
        {
            Mark(Manifest.Null);
            return;
        }

        Shape shape = shapes.Of(value.GetType());
        switch (shape.Layout)
        {
            case Layout.Primitive:
                Mark(shape.Primitive);
                Primitives.Write(ref _sink, shape.Primitive, value);
                break;
            case Layout.Nothing:
                Mark(Manifest.Object);
                break;
            case Layout.Unportable:
                throw new HyperionException(HyperionReject.Unportable,
                    $"{value.GetType()} means nothing in another process ({HyperionReject.Unportable}).");
            default:
                Enter(value);
                Whole(value, shape);
                _depth--;
                break;
        }
    }

    private void Enter(object value)
    {
        if (++_depth <= HyperionSerializer.DeepestNesting && RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        throw new HyperionException(HyperionReject.TooDeep,
            $"A {value.GetType()} lies {_depth} objects deep, and other nodes read {HyperionSerializer.DeepestNesting} " +
            $"({HyperionReject.TooDeep}). Send long chains as lists.");
    }

    private void Whole(object value, Shape shape)
    {
        if (shape.Layout == Layout.Surrogated)
        {
            Value(((ISurrogated)value).ToSurrogate(system));
            return;
        }

        bool numbered = references && shape.IsNumbered;
        bool byValue = shape.EqualByValue || value is DictionaryEntry entry && IsEqualByValue(entry);
        if (numbered && _objects.Find(value, byValue) is { } number)
        {
            Mark(Manifest.Reference);
            _sink.Int32(number);
            return;
        }

        // What begins to exist with its contents gets its number after theirs.
        bool late = shape.Layout == Layout.Bytes || shape.Container is { IsBornWhole: true };
        if (numbered && !late) _objects.Add(value, byValue);
        Contents(value, shape);
        if (numbered && late) _objects.Add(value, byValue);
    }

    private bool IsEqualByValue(DictionaryEntry entry) => IsPlain(entry.Key) && IsPlain(entry.Value);

    private bool IsPlain(object? value)
    {
        if (value is null) return true;
        Shape shape = shapes.Of(value.GetType());
        return shape.Layout == Layout.Primitive || shape.EqualByValue;
    }

    private void Contents(object value, Shape shape)
    {
        switch (shape.Layout)
        {
            case Layout.Bytes:
                Mark(Manifest.Bytes);
                _sink.Int32(((byte[])value).Length);
                _sink.Bytes((byte[])value);
                break;
            case Layout.Type:
                Mark(Manifest.Type);
                _sink.Text(TypeNames.Of((Type)value));
                break;
            case Layout.PrimitiveArray:
                PrimitiveArray((Array)value, shape.Primitive);
                break;
            default:
                Header(shape);
                Body(value, shape);
                break;
        }
    }

    private void Body(object value, Shape shape)
    {
        switch (shape.Layout)
        {
            case Layout.Array:
                _sink.Int32(((Array)value).Length);
                foreach (object? element in (Array)value) Value(element);
                break;
            case Layout.Grid:
                var grid = (Array)value;
                for (int i = 0; i < grid.Rank; i++) _sink.Int32(grid.GetLength(i));
                foreach (object? element in grid) Value(element);
                break;
            case Layout.Dictionary:
                Counted(Entries((IDictionary)value));
                break;
            case Layout.Collection:
                Counted(IsDefault(value) ? Array.Empty<object>() : (IEnumerable)value);
                break;
            case Layout.Exception:
                Exception((Exception)value);
                break;
            case Layout.Aggregate:
                Aggregate((AggregateException)value);
                break;
            default:
                foreach (InstanceField field in shape.Fields) Value(field.Get(value));
                break;
        }
    }

    // An immutable array that was never made cannot be walked; on the wire it is an empty one.
    private static bool IsDefault(object value) => value is ValueType and IList { IsFixedSize: true } &&
        value.GetType().GetProperty("IsDefault")?.GetValue(value) is true;

    private static IEnumerable Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary) yield return entry;
    }

    private void Counted(IEnumerable elements)
    {
        int at = _sink.Length;
        _sink.Int32(0);
        int count = 0;
        foreach (object? element in elements)
        {
            Value(element);
            count++;
        }

        // Counted while walked, for collections that others change meanwhile.
        _sink.Patch(at, count);
    }

    private void PrimitiveArray(Array array, Manifest element)
    {
        Mark(Manifest.PrimitiveArray);
        Mark(element);
        _sink.Int32(array.Length);
        if (array is int[] numbers && BitConverter.IsLittleEndian)
        {
            _sink.Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
            return;
        }

        foreach (object? value in array)
        {
            if (element == Manifest.String) _sink.Text((string?)value);
            else Primitives.Write(ref _sink, element, value!);
        }
    }

    private void Exception(Exception exception)
    {
        _sink.Text(null); // The name of the class, which .NET leaves out.
        _sink.Text(exception.Message);
        _sink.Text(null);
        _sink.Text(exception.StackTrace);
        Value(exception.InnerException);
    }

    private void Aggregate(AggregateException exception)
    {
        _sink.Text(null);
        _sink.Text(exception.Message);
        Value(null);
        Value(exception.InnerException);
        _sink.Text(exception.HelpLink);
        _sink.Text(exception.StackTrace);
        _sink.Text(null);
        _sink.Int32(0);
        _sink.Text(null);
        _sink.Int32(exception.HResult);
        _sink.Text(exception.Source);
        Value(exception.InnerExceptions.ToArray());
    }

    private void Header(Shape shape)
    {
        // Types beyond the numbers are named each time.
        if (NumberOf(shape) is { } number and <= ushort.MaxValue)
        {
            Mark(Manifest.KnownType);
            _sink.UInt16((ushort)number);
            return;
        }

        _sink.Bytes(shape.Header);
        _types.Add(shape);
        _typeNumbers?.TryAdd(shape, _types.Count - 1);
    }

    private int? NumberOf(Shape shape)
    {
        if (_types.Count > 16 && _typeNumbers is null)
        {
            _typeNumbers = new Dictionary<Shape, int>();
            for (int i = 0; i < _types.Count; i++) _typeNumbers.TryAdd(_types[i], i);
        }

        if (_typeNumbers is not null) return _typeNumbers.TryGetValue(shape, out int known) ? known : null;
        int number = _types.IndexOf(shape);
        return number < 0 ? null : number;
    }

    private void Mark(Manifest manifest) => _sink.Byte((byte)manifest);
}
