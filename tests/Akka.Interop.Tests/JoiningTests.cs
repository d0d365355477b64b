using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>Nodes of the two engines come, are seen by all, and leave.</summary>
public sealed class JoiningTests : IDisposable
{
    private readonly MixedCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [MixedTheory]
    [InlineData(Real, Embedded)]
    [InlineData(Embedded, Real)]
    [InlineData(Real, Embedded, Real, Embedded)]
    [InlineData(Embedded, Real, Real, Embedded)]
    public async Task All_are_up_in_all_views_and_follow_one_leader(params Engine[] engines)
    {
        Peer[] peers = await _cluster.Join(engines);
        string leader = peers.MinBy(peer => peer.Port)!.Address;
        string members = string.Join(' ', peers.Select(peer => $"{peer.Address}=Up").Order(StringComparer.Ordinal));
        foreach (Peer peer in peers)
        {
            await peer.Sees("leader", leader);
            peer.Do("state");
            Assert.Equal(["state", leader, members, ""], await peer.Sees("state"));
        }
    }

    [MixedTheory]
    [InlineData(Real, Embedded)]
    [InlineData(Embedded, Real)]
    public async Task Who_leaves_is_seen_to_leave_and_ends(Engine stays, Engine leaves)
    {
        Peer[] peers = await _cluster.Join(stays, leaves);
        peers[1].Do("leave");
        foreach (string status in (string[])["Leaving", "Exiting", "Removed"])
            await peers[0].Sees("member", peers[1].Address, status);
        // The last news are not waited for by Akka.NET, whose subscribers may be stopped before they read them.
        if (leaves == Embedded) await peers[1].Sees("member", peers[1].Address, "Removed", "Exiting");
        await peers[1].Sees("terminated");
        Assert.False(peers[0].Said("unreachable"), _cluster.Transcripts);
    }
}
