using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>Reads a value inside of another one, and says how much it is.</summary>
internal delegate object? InnerValue(out long size);

/// <summary>Exceptions are not read by their fields, but made anew with what they said.</summary>
internal static class ExceptionForm
{
    /// <summary>Values in the causes of one aggregate, counted as often as they are met. Its text is put together from
    /// those of all its causes and theirs, at every level: 100 levels of two causes each, which take 100 times 200 bytes
    /// because lists may be referred to again, would be a text without end. What is larger arrives with its text, which
    /// names the causes, and without the causes.</summary>
    public const int LargestAggregate = 300;

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static object Read(ByteSource source, Type type, InnerValue read, out long size)
    {
        source.Text(); // The name of the class, which the manifest says already.
        string? message = source.Text();
        string trace = source.Text() + source.Text();
        Exception? inner = InnerException(source, read(out size));
        if (size < long.MaxValue) size++;
        Exception exception = Make(source, type, message, inner);
        if (trace.Length > 0) ExceptionDispatchInfo.SetRemoteStackTrace(exception, trace);
        return exception;
    }

    public static object ReadAggregate(ByteSource source, InnerValue read, out long size)
    {
        source.Text();
        string? message = source.Text();
        read(out _);
        Exception? inner = InnerException(source, read(out size));
        string? help = source.Text();
        string trace = source.Text() + source.Text();
        source.Int32();
        source.Text();
        int result = source.Int32();
        string? origin = source.Text();
        object? all = read(out long causesSize);
        size = causesSize < long.MaxValue - size ? size + causesSize : long.MaxValue;
        Exception[] causes = size > LargestAggregate ? [] : all is IEnumerable<Exception> several && several.All(cause => cause is not null)
            ? [.. several]
            : inner is null ? [] : [inner];
        // Its message is made of those of its causes, which the text on the wire holds already.
        var exception = new AggregateException(OwnPart(message, causes), causes)
        {
            HelpLink = help, HResult = result, Source = origin,
        };
        if (trace.Length > 0) ExceptionDispatchInfo.SetRemoteStackTrace(exception, trace);
        return exception;
    }

    private static string? OwnPart(string? message, Exception[] causes)
    {
        if (message is null || causes.Length == 0) return message;
        string appended = string.Concat(causes.Select(cause => $" ({cause.Message})"));
        return message.EndsWith(appended, StringComparison.Ordinal) ? message[..^appended.Length] : message;
    }

    private static Exception? InnerException(ByteSource source, object? value) => value is null or Exception
        ? (Exception?)value
        : throw source.Reject(HyperionReject.WrongType, $"a {value.GetType()} came for an inner exception");

    private static Exception Make(ByteSource source, Type type, string? message, Exception? inner)
    {
        try
        {
            if (type.GetConstructor(Any, [typeof(string), typeof(Exception)]) is { } full)
            {
                return (Exception)full.Invoke([message, inner]);
            }

            if (inner is null && type.GetConstructor(Any, [typeof(string)]) is { } brief)
            {
                return (Exception)brief.Invoke([message]);
            }
        }
        catch (TargetInvocationException e)
        {
            throw source.Reject(HyperionReject.WrongType,
                $"the constructor of {type} failed: {e.InnerException?.Message}");
        }

        var bare = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        MessageOf(bare) = message;
        InnerOf(bare) = inner;
        return bare;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception exception);
}
