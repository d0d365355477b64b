using Akka.Event;

namespace Akka.Actor;

/// <summary>A message that the cell handles itself, before the actor could see it.</summary>
public interface IAutoReceivedMessage
{
}

/// <summary>A message that must not come from a node that is not trusted.</summary>
public interface IPossiblyHarmful
{
}

/// <summary>A message that stays in the process, so that <c>serialize-messages</c> lets it pass.</summary>
public interface INoSerializationVerificationNeeded
{
}

/// <summary>A message that does not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout
{
}

/// <summary>Stops the actor once the messages before it have been handled.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    public static readonly PoisonPill Instance = new();

    private PoisonPill()
    {
    }

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor throw <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    public static readonly Kill Instance = new();

    private Kill()
    {
    }

    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor is dead.</summary>
/// <param name="actorRef">Who died.</param>
/// <param name="existenceConfirmed">False if nobody can tell whether it ever lived.</param>
/// <param name="addressTerminated">True if it was its whole node that went.</param>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    public IActorRef ActorRef { get; } = actorRef;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;

    public override string ToString() =>
        $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>A whole node is gone; published to those who watch somebody there.</summary>
internal sealed record AddressTerminated(Address Address) : IAutoReceivedMessage, IPossiblyHarmful,
    IDeadLetterSuppression;

/// <summary>Nothing came for as long as the receive timeout.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    public static readonly ReceiveTimeout Instance = new();

    private ReceiveTimeout()
    {
    }

    public override string ToString() => "<ReceiveTimeout>";
}

/// <summary>Every actor answers this with its reference.</summary>
public sealed class Identify(object messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout, IEquatable<Identify>
{
    public object MessageId { get; } = messageId;

    public bool Equals(Identify? other) => other is not null && Equals(MessageId, other.MessageId);

    public override bool Equals(object? obj) => Equals(obj as Identify);

    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>; without a subject if nobody is there.</summary>
public sealed class ActorIdentity(object messageId, IActorRef? subject) : IEquatable<ActorIdentity>
{
    public object MessageId { get; } = messageId;

    public IActorRef? Subject { get; } = subject is Nobody ? null : subject;

    public bool Equals(ActorIdentity? other) =>
        other is not null && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    public override bool Equals(object? obj) => Equals(obj as ActorIdentity);

    public override int GetHashCode() => (MessageId?.GetHashCode() ?? 0) ^ (Subject?.GetHashCode() ?? 0);

    public override string ToString() => $"<ActorIdentity>: MessageId={MessageId}, Subject={Subject}";
}

/// <summary>How a piece of work ended; an asker gets a failure as an exception.</summary>
public abstract class Status
{
    /// <summary>It worked.</summary>
    public sealed class Success(object? status) : Status
    {
        public static readonly Success Instance = new(null);

        public object? Status { get; } = status;

        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It did not.</summary>
    public sealed class Failure(Exception cause, object? state) : Status
    {
        public Failure(Exception cause) : this(cause, null)
        {
        }

        public Exception Cause { get; } = cause;

        public object? State { get; } = state;

        public override string ToString() => $"Failure: {Cause}";
    }
}
