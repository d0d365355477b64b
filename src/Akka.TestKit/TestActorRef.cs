using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>
/// An actor whose object a test can reach, running on the thread that sends to it: when Tell returns, the message has
/// been handled.
/// </summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef where TActor : ActorBase
{
    private readonly LocalActorRef _inner;

    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        Props props = actorProps.Dispatcher == Deploy.NoDispatcherGiven || actorProps.Dispatcher.Length == 0 ||
            actorProps.Dispatcher == Akka.Dispatch.Dispatchers.DefaultDispatcherId
            ? actorProps.WithDispatcher(CallingThreadDispatcher.Id)
            : actorProps;
        IActorRef made = supervisor switch
        {
            null => system.ActorOf(props, name),
            LocalActorRef local => local.Cell.ActorOf(props, name, isSystemService: false),
            TestProbe { Ref: LocalActorRef local } => local.Cell.ActorOf(props, name, isSystemService: false),
            _ => throw new ArgumentException($"{supervisor} cannot supervise: it is not an actor of this process.",
                nameof(supervisor)),
        };
        _inner = (LocalActorRef)made;
    }

    /// <summary>The reference alone, as other actors get it.</summary>
    public IActorRef Ref => _inner;

    /// <summary>The actor itself: a new object after every restart.</summary>
    /// <exception cref="InvalidOperationException">The actor could not be made, or has stopped.</exception>
    public TActor UnderlyingActor => _inner.Cell.Actor as TActor ?? throw new InvalidOperationException(
        $"There is no {typeof(TActor).Name} behind {_inner}: it could not be made, or has stopped.");

    public ActorPath Path => _inner.Path;

    /// <summary>Lets the actor handle a message without its mailbox: what the handler throws is thrown here.</summary>
    public void Receive(object message, IActorRef? sender = null) => _inner.Cell.InvokeInline(message, sender);

    public void Tell(object message, IActorRef? sender) => _inner.Tell(message, sender);

    /// <summary>Lets the actor watch another.</summary>
    public void Watch(IActorRef subject) => InActor(() => _inner.Cell.Watch(subject));

    public void Unwatch(IActorRef subject) => InActor(() => _inner.Cell.Unwatch(subject));

    private void InActor(Action action)
    {
        ActorCell? outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = _inner.Cell;
        try
        {
            action();
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
        }
    }

    public bool Equals(IActorRef? other) => _inner.Equals(other);

    public override bool Equals(object? obj) => obj is TestActorRefBase<TActor> other
        ? _inner.Equals(other._inner)
        : _inner.Equals(obj);

    public override int GetHashCode() => _inner.GetHashCode();

    public int CompareTo(IActorRef? other) => _inner.CompareTo(other);

    public int CompareTo(object? obj) => _inner.CompareTo(obj as IActorRef);

    public override string ToString() => _inner.ToString();

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => _inner.ToSurrogate(system);

    bool IActorRefScope.IsLocal => true;

    IInternalActorRef IInternalActorRef.Parent => _inner.Parent;

    bool IInternalActorRef.IsTerminated => _inner.IsTerminated;

    IActorRefProvider IInternalActorRef.Provider => _inner.Provider;

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => _inner.GetChild(name);

    void IInternalActorRef.Start() => _inner.Start();

    void IInternalActorRef.Suspend() => _inner.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => _inner.Resume(causedByFailure);

    void IInternalActorRef.Restart(Exception cause) => _inner.Restart(cause);

    void IInternalActorRef.Stop() => _inner.Stop();

    void IInternalActorRef.SendSystemMessage(ISystemMessage message) => _inner.SendSystemMessage(message);
}

/// <inheritdoc cref="TestActorRefBase{TActor}" />
public sealed class TestActorRef<TActor>(
    ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    : TestActorRefBase<TActor>(system, actorProps, supervisor, name) where TActor : ActorBase;
