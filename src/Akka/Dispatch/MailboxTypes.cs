using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Makes the queues of mailboxes; named in HOCON as <c>mailbox-type</c>.</summary>
public abstract class MailboxType(Settings settings, Config config)
{
    protected Settings Settings { get; } = settings;

    protected Config Config { get; } = config;

    /// <param name="owner">The actor; null for a queue that belongs to nobody.</param>
    /// <param name="system">Its system.</param>
    public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);
}

/// <summary>The default: first in, first out, no limit. It is built into every mailbox and needs no queue
/// object.</summary>
public sealed class UnboundedMailbox : MailboxType, IProducesMessageQueue<UnboundedMessageQueue>
{
    internal static readonly UnboundedMailbox Instance = new();

    public UnboundedMailbox() : this(null!, Config.Empty)
    {
    }

    public UnboundedMailbox(Settings settings, Config config) : base(settings, config)
    {
    }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
}

/// <summary>As the default, as a queue that messages can be put in front of.</summary>
public class UnboundedDequeBasedMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedDequeMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedDequeMessageQueue();
}

/// <summary>A mailbox that orders its messages: subclasses give each a number, and the lowest comes first.</summary>
public abstract class UnboundedPriorityMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedPriorityMessageQueue>
{
    public const int DefaultCapacity = 11;

    public int InitialCapacity { get; } = DefaultCapacity;

    protected abstract int PriorityGenerator(object message);

    public sealed override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new UnboundedPriorityMessageQueue(PriorityGenerator, InitialCapacity);
}

/// <summary>As <see cref="UnboundedPriorityMailbox"/>, with equal numbers in order of arrival; both are so
/// here.</summary>
public abstract class UnboundedStablePriorityMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedPriorityMessageQueue>
{
    public const int DefaultCapacity = 11;

    public int InitialCapacity { get; } = DefaultCapacity;

    protected abstract int PriorityGenerator(object message);

    public sealed override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new UnboundedPriorityMessageQueue(PriorityGenerator, InitialCapacity);
}

/// <summary>A mailbox where <see cref="IControlMessage"/>s overtake all others.</summary>
public sealed class UnboundedControlAwareMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedControlAwareMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new UnboundedControlAwareMessageQueue();
}
