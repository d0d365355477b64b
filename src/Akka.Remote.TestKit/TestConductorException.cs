using Akka.Actor;

namespace Akka.Remote.TestKit;

/// <summary>The nodes of a multi-node test could not be brought together: a barrier failed, a node was lost, an order
/// was not carried out.</summary>
public sealed class TestConductorException(string message) : AkkaException(message);
