using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;
using Akka.Engine;

namespace Akka.Dispatch;

/// <summary>A mailbox with a limit: <c>mailbox-capacity</c> messages; senders wait
/// <c>mailbox-push-timeout-time</c>.</summary>
public class BoundedMailbox : MailboxType, IProducesMessageQueue<BoundedMessageQueue>
{
    /// <exception cref="ArgumentException">The capacity is not positive, or the time negative.</exception>
    public BoundedMailbox(Settings settings, Config config) : base(settings, config)
    {
        Capacity = config.GetInt("mailbox-capacity");
        PushTimeout = config.GetTimeSpan("mailbox-push-timeout-time", TimeSpan.FromSeconds(-1));
        if (Capacity < 1) throw new ArgumentException("A bounded mailbox needs a mailbox-capacity of at least 1.",
            nameof(config));
        if (PushTimeout < TimeSpan.Zero)
            throw new ArgumentException("A bounded mailbox needs a mailbox-push-timeout-time of at least 0.",
                nameof(config));
    }

    public int Capacity { get; }

    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        EngineHost host = ((ActorSystemImpl)system).Host;
        return new BoundedMessageQueue(Capacity, PushTimeout, host.Time, mayWait: host is ProcessHost);
    }
}

/// <summary>As <see cref="BoundedMailbox"/>; messages can be put in front of both.</summary>
public class BoundedDequeBasedMailbox(Settings settings, Config config) : BoundedMailbox(settings, config);
