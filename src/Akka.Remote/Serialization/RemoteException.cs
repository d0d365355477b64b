using Akka.Remote.Serialization.Proto;

namespace Akka.Remote.Serialization;

/// <summary>An exception of another node whose type is not one that this node makes by name.</summary>
/// <param name="typeName">Full name of the type there.</param>
/// <param name="message">Its message.</param>
/// <param name="remoteTrace">Its stack trace there; empty if it had none.</param>
/// <param name="inner">What caused it.</param>
public sealed class RemoteException(string typeName, string message, string remoteTrace, Exception? inner)
    : Exception(message, inner)
{
    public string TypeName { get; } = typeName;

    public string RemoteTrace { get; } = remoteTrace;

    /// <summary>As it came, without its cause: who passes it on says again what was said.</summary>
    internal WireException? Origin { get; init; }

    public override string ToString() => $"{TypeName}: {Message}\n{RemoteTrace}\n--- as {base.ToString()}";
}
