using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Engine;

namespace Akka.Event;

/// <summary>The bus that log lines travel on: an event stream with a level.</summary>
public abstract class LoggingBus
{
    /// <summary>Lines below it are not published.</summary>
    public LogLevel LogLevel { get; private protected set; } = LogLevel.InfoLevel;

    internal TimeProvider? Time { get; set; }

    public abstract bool Subscribe(IActorRef subscriber, Type channel);

    public abstract bool Unsubscribe(IActorRef subscriber, Type channel);

    public abstract bool Unsubscribe(IActorRef subscriber);

    public abstract void Publish(object @event);

    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;
}

/// <summary>
/// Whatever is published goes to everyone who subscribed to its class, to a class above it, or to an interface of it.
/// Subscriptions end with the subscriber.
/// </summary>
/// <remarks>
/// Shared memory, home two. Subscribing takes the lock and drops the lists worked out so far; publishing reads one
/// list per class, without a lock. A list that is dropped while it is being worked out may live on for that one
/// publication, so a publication that races with a subscription reaches the newcomer or does not.
/// </remarks>
public class EventStream(bool debug) : LoggingBus
{
    private readonly Lock _lock = new();
    private readonly List<(IActorRef Subscriber, Type Channel)> _subscriptions = [];
    private readonly HashSet<(IActorRef, Type)> _known = [];
    private ConcurrentDictionary<Type, IActorRef[]> _byClass = new();

    /// <returns>False if it was subscribed to that already.</returns>
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_lock)
        {
            if (!_known.Add((subscriber, channel))) return false;
            _subscriptions.Add((subscriber, channel));
            ForgetListsLocked();
        }
        (subscriber as LocalActorRef)?.Cell.EndsSubscriptions();
        if (debug) Say($"subscribing {subscriber} to channel {channel}");
        return true;
    }

    public bool Subscribe<TChannel>(IActorRef subscriber) => Subscribe(subscriber, typeof(TChannel));

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            if (!_known.Remove((subscriber, channel))) return false;
            _subscriptions.RemoveAll(entry => entry.Channel == channel && entry.Subscriber.Equals(subscriber));
            ForgetListsLocked();
        }
        if (debug) Say($"unsubscribing {subscriber} from channel {channel}");
        return true;
    }

    public bool Unsubscribe<TChannel>(IActorRef subscriber) => Unsubscribe(subscriber, typeof(TChannel));

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            int removed = _subscriptions.RemoveAll(entry => entry.Subscriber.Equals(subscriber));
            if (removed == 0) return false;
            _known.RemoveWhere(entry => entry.Item1.Equals(subscriber));
            ForgetListsLocked();
        }
        if (debug) Say($"unsubscribing {subscriber} from all channels");
        return true;
    }

    public override void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (IActorRef subscriber in SubscribersOf(@event.GetType())) subscriber.Tell(@event, ActorRefs.NoSender);
    }

    /// <summary>Who would get an event of this class, in the order of subscription.</summary>
    internal ReadOnlySpan<IActorRef> SubscribersOf(Type type)
    {
        ConcurrentDictionary<Type, IActorRef[]> lists = Volatile.Read(ref _byClass);
        return lists.TryGetValue(type, out IActorRef[]? known) ? known : WorkOut(type, lists);
    }

    /// <summary>Who may get an event of this class or of one below it: who subscribed to it, or to something below or above
    /// it.</summary>
    internal IActorRef[] SubscribersAround(Type type)
    {
        lock (_lock)
        {
            return [.. _subscriptions
                .Where(entry => type.IsAssignableFrom(entry.Channel) || entry.Channel.IsAssignableFrom(type))
                .Select(entry => entry.Subscriber).Distinct()];
        }
    }

    /// <summary>Lines go to the standard output until the loggers of the configuration have started.</summary>
    internal void StartStdoutLogger(StandardOutLogger logger, LogLevel level)
    {
        LogLevel = level;
        SubscribeLevels(logger, level);
    }

    internal void SubscribeLevels(IActorRef logger, LogLevel level)
    {
        for (LogLevel each = level; each <= LogLevel.ErrorLevel; each++) Subscribe(logger, each.ClassFor());
    }

    private IActorRef[] WorkOut(Type type, ConcurrentDictionary<Type, IActorRef[]> lists)
    {
        IActorRef[] subscribers;
        lock (_lock)
        {
            // In the order of subscription, each subscriber once however many of its channels fit.
            subscribers = [.. _subscriptions.Where(entry => entry.Channel.IsAssignableFrom(type))
                .Select(entry => entry.Subscriber).Distinct()];
            lists.TryAdd(type, subscribers);
        }
        return subscribers;
    }

    private void ForgetListsLocked() => Volatile.Write(ref _byClass, new());

    private void Say(string text) => Publish(new Debug("EventStream", GetType(), text));
}
