using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Where actors can be made and found.</summary>
public interface IActorRefFactory
{
    /// <param name="props">What actor to make.</param>
    /// <param name="name">Its name among its siblings; without one it gets a name that starts with $.</param>
    /// <exception cref="InvalidActorNameException">The name is taken, empty, or has characters that a path cannot
    /// have.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Hearing of the death of other actors.</summary>
public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when the subject is dead, at once if it is already.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of one's own instead of Terminated.</summary>
    /// <exception cref="InvalidOperationException">The subject is watched already, with a different
    /// message.</exception>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>After this no Terminated of the subject arrives, even if it was on its way.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor can see and do; usable only while it handles a message.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    Props Props { get; }

    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    MessageDispatcher Dispatcher { get; }

    TimeSpan? ReceiveTimeout { get; }

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    /// <returns>The child of that name, or <see cref="Nobody"/>.</returns>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor after the message that it is handling; its children stop first.</summary>
    void Stop(IActorRef child);
}

public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);

    void BecomeStacked(UntypedReceive receive);
}

/// <summary>The engine's view of what is behind a local reference.</summary>
public interface ICell
{
    Props Props { get; }

    ActorSystem System { get; }

    IActorRef Self { get; }

    bool IsTerminated { get; }

    bool IsLocal { get; }

    bool HasMessages { get; }

    int NumberOfMessages { get; }

    void Start();

    void SendMessage(IActorRef? sender, object message);

    void SendSystemMessage(ISystemMessage message);
}

/// <summary>Shorter ways to make and find actors.</summary>
public static class ActorRefFactoryExtensions
{
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        ActorRefFactoryShared.ActorSelection(factory, anchorRef, actorPath);
}
