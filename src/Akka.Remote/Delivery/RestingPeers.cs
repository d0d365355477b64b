using System.Diagnostics.CodeAnalysis;

namespace Akka.Remote.Delivery;

/// <summary>
/// Peers without a connection of which is kept what was sent and came, oldest first: those for which nothing waits, and
/// those for which something does, each so many at most. Others name peers as they like, and each would be kept for
/// days, or until its messages count as undeliverable.
/// </summary>
/// <param name="most">Of either kind.</param>
/// <typeparam name="T">What stands for a peer.</typeparam>
internal sealed class RestingPeers<T>(int most)
    where T : notnull
{
    private readonly LinkedList<T> _quiet = [];
    private readonly LinkedList<T> _waiting = [];
    private readonly Dictionary<T, LinkedListNode<T>> _places = [];

    /// <summary>The peer is at rest. Who is already, in the same way, keeps its place.</summary>
    /// <param name="waits">Something waits for it.</param>
    /// <param name="anew">It has just been heard, and comes last.</param>
    /// <param name="surplus">Who is one too many, and is here no more.</param>
    /// <returns>True when there is one too many.</returns>
    public bool Rests(T peer, bool waits, bool anew, [NotNullWhen(true)] out T? surplus)
    {
        surplus = default;
        LinkedList<T> list = waits ? _waiting : _quiet;
        if (_places.TryGetValue(peer, out LinkedListNode<T>? place) && place.List == list && !anew) return false;
        place?.List!.Remove(place);
        _places[peer] = list.AddLast(peer);
        if (list.Count <= most) return false;
        surplus = list.First!.Value;
        Leave(surplus);
        return true;
    }

    /// <summary>It is not at rest any more, or forgotten.</summary>
    public void Leave(T peer)
    {
        if (_places.Remove(peer, out LinkedListNode<T>? place)) place.List!.Remove(place);
    }
}
