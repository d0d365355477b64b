using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Another node asks to create an actor here.</summary>
/// <param name="ClassName">Type of the actor.</param>
/// <param name="Path">Where it should live.</param>
/// <param name="Supervisor">Who would look after it.</param>
internal sealed record DaemonMsgCreate(string ClassName, string Path, string Supervisor);

/// <summary>What stands at <c>/remote</c>: it refuses to create actors for other nodes, and says so in the log. To
/// everybody else it is a place where nobody lives.</summary>
internal sealed class RefusingDaemon(RemoteActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    private readonly ILoggingAdapter _log = Logging.GetLogger(eventStream, "remote-daemon");

    /// <inheritdoc />
    public override bool IsTerminated => false;

    /// <inheritdoc />
    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is not DaemonMsgCreate create)
        {
            base.TellInternal(message, sender);
            return;
        }
        _log.Error(
            "Refused to create an actor of type [{0}] at {1} for {2}: remote deployment is not part of this "
            + "engine. Create the actor on its own node, and send it messages.",
            MessageText.Cut(create.ClassName),
            MessageText.Cut(create.Path),
            MessageText.Cut(create.Supervisor));
    }
}
