using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>The oldest of all nodes has the singleton, and hands it over to one of the other engine.</summary>
public sealed class SingletonTests : IDisposable
{
    private readonly MixedCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [MixedTheory]
    [InlineData(Real, Embedded)]
    [InlineData(Embedded, Real)]
    public async Task The_oldest_has_it_and_hands_it_over_when_it_leaves(Engine oldest, Engine next)
    {
        Peer[] peers = await _cluster.Join(oldest, next, oldest);
        foreach (Peer peer in peers)
        {
            peer.Do("singleton");
            peer.Do("proxy");
        }
        await peers[0].Sees("single starts");
        foreach (Peer peer in peers)
        {
            peer.Do("tell", "/user/proxy", "string:where");
            await peer.Sees("got", $"string single at {peers[0].Address}");
        }

        peers[0].Do("leave");
        await peers[0].Sees("single ends");
        foreach (Peer peer in peers[1..]) peer.Do("tell", "/user/proxy", "string:where");
        await peers[1].Sees("single starts");
        foreach (Peer peer in peers[1..])
        {
            peer.Do("tell", "/user/proxy", "string:where");
            await peer.Sees("got", $"string single at {peers[1].Address}");
        }
        await peers[0].Sees("terminated");

        // And to the other engine again.
        peers[1].Do("leave");
        await peers[1].Sees("single ends");
        await peers[2].Sees("single starts");
        await peers[1].Sees("terminated");
    }
}
