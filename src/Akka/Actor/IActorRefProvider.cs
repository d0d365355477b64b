using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>
/// Makes and finds references. The local provider knows the tree of this process; the remote one composes it and
/// knows the way to others.
/// </summary>
public interface IActorRefProvider
{
    /// <summary>The top of the tree.</summary>
    IInternalActorRef RootGuardian { get; }

    /// <summary>The parent of the actors that users make: /user.</summary>
    LocalActorRef Guardian { get; }

    /// <summary>The parent of the engine's own actors: /system.</summary>
    LocalActorRef SystemGuardian { get; }

    IActorRef DeadLetters { get; }

    IActorRef IgnoreRef { get; }

    ActorPath RootPath { get; }

    Settings Settings { get; }

    Deployer Deployer { get; }

    IInternalActorRef TempContainer { get; }

    /// <summary>The system that this provider was initialized with.</summary>
    ActorSystemImpl System { get; }

    /// <summary>Where others reach this system.</summary>
    Address DefaultAddress { get; }

    /// <summary>Ends when the root of the tree has stopped.</summary>
    Task TerminationTask { get; }

    void Init(ActorSystemImpl system);

    /// <summary>A new path under /temp.</summary>
    ActorPath TempPath();

    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    void UnregisterTempActor(ActorPath path);

    /// <summary>Makes the reference and the cell of an actor; the caller starts it.</summary>
    IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy, bool async);

    IActorRef ResolveActorRef(string path);

    /// <returns>The actor at this path and of this incarnation, or a reference that leads to the dead
    /// letters.</returns>
    IActorRef ResolveActorRef(ActorPath actorPath);

    IActorRef RootGuardianAt(Address address);

    /// <returns>How a system at <paramref name="address"/> would address this one; null if it cannot.</returns>
    Address? GetExternalAddressFor(Address address);
}
