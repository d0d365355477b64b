using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>
/// Exceptions between nodes. Writing gives the type's name, message and trace, as Akka.NET does. Reading makes objects
/// of the types that <see cref="WireTypes"/> lets pass, which the common ones are. Whatever else comes arrives as <see cref="RemoteException"/>, which keeps the name.
/// </summary>
internal static class ExceptionCodec
{
    // An exception in an exception in an exception … is cut here; real chains have three or four.
    private const int DeepestChain = 32;

    private const string ParameterName = "ParamName";

    /// <summary>Null becomes an empty exception.</summary>
    public static WireException Write(Exception? exception) => Write(exception, DeepestChain);

    /// <summary>Null for an empty exception.</summary>
    public static Exception? Read(WireException? wire, WireTypes allowed)
    {
        if (string.IsNullOrEmpty(wire?.TypeName)) return null;
        Exception? inner = Read(wire.InnerException, allowed);
        return MakeAllowed(wire.TypeName, wire.Message, inner, allowed)
            ?? new RemoteException(FullName(wire.TypeName), wire.Message, wire.StackTrace, inner);
    }

    private static string FullName(string name)
    {
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? name : name[..comma];
    }

    private static Exception? MakeAllowed(string name, string message, Exception? inner, WireTypes allowed)
    {
        Type type;
        try
        {
            type = allowed.Resolve(name);
        }
        catch (WireTypeRefusedException)
        {
            return null;
        }
        if (!typeof(Exception).IsAssignableFrom(type) || type.IsAbstract) return null;
        if (type.GetConstructor([typeof(string), typeof(Exception)]) is { } full)
        {
            return (Exception)full.Invoke([message, inner]);
        }
        return type.GetConstructor([typeof(string)]) is { } brief ? (Exception)brief.Invoke([message]) : null;
    }

    private static WireException Write(Exception? exception, int depth)
    {
        if (exception is null || depth == 0) return new WireException();
        WireException wire = new()
        {
            TypeName = exception is RemoteException remote ? remote.TypeName : exception.GetType().TypeQualifiedName(),
            Message = exception.Message,
            StackTrace = exception.StackTrace ?? "",
            Source = exception.Source ?? "",
            InnerException = Write(exception.InnerException, depth - 1),
            TypeForwardedFrom = ForwardedFrom(exception.GetType()),
        };
        // The one field that the framework's common exceptions have beyond the standard ones; empty means null.
        if (exception is ArgumentException) wire.CustomFields.Add(ParameterName, new WirePayload());
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
