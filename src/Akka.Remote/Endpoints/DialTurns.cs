using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Remote.Endpoints;

/// <summary>
/// How many dials are in progress, and who is dialled when one of them has ended: who has waited longest. Peers name
/// addresses as they like, and an address that nobody has takes a socket until <c>connection-timeout</c>.
/// </summary>
/// <param name="most">Of dials in progress (<c>limits.dials</c>).</param>
internal sealed class DialTurns(int most)
{
    /// <summary>Addresses that wait: with 1,024 dials of 15 s, what is dialled within two and a half minutes. Who is told
    /// later has given up.</summary>
    public const int MostWaiting = 10_000;

    private readonly HashSet<int> _inProgress = [];
    private readonly LinkedList<Address> _waiting = [];
    private readonly Dictionary<Address, LinkedListNode<Address>> _places = [];

    /// <summary>Whether one more may begin.</summary>
    public bool HasRoom => _inProgress.Count < most;

    /// <summary>Whether one more may wait.</summary>
    public bool MayWait => _waiting.Count < MostWaiting;

    public void Begin(int link) => _inProgress.Add(link);

    /// <summary>The dial led to somebody, or failed. Other links are none of its business.</summary>
    public void End(int link) => _inProgress.Remove(link);

    public bool IsWaiting(Address peer) => _places.ContainsKey(peer);

    public void Wait(Address peer) => _places.Add(peer, _waiting.AddLast(peer));

    /// <summary>The peer need not be dialled any more.</summary>
    public void Forget(Address peer)
    {
        if (_places.Remove(peer, out LinkedListNode<Address>? place)) _waiting.Remove(place);
    }

    /// <summary>Whose turn it is now, if there is room.</summary>
    public bool TryTakeNext([NotNullWhen(true)] out Address? peer)
    {
        peer = HasRoom ? _waiting.First?.Value : null;
        if (peer is not null) Forget(peer);
        return peer is not null;
    }
}
