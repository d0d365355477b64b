using Akka.Actor;

namespace Akka.Remote;

/// <summary>Remoting could not do what was asked: listen at an endpoint, reach a peer, read its messages.</summary>
public class RemoteTransportException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>The life that lives at the peer's address is quarantined here.</summary>
internal sealed class QuarantinedLifeException(string message) : RemoteTransportException(message);
