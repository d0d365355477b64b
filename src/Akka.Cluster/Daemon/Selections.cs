using Akka.Actor;

namespace Akka.Cluster.Daemon;

/// <summary>The ways to one of the cluster's actors on other nodes, kept because the same nodes are written to again
/// and again; but members go, and this begins anew when it holds far more than there are members.</summary>
/// <param name="names">Of the actor, below <c>/system/cluster</c>.</param>
internal sealed class Selections(IActorRefFactory context, params ReadOnlySpan<string> names)
{
    // Seeds, and members that went lately.
    private const int Others = 16;

    private readonly string[] _names = ["system", "cluster", .. names];
    private readonly Dictionary<Address, ActorSelection> _known = [];

    public int Count => _known.Count;

    public ActorSelection Of(Address address, int members)
    {
        if (_known.TryGetValue(address, out ActorSelection? known)) return known;
        if (_known.Count >= Others + 2 * members) _known.Clear();
        ActorPath path = new RootActorPath(address);
        foreach (string name in _names) path /= name;
        ActorSelection selection = context.ActorSelection(path);
        _known.Add(address, selection);
        return selection;
    }
}
