using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>
/// Exceptions between nodes. Writing gives the type's name, message and trace, as Akka.NET does. Reading makes objects
/// of a closed list of common types, and of types that the configuration allows to be named from the network. Whatever
/// else comes arrives as <see cref="RemoteException"/>, which keeps the name.
/// </summary>
internal static class ExceptionCodec
{
    // An exception in an exception in an exception … is cut here; real chains have three or four.
    private const int DeepestChain = 32;

    private const string ParameterName = "ParamName";

    private static readonly Dictionary<string, Func<string, Exception?, Exception>> _known = new(StringComparer.Ordinal)
    {
        ["System.Exception"] = (text, inner) => new Exception(text, inner),
        ["System.ApplicationException"] = (text, inner) => new ApplicationException(text, inner),
        ["System.ArgumentException"] = (text, inner) => new ArgumentException(text, inner),
        ["System.ArgumentNullException"] = (text, inner) => new ArgumentNullException(text, inner),
        ["System.ArgumentOutOfRangeException"] = (text, inner) => new ArgumentOutOfRangeException(text, inner),
        ["System.ArithmeticException"] = (text, inner) => new ArithmeticException(text, inner),
        ["System.DivideByZeroException"] = (text, inner) => new DivideByZeroException(text, inner),
        ["System.FormatException"] = (text, inner) => new FormatException(text, inner),
        ["System.IndexOutOfRangeException"] = (text, inner) => new IndexOutOfRangeException(text, inner),
        ["System.InvalidCastException"] = (text, inner) => new InvalidCastException(text, inner),
        ["System.InvalidOperationException"] = (text, inner) => new InvalidOperationException(text, inner),
        ["System.NotImplementedException"] = (text, inner) => new NotImplementedException(text, inner),
        ["System.NotSupportedException"] = (text, inner) => new NotSupportedException(text, inner),
        ["System.NullReferenceException"] = (text, inner) => new NullReferenceException(text, inner),
        ["System.ObjectDisposedException"] = (text, inner) => new ObjectDisposedException(text, inner),
        ["System.OperationCanceledException"] = (text, inner) => new OperationCanceledException(text, inner),
        ["System.OverflowException"] = (text, inner) => new OverflowException(text, inner),
        ["System.TimeoutException"] = (text, inner) => new TimeoutException(text, inner),
        ["System.UnauthorizedAccessException"] = (text, inner) => new UnauthorizedAccessException(text, inner),
        ["System.Collections.Generic.KeyNotFoundException"] = (text, inner) => new KeyNotFoundException(text, inner),
        ["System.IO.IOException"] = (text, inner) => new IOException(text, inner),
        ["System.Threading.Tasks.TaskCanceledException"] = (text, inner) => new TaskCanceledException(text, inner),
        ["Akka.Actor.AskTimeoutException"] = (text, _) => new AskTimeoutException(text),
        ["Akka.Actor.IllegalActorStateException"] = (text, _) => new IllegalActorStateException(text),
        ["Akka.Actor.InvalidActorNameException"] = (text, _) => new InvalidActorNameException(text),
        ["Akka.Actor.InvalidMessageException"] = (text, _) => new InvalidMessageException(text),
    };

    /// <summary>Null becomes an empty exception.</summary>
    public static WireException Write(Exception? exception) => Write(exception, DeepestChain);

    /// <summary>Null for an empty exception.</summary>
    public static Exception? Read(WireException? wire, WireTypes allowed)
    {
        if (string.IsNullOrEmpty(wire?.TypeName)) return null;
        string name = wire.TypeName;
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        string type = comma < 0 ? name : name[..comma];
        Exception? inner = Read(wire.InnerException, allowed);
        if (_known.TryGetValue(type, out var make)) return make(wire.Message, inner);
        return MakeAllowed(name, wire.Message, inner, allowed)
            ?? new RemoteException(type, wire.Message, wire.StackTrace, inner);
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
