namespace Akka.Actor;

/// <summary>An actor whose messages are written to the log, at debug level, where <c>akka.actor.debug.receive</c> is
/// on.</summary>
public interface ILogReceive
{
}
