using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>Processes die, come back at the same address, and are refused: each engine sees it of the other.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly MixedCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [MixedTheory]
    [InlineData(Embedded, Real)]
    [InlineData(Real, EmbeddedProcess)]
    public async Task Who_dies_is_unreachable_then_removed_by_the_majority_and_the_watched_there_end(Engine stays, Engine dies)
    {
        Peer[] peers = await _cluster.Join(stays, stays == Real ? Embedded : Real, dies);
        foreach (Peer peer in peers[..2])
        {
            peer.Do("watch", peers[2].At("/user/echo"));
            await peer.Sees("watching");
            peer.Do("tell", peers[2].At("/user/echo"), "string:there");
            await peer.Sees("got", "string there");
        }
        peers[2].Kill();
        foreach (Peer peer in peers[..2])
        {
            await peer.Sees("unreachable", peers[2].Address);
            await peer.Sees("member", peers[2].Address, "Down");
            await peer.Sees("member", peers[2].Address, "Removed", "Down");
            // Akka.NET says what became of its Watch instead, when that was not acknowledged yet.
            string? sure = peer.Engine == Real ? null : "True";
            await peer.Sees("ended", peers[2].At("/user/echo"), sure, sure);
        }
    }

    [MixedTheory]
    [InlineData(Embedded, Real)]
    [InlineData(Real, EmbeddedProcess)]
    public async Task Who_comes_back_at_the_same_address_takes_the_place_of_its_last_life(Engine stays, Engine returns)
    {
        // Of two nodes of Akka.NET one may not get through to the other's next life, and both are downed then.
        Peer[] peers = await _cluster.Join(stays, Embedded, returns);
        peers[2].Kill();
        Peer again = await _cluster.Start(returns, port: peers[2].Port);
        Assert.NotEqual(peers[2].Uid, again.Uid);
        again.Do("join", peers[0].Address);
        foreach (Peer peer in peers[..2])
        {
            await peer.Sees("member", again.Address, "Removed", null, peers[2].Uid);
            await peer.Sees("member", again.Address, "Up", "", again.Uid);
            await peer.HearsEcho(again.At("/user/echo"), "again");
        }
    }

    [MixedTheory]
    [InlineData(Embedded, Real)]
    [InlineData(Real, Embedded)]
    public async Task Who_is_downed_while_it_lives_learns_that_it_is_quarantined(Engine downs, Engine downed)
    {
        Peer[] peers = await _cluster.Join(downs, downs, downed);
        peers[0].Do("down", peers[2].Address);
        foreach (Peer peer in peers[..2]) await peer.Sees("member", peers[2].Address, "Removed", "Down");
        await peers[2].Sees("terminated");
    }

    [MixedTheory]
    [InlineData(Embedded, Real)]
    [InlineData(Real, Embedded)]
    public async Task Who_is_quarantined_is_refused_and_told_so(Engine refuses, Engine refused)
    {
        Peer one = await _cluster.Start(refuses);
        Peer other = await _cluster.Start(refused);
        // What a watch sends in its rhythm is what dials again.
        other.Do("watch", one.At("/user/echo"));
        await other.Sees("watching", one.At("/user/echo"));
        one.Do("quarantine", other.Address, other.Uid);
        await one.Sees("quarantined", other.Address, other.Uid);
        await other.Sees("quarantined by", one.Address);
        other.Do("tell", one.At("/user/ear"), "string:after");
        Assert.False(one.Said("got", "string after"), _cluster.Transcripts);
    }
}
