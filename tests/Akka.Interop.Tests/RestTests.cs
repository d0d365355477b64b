using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>Nothing of note happens in a mixed cluster where nothing happens.</summary>
public sealed class RestTests : IDisposable
{
    private readonly MixedCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [MixedFact]
    public async Task Five_nodes_at_rest_see_nothing_and_log_nothing()
    {
        Peer[] peers = await _cluster.Join(Real, Embedded, Real, Embedded, Real);
        // The one wait for time: what is shown is that in it nothing happens.
        await Task.Delay(TimeSpan.FromSeconds(15));
        foreach (Peer peer in peers)
        {
            Assert.False(peer.Said("unreachable"), _cluster.Transcripts);
            Assert.Empty(peer.Complaints);
        }
    }
}
