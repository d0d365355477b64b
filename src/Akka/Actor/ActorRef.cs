using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Whatever a message can be sent to: a reference or a selection.</summary>
public interface ICanTell
{
    /// <summary>
    /// Sends and returns at once. It cannot say whether the message arrives: the receiver may stop first, or be on a
    /// node that is gone. Who needs to know asks for an answer.
    /// </summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>The handle of an actor: it stays the same over restarts, and can be passed to other nodes.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, ISurrogated, IComparable
{
    ActorPath Path { get; }
}

/// <summary>Whether messages to a reference leave the process.</summary>
public interface IActorRefScope
{
    bool IsLocal { get; }
}

/// <summary>A reference into this process.</summary>
public interface ILocalRef : IActorRefScope
{
}

/// <summary>A reference that may point to an actor not yet started.</summary>
public interface IRepointableRef : IActorRefScope
{
    bool IsStarted { get; }
}

/// <summary>What the engine can do with every reference, and users should not.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    IInternalActorRef Parent { get; }

    IActorRefProvider Provider { get; }

    bool IsTerminated { get; }

    /// <summary>Follows names down the tree; <c>..</c> goes up. <see cref="Nobody"/> if there is no such
    /// place.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    void Start();

    void Suspend();

    void Resume(Exception? causedByFailure = null);

    void Restart(Exception cause);

    void Stop();

    void SendSystemMessage(ISystemMessage message);
}

/// <summary>Constants of references.</summary>
public static class ActorRefs
{
    /// <summary>The sender of messages that come from no actor.</summary>
    public static readonly IActorRef? NoSender = null;

    /// <summary>The reference of no actor: what is sent to it vanishes.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;
}

/// <summary>Identity, order and text of references: the path together with the incarnation.</summary>
public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public void Tell(object message, IActorRef? sender)
    {
        if (message is null) ThrowNullMessage();
        TellInternal(message!, sender);
    }

    protected abstract void TellInternal(object message, IActorRef? sender);

    public bool Equals(IActorRef? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path);
    }

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode()
    {
        ActorPath path = Path;
        return path.Uid == ActorCell.UndefinedUid ? path.GetHashCode() : (int)path.Uid;
    }

    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        int order = Path.CompareTo(other.Path);
        return order != 0 ? order : Path.Uid.CompareTo(other.Path.Uid);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    public virtual ISurrogate ToSurrogate(ActorSystem system) =>
        new Surrogate(Serialization.Serialization.SerializedActorPath(this));

    private static void ThrowNullMessage() =>
        throw new ArgumentNullException("message", "The message is null; send an object that says what is meant.");

    /// <summary>The form in which a reference travels inside serialized objects.</summary>
    public sealed class Surrogate(string path) : ISurrogate
    {
        public string Path { get; } = path;

        public ISurrogated FromSurrogate(ActorSystem system) =>
            ((ExtendedActorSystem)system).Provider.ResolveActorRef(Path);
    }
}

/// <summary>Base of the references that the engine itself makes.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    public abstract IInternalActorRef Parent { get; }

    public abstract IActorRefProvider Provider { get; }

    public abstract bool IsLocal { get; }

    public abstract bool IsTerminated { get; }

    public abstract IActorRef GetChild(IReadOnlyList<string> name);

    public abstract void Start();

    public abstract void Suspend();

    public abstract void Resume(Exception? causedByFailure = null);

    public abstract void Restart(Exception cause);

    public abstract void Stop();

    public abstract void SendSystemMessage(ISystemMessage message);
}

/// <summary>A reference without an actor behind it: whatever is not overridden does nothing.</summary>
public abstract class MinimalActorRef : InternalActorRefBase, ILocalRef
{
    public override IInternalActorRef Parent => ActorRefs.Nobody;

    public override bool IsLocal => true;

    public override bool IsTerminated => false;

    public override IActorRef GetChild(IReadOnlyList<string> name) =>
        name.All(string.IsNullOrEmpty) ? this : ActorRefs.Nobody;

    public override void Start()
    {
    }

    public override void Suspend()
    {
    }

    public override void Resume(Exception? causedByFailure = null)
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void Stop()
    {
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
    }
}

/// <summary>The reference of no actor.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private static readonly ActorPath NobodyPath = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    private Nobody()
    {
    }

    public override ActorPath Path => NobodyPath;

    public override IActorRefProvider Provider =>
        throw new NotSupportedException("Nobody belongs to no actor system, so it has no provider.");

    public override ISurrogate ToSurrogate(ActorSystem system) => NobodySurrogate.Instance;

    public override string ToString() => "nobody";

    /// <summary>The form in which the reference of no actor travels.</summary>
    public sealed class NobodySurrogate : ISurrogate
    {
        public static readonly NobodySurrogate Instance = new();

        public ISurrogated FromSurrogate(ActorSystem system) => Nobody.Instance;
    }
}

/// <summary>A reference that swallows everything, on whatever node it is; its path is the same everywhere.</summary>
public sealed class IgnoreActorRef(IActorRefProvider provider) : MinimalActorRef
{
    private static readonly ActorPath IgnorePath = new RootActorPath(new Address("akka", "local")) / "ignore";

    public override ActorPath Path => IgnorePath;

    public override IActorRefProvider Provider { get; } = provider;

    public static bool IsIgnoreRefPath(string path) => path == IgnorePath.ToString();

    internal static bool IsIgnoreRefPath(ActorPath path) =>
        ReferenceEquals(path, IgnorePath) || path.Equals(IgnorePath);
}

/// <summary>What every sender writes: telling in the name of the actor that runs.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the running actor as the sender, or without one outside of actors.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Sends on with the sender of the message that is being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}

/// <summary>Questions about references that a user may ask.</summary>
public static class ActorRefExtensions
{
    /// <summary>True for null and for the reference of no actor.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    internal static bool IsIgnorePath(this ActorPath path) =>
        path.Depth == 1 && path.Name == "ignore" && IgnoreActorRef.IsIgnoreRefPath(path);

    internal static IInternalActorRef AsInternal(this IActorRef actorRef) =>
        actorRef as IInternalActorRef
        ?? throw new InvalidOperationException($"{actorRef} is not a reference that this engine made.");
}
