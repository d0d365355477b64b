using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// A tree of actors with what they share: configuration, dispatchers, scheduler, event stream. A process usually has
/// one. It has threads of its own, so it has to be terminated.
/// </summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    public abstract Settings Settings { get; }

    public abstract string Name { get; }

    public abstract Serialization.Serialization Serialization { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IActorRef IgnoreRef { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract IScheduler Scheduler { get; }

    /// <summary>A log in the name of the system.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>How long the system has been running.</summary>
    public abstract TimeSpan Uptime { get; }

    public abstract DateTime StartTime { get; }

    /// <summary>Ends when the last actor has stopped.</summary>
    public abstract Task WhenTerminated { get; }

    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, Config config) =>
        Create(name, BootstrapSetup.Create().WithConfig(config));

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <exception cref="ArgumentException">The name is not made of letters, digits and hyphens.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        ActorSystemImpl system = new(name, setup);
        system.Start();
        return system;
    }

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown, which ends with all actors stopped, children before parents.</summary>
    public abstract Task Terminate();

    public abstract void RegisterOnTermination(Action code);

    public abstract object RegisterExtension(IExtensionId extension);

    public abstract object GetExtension(IExtensionId extensionId);

    public abstract T GetExtension<T>() where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>() where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, out object? extension);

    public abstract bool TryGetExtension<T>(out T? extension) where T : class, IExtension;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _ = Terminate();
    }
}

/// <summary>The system as the engine's other assemblies see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The parent of all that users make: /user.</summary>
    public abstract IInternalActorRef Guardian { get; }

    public abstract IInternalActorRef LookupRoot { get; }

    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Makes an actor below /system.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>Stops everything at once, without the phases of the coordinated shutdown.</summary>
    public abstract void Abort();

    /// <summary>The tree with its actors, for looking into a running system.</summary>
    public abstract string PrintTree();
}
