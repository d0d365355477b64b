using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>
/// How the engine's actors look after one another. System messages overtake all user messages and are handled by
/// suspended actors too. Between a pair of actors they arrive in order, exactly once.
/// </summary>
public interface ISystemMessage : INoSerializationVerificationNeeded
{
}

/// <summary>To the watchee: tell <see cref="Watcher"/> when you die.</summary>
public sealed record Watch(IInternalActorRef Watchee, IInternalActorRef Watcher) : ISystemMessage;

/// <summary>To the watchee: <see cref="Watcher"/> does not want to know any more.</summary>
public sealed record Unwatch(IInternalActorRef Watchee, IInternalActorRef Watcher) : ISystemMessage;

/// <summary>To the watcher and to the parent: <see cref="Actor"/> is dead.</summary>
/// <param name="Actor">Who died.</param>
/// <param name="ExistenceConfirmed">False if nobody can tell whether it ever lived.</param>
/// <param name="AddressTerminated">True if it was its whole node that went.</param>
public sealed record DeathWatchNotification(IActorRef Actor, bool ExistenceConfirmed, bool AddressTerminated)
    : ISystemMessage;

/// <summary>To the parent: the child could not handle a message, and waits for a decision.</summary>
public sealed record Failed(IActorRef Child, Exception Cause, long Uid) : ISystemMessage;

/// <summary>To a parent: look after this child, which was created elsewhere.</summary>
public sealed record Supervise(IActorRef Child, bool Async) : ISystemMessage;

/// <summary>To the child: first of all, come to life; or report why the cell could not be made.</summary>
public sealed record Create(Exception? Failure) : ISystemMessage;

/// <summary>To the child: start afresh, keeping your mailbox and your reference.</summary>
public sealed record Recreate(Exception Cause) : ISystemMessage;

/// <summary>To the child: go on. A cause says that this ends the failure it reported.</summary>
public sealed record Resume(Exception? CausedByFailure) : ISystemMessage;

/// <summary>To the child: handle no user messages until told.</summary>
public sealed record Suspend : ISystemMessage
{
    public static readonly Suspend Instance = new();
}

/// <summary>To the actor: stop your children, then yourself.</summary>
public sealed record Terminate : ISystemMessage
{
    public static readonly Terminate Instance = new();
}

/// <summary>To the actor: run a piece of its own work, such as the continuation of an async handler.</summary>
internal sealed record RunInActor(Action Work) : ISystemMessage;
