using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>
/// The children of one actor by name. A child is in here from its creation until its death has been heard of, so that
/// its name is free again exactly then.
/// </summary>
/// <remarks>
/// Shared memory, home four (the registry of references): the parent's turn changes it, other threads look names up
/// (paths from other nodes, selections, the printed tree), and anybody may add to the guardians. One lock, a few
/// instructions long; a snapshot for whoever has to act on all, in order of creation.
/// </remarks>
internal sealed class ChildRegistry(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);
    private int _serial;
    private int _dying;
    private long _nextName;

    /// <summary>Why the actor waits for children to die, if it does.</summary>
    public Waiting Reason { get; private set; }

    /// <summary>What made the restart necessary for which the actor waits.</summary>
    public Exception? Cause { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock) return _byName.Count;
        }
    }

    public string NextName()
    {
        lock (_lock) return "$" + Base64Name(_nextName++);
    }

    /// <summary>Reserves a name.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    public void Reserve(string name, IActorRef parent)
    {
        lock (_lock)
        {
            if (Reason == Waiting.Termination)
            {
                throw new InvalidOperationException(
                    $"{parent} is stopping, so it cannot have a new child '{name}'.");
            }
            if (_byName.TryAdd(name, default)) return;
        }
        throw new InvalidActorNameException(
            $"The name '{name}' is taken among the children of {parent}. A stopped child keeps its name until its"
            + " parent has heard of the end: watch it, and create the next one on Terminated.");
    }

    public void Unreserve(string name)
    {
        lock (_lock) _byName.Remove(name);
    }

    public void Add(string name, IInternalActorRef child)
    {
        lock (_lock) _byName[name] = new Entry { Child = child, Serial = _serial++ };
    }

    public IInternalActorRef? Find(string name)
    {
        lock (_lock) return _byName.TryGetValue(name, out Entry entry) ? entry.Child : null;
    }

    public bool Owns(IActorRef child)
    {
        lock (_lock) return _byName.TryGetValue(child.Path.Name, out Entry entry) && child.Equals(entry.Child);
    }

    /// <summary>The failure record of a child, made when it first fails; null for a stranger or an older
    /// incarnation.</summary>
    public ChildRestartStats? StatsOf(IActorRef child)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(child.Path.Name, out Entry entry) || !child.Equals(entry.Child)) return null;
            if (entry.Stats is null)
            {
                entry.Stats = new ChildRestartStats(entry.Child!, time);
                _byName[child.Path.Name] = entry;
            }
            return entry.Stats;
        }
    }

    public IReadOnlyCollection<ChildRestartStats> AllStats() =>
        [.. Snapshot().Select(StatsOf).Where(stats => stats is not null)!];

    /// <summary>All children in the order of their creation.</summary>
    public IInternalActorRef[] Snapshot()
    {
        Entry[] entries;
        lock (_lock)
        {
            if (_byName.Count == 0) return [];
            entries = [.. _byName.Values];
        }
        Array.Sort(entries, static (left, right) => left.Serial.CompareTo(right.Serial));
        return [.. entries.Where(entry => entry.Child is not null).Select(entry => entry.Child!)];
    }

    /// <summary>The snapshot, made only if somebody looks.</summary>
    public IEnumerable<IInternalActorRef> Lazily()
    {
        foreach (IInternalActorRef child in Snapshot()) yield return child;
    }

    /// <summary>The child has been told to stop; nothing happens if it is none of these.</summary>
    public void ShallDie(IActorRef child)
    {
        string name = child.Path.Name;
        lock (_lock)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byName, name);
            if (Unsafe.IsNullRef(ref entry) || entry.Dying || !child.Equals(entry.Child)) return;
            entry.Dying = true;
            _dying++;
        }
    }

    /// <summary>Starts to wait for the children that were told to stop.</summary>
    /// <returns>False if there are none, so that there is nothing to wait for.</returns>
    public bool WaitFor(Waiting reason, Exception? cause = null)
    {
        lock (_lock)
        {
            if (_dying == 0)
            {
                if (reason == Waiting.Termination) Reason = reason;
                return false;
            }
            Reason = reason;
            Cause = cause;
            return true;
        }
    }

    /// <summary>Takes a dead child out.</summary>
    /// <param name="reason">What the actor has been waiting for, if this was the last of them.</param>
    /// <param name="cause">What made the restart necessary, if it was that.</param>
    /// <returns>False if it is none of these.</returns>
    public bool TryRemove(IActorRef child, out Waiting reason, out Exception? cause)
    {
        reason = Waiting.Nothing;
        cause = null;
        string name = child.Path.Name;
        lock (_lock)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byName, name);
            if (Unsafe.IsNullRef(ref entry) || !child.Equals(entry.Child)) return false;
            bool wasDying = entry.Dying;
            _byName.Remove(name);
            if (!wasDying || --_dying > 0) return true;
            reason = Reason;
            cause = Cause;
            if (reason != Waiting.Termination) Reason = Waiting.Nothing;
            Cause = null;
            return true;
        }
    }

    /// <summary>The letters of generated names, least significant first.</summary>
    internal static string Base64Name(long number)
    {
        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        Span<char> text = stackalloc char[11];
        int length = 0;
        do
        {
            text[length++] = letters[(int)(number & 63)];
            number >>>= 6;
        }
        while (number != 0);
        return new string(text[..length]);
    }

    private struct Entry
    {
        public IInternalActorRef? Child;
        public ChildRestartStats? Stats;
        public int Serial;
        public bool Dying;
    }
}

/// <summary>What an actor wants to do once its dying children are gone.</summary>
internal enum Waiting : byte
{
    Nothing,
    Recreation,
    Creation,
    Termination,
}
