using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Has a use for no message: each becomes an <see cref="Event.UnhandledMessage"/>.</summary>
public class UnhandledMessageActor : ReceiveActor
{
}
