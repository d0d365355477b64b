using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Another node asks to create an actor here.</summary>
/// <param name="ClassName">Type of the actor.</param>
/// <param name="Path">Where it should live.</param>
/// <param name="Supervisor">Who would look after it.</param>
internal sealed record DaemonMsgCreate(string ClassName, string Path, string Supervisor);

/// <summary>What stands at <c>/remote</c>: it refuses to create actors for other nodes, and says so in the
/// log.</summary>
internal sealed class RefusingDaemon(RemoteActorRefProvider provider, ActorPath path, ILoggingAdapter log)
    : MinimalActorRef
{
    /// <inheritdoc />
    public override ActorPath Path { get; } = path;

    /// <inheritdoc />
    public override IActorRefProvider Provider => provider;

    /// <inheritdoc />
    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DaemonMsgCreate create)
        {
            log.Error(
                "Refused to create an actor of type [{0}] at {1} for {2}: remote deployment is not part of this "
                + "engine. Create the actor on its own node, and send it messages.",
                create.ClassName,
                create.Path,
                create.Supervisor);
        }
    }
}
