namespace Akka.Interop.Tests;

/// <summary>Nodes of both engines that are to form one cluster, on ports that the system chooses.</summary>
public sealed class MixedCluster : IDisposable
{
    /// <summary>Both engines gossip five times a second here: the rules are what is shown, not their rhythm.</summary>
    private const string Swift = "akka.cluster { gossip-interval = 200ms, leader-actions-interval = 200ms, "
        + "periodic-tasks-initial-delay = 200ms, unreachable-nodes-reaper-interval = 200ms }\n"
        + "akka.cluster.pub-sub.gossip-interval = 200ms\n"
        + "akka.remote.retry-gate-closed-for = 500ms\n";

    public List<Peer> Peers { get; } = [];

    public string Transcripts => string.Join('\n', Peers.Select(peer => peer.Transcript));

    /// <summary>A node that has joined nobody yet.</summary>
    public async Task<Peer> Start(Engine engine, string config = "", int port = 0)
    {
        Peer peer = await Peer.Start(engine, config + "\n" + Swift, port);
        Peers.Add(peer);
        return peer;
    }

    /// <summary>A node that joins the first one, or itself, and that all see up who are there.</summary>
    public async Task<Peer> Join(Engine engine, string config = "", int port = 0)
    {
        Peer peer = await Start(engine, config, port);
        Peer[] there = [.. Peers.Where(other => !Gone.Contains(other))];
        peer.Do("join", there[0].Address);
        foreach (Peer other in there) await other.Sees("member", peer.Address, "Up", null, peer.Uid);
        foreach (Peer other in there.Where(other => other != peer)) await peer.Sees("member", other.Address, "Up");
        return peer;
    }

    public async Task<Peer[]> Join(params Engine[] engines)
    {
        foreach (Engine engine in engines) await Join(engine);
        return [.. Peers];
    }

    /// <summary>Who is no longer joined to.</summary>
    public HashSet<Peer> Gone { get; } = [];

    public void Dispose()
    {
        foreach (Peer peer in Peers.OrderBy(peer => peer.Engine)) peer.Kill();
    }
}
