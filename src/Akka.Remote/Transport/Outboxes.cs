using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>
/// The outboxes of all peers. Addresses come from strangers too, and a node sees many lives of others: an outbox that
/// has come to rest (no connection, no gate, no letter) goes, at once if it never led to anybody, and otherwise when so
/// many others came to rest after it.
/// </summary>
/// <remarks>
/// No letter is lost with it. An outbox is given up under the lock under which letters are taken in, so a letter either
/// keeps it from going or is refused by it; and who is refused asks here for another one. Outboxes are given up, and
/// told of connections, in the switchboard's turns alone, so no turn holds one that is given up.
/// </remarks>
/// <param name="most">Of outboxes at rest that led to somebody: they remember whom.</param>
internal sealed class Outboxes(Func<Address, Outbox> create, int most)
{
    private readonly ConcurrentDictionary<Address, Outbox> _all = [];

    // The one that rests longest comes first; some may have been woken since. Owned by the switchboard.
    private readonly LinkedList<Outbox> _resting = [];
    private bool _stopped;

    public int Count => _all.Count;

    /// <summary>Called in the turn in which the last one goes: a moment that nothing else tells of.</summary>
    public Action? Emptied { get; set; }

    public Outbox? Find(Address peer) => _all.GetValueOrDefault(peer);

    public Outbox Of(Address peer)
    {
        if (_all.TryGetValue(peer, out Outbox? known)) return known;
        Outbox outbox = _all.GetOrAdd(peer, create);
        // Either this sees that all are stopped, or who stops them sees this one.
        if (Volatile.Read(ref _stopped)) outbox.Stop();
        return outbox;
    }

    /// <summary>Where letters go that this one, being given up, has refused.</summary>
    public Outbox After(Outbox refusing)
    {
        _all.TryRemove(new KeyValuePair<Address, Outbox>(refusing.Peer, refusing));
        return Of(refusing.Peer);
    }

    /// <summary>It is idle. Runs in a turn.</summary>
    public void Rest(Outbox outbox)
    {
        if (outbox.Last is null)
        {
            GiveUp(outbox);
            return;
        }
        if (outbox.Place.List is not null) _resting.Remove(outbox.Place);
        _resting.AddLast(outbox.Place);
        if (_resting.Count <= most) return;
        Outbox longest = _resting.First!.Value;
        _resting.RemoveFirst();
        GiveUp(longest);
    }

    public void Stop()
    {
        Volatile.Write(ref _stopped, true);
        foreach (Outbox outbox in _all.Values) outbox.Stop();
    }

    // One that is in use comes to rest again.
    private void GiveUp(Outbox outbox)
    {
        if (!outbox.TryGiveUp()) return;
        _all.TryRemove(new KeyValuePair<Address, Outbox>(outbox.Peer, outbox));
        if (_all.IsEmpty) Emptied?.Invoke();
    }
}
