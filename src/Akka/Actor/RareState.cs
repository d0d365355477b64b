using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The part of a cell that most actors never use.</summary>
internal sealed class RareState
{
    /// <summary>Whom the actor watches, with the message it wants instead of Terminated.</summary>
    public OrderedMap<IActorRef, object?>? Watching;

    /// <summary>Who watches the actor.</summary>
    public OrderedMap<IActorRef, bool>? WatchedBy;

    /// <summary>How many of those who watch or are watched are on other nodes.</summary>
    public int FarRefs;

    /// <summary>Deaths that are on their way through the mailbox.</summary>
    public Dictionary<IActorRef, object?>? TerminatedQueued;

    /// <summary>Behaviours below the present one; null stands for the actor's own.</summary>
    public Stack<Receive?>? Behaviors;

    /// <summary>The actor's own Receive as a delegate, where one is needed.</summary>
    public Receive? OwnReceive;

    /// <summary>How the present actor object decides on its children, asked for once.</summary>
    public SupervisorStrategy? Strategy;

    public TimeSpan? ReceiveTimeout;
    public ICancelable? ReceiveTimeoutTask;
    public Internal.ActorTimers? Timers;
    public Internal.ActorStash? Stash;

    /// <summary>Who failed, so that the actor is: itself or the child whose failure it escalates.</summary>
    public IActorRef? Perpetrator;

    /// <summary>System messages that have to wait until the children are gone or the actor is resumed.</summary>
    public Queue<ISystemMessage>? StashedSystem;

    public Dispatch.ActorTaskScheduler? TaskScheduler;
    public OrderedMap<string, FunctionRef>? FunctionRefs;
}

/// <summary>A map that is walked in the order in which its keys came, whatever the keys' hash codes are.</summary>
internal sealed class OrderedMap<TKey, TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, (long Serial, TValue Value)> _entries = [];
    private long _serial;

    public int Count => _entries.Count;

    public bool TryAdd(TKey key, TValue value)
    {
        if (!_entries.TryAdd(key, (_serial, value))) return false;
        _serial++;
        return true;
    }

    public bool Remove(TKey key) => _entries.Remove(key);

    public bool Remove(TKey key, out TValue? value)
    {
        bool found = _entries.Remove(key, out (long Serial, TValue Value) entry);
        value = entry.Value;
        return found;
    }

    public bool ContainsKey(TKey key) => _entries.ContainsKey(key);

    public bool TryGetValue(TKey key, out TValue? value)
    {
        bool found = _entries.TryGetValue(key, out (long Serial, TValue Value) entry);
        value = entry.Value;
        return found;
    }

    public KeyValuePair<TKey, TValue>[] ToArray()
    {
        var all = new (long Serial, KeyValuePair<TKey, TValue> Pair)[_entries.Count];
        int index = 0;
        foreach ((TKey key, (long serial, TValue value)) in _entries) all[index++] = (serial, new(key, value));
        Array.Sort(all, static (left, right) => left.Serial.CompareTo(right.Serial));
        return Array.ConvertAll(all, static entry => entry.Pair);
    }
}
