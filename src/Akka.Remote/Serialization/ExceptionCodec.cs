using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>
/// Exceptions between nodes. Writing gives the type's name, message and trace, and the fields without which a node of
/// Akka.NET could not make the type again; what needs more than <see cref="ExceptionFields"/> knows goes out as the type
/// that it derives from, its own name before the message. Reading makes objects of the types that <see
/// cref="WireTypes"/> lets pass, which the common ones are. Whatever else comes arrives as <see
/// cref="RemoteException"/>, which keeps the name.
/// </summary>
internal sealed class ExceptionCodec(ExtendedActorSystem system)
{
    // An exception in an exception in an exception … is cut here; real chains have three or four.
    private const int DeepestChain = 32;

    private const int PrimitiveSerializer = 17;

    private readonly WrappedPayload _payload = new(system);

    /// <summary>Null becomes an empty exception.</summary>
    public WireException Write(Exception? exception) => Write(exception, DeepestChain);

    /// <summary>Null for an empty exception.</summary>
    public Exception? Read(WireException? wire)
    {
        if (string.IsNullOrEmpty(wire?.TypeName)) return null;
        Exception? inner = Read(wire.InnerException);
        return MakeAllowed(wire, inner)
            ?? new RemoteException(FullName(wire.TypeName), wire.Message, wire.StackTrace, inner)
            {
                Origin = new WireException(wire) { InnerException = null },
            };
    }

    private static string FullName(string name)
    {
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? name : name[..comma];
    }

    private Exception? MakeAllowed(WireException wire, Exception? inner)
    {
        WireTypes allowed = system.Serialization.WireTypes;
        Type type;
        try
        {
            type = allowed.Resolve(wire.TypeName);
        }
        catch (WireTypeRefusedException refused)
        {
            if (allowed.IsFirstRefusal(wire.TypeName))
                system.Log.Warning("Exceptions of another node arrive as RemoteException: {0}", refused.Message);
            return null;
        }

        if (!typeof(Exception).IsAssignableFrom(type) || type.IsAbstract) return null;
        return MakeWithFields(type, wire, inner) ?? Make(type, wire.Message, inner);
    }

    private static Exception? Make(Type type, string message, Exception? inner)
    {
        if (type.GetConstructor([typeof(string), typeof(Exception)]) is { } full)
        {
            return (Exception)full.Invoke([message, inner]);
        }

        return type.GetConstructor([typeof(string)]) is { } brief ? (Exception)brief.Invoke([message]) : null;
    }

    /// <summary>Most of these take either a field or a cause; then the cause says more.</summary>
    private Exception? MakeWithFields(Type type, WireException wire, Exception? inner)
    {
        string? parameter = Field(wire, ExceptionFields.ParameterName) as string;
        object? actual = Field(wire, ExceptionFields.ActualValue);
        string? disposed = Field(wire, ExceptionFields.ObjectName) as string;
        string message = ExceptionFields.Bare(wire.Message, parameter, actual, disposed);
        if (type == typeof(ArgumentException) && parameter is not null)
            return new ArgumentException(message, parameter, inner);
        if (inner is not null) return null;
        if (type == typeof(ArgumentNullException) && parameter is not null)
            return new ArgumentNullException(parameter, message);
        if (type == typeof(ArgumentOutOfRangeException) && (parameter is not null || actual is not null))
            return new ArgumentOutOfRangeException(parameter, actual, message);
        return type == typeof(ObjectDisposedException) && disposed is not null
            ? new ObjectDisposedException(disposed, message)
            : null;
    }

    private object? Field(WireException wire, string name) =>
        wire.CustomFields.TryGetValue(name, out WirePayload? payload) && payload.SerializerId == PrimitiveSerializer
            ? _payload.Unwrap(payload)
            : null;

    private WireException Write(Exception? exception, int depth)
    {
        if (exception is null || depth == 0) return new WireException();
        WireException wire = exception is RemoteException { Origin: { } origin }
            ? origin.Clone()
            : Written(exception);
        wire.InnerException = Write(exception.InnerException, depth - 1);
        return wire;
    }

    private WireException Written(Exception exception)
    {
        (Type type, ExceptionFields.Field[] fields) = ExceptionFields.Of(exception);
        Type own = exception.GetType();
        var remote = exception as RemoteException;
        WireException wire = new()
        {
            TypeName = remote?.TypeName ?? type.TypeQualifiedName(),
            Message = type == own ? exception.Message : $"{own.FullName}: {exception.Message}",
            StackTrace = remote?.RemoteTrace ?? exception.StackTrace ?? "",
            Source = exception.Source ?? "",
            TypeForwardedFrom = ForwardedFrom(type),
        };
        foreach (ExceptionFields.Field field in fields)
            wire.CustomFields.Add(field.Name, _payload.Wrap(field.ValueIn(exception)));
        wire.Message = ExceptionFields.Bare(
            wire.Message,
            Field(wire, ExceptionFields.ParameterName) as string,
            Field(wire, ExceptionFields.ActualValue),
            Field(wire, ExceptionFields.ObjectName) as string);
        return wire;
    }

    // Peers of the old framework know the common types under the assembly that they came from.
    private static string ForwardedFrom(Type type)
    {
        object[] marks = type.GetCustomAttributes(typeof(TypeForwardedFromAttribute), inherit: false);
        if (marks.Length == 0) return "";
        string assembly = ((TypeForwardedFromAttribute)marks[0]).AssemblyFullName;
        int comma = assembly.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? assembly : assembly[..comma];
    }
}
