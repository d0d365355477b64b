using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor received, and from whom.</summary>
public abstract class MessageEnvelope
{
    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}

/// <summary>A message that arrived.</summary>
public sealed class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message { get; } = message;

    public override IActorRef Sender { get; } = sender;

    public override string ToString() => $"<{Message}> from {(Sender is null ? "no sender" : Sender.ToString())}";
}

/// <summary>Stands for "nothing was received yet"; asking it for its message is an error.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static readonly NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    public override object Message => throw new InvalidOperationException("No message has been received yet.");

    public override IActorRef Sender => throw new InvalidOperationException("No message has been received yet.");

    public override string ToString() => "<no message>";
}
