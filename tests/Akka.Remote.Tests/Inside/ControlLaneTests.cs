using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>
/// Heartbeats and gossip never stand behind the users' letters: not before there is a connection, not on one whose
/// reader is slow, and not because the queue is full.
/// </summary>
public sealed class ControlLaneTests : IDisposable
{
    private const int UserLetters = 2_000;

    private readonly Mail _mail = new();
    private readonly ActorSystem _system;

    public ControlLaneTests()
    {
        _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString($$"""
            akka { actor.provider = remote, loglevel = ERROR, log-dead-letters = off }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.remote { outbound-queue-messages = {{UserLetters}}, flush-wait-on-shutdown = 50ms }
            """));
    }

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public async Task Control_that_waits_for_a_connection_goes_first_and_finds_the_queue_open_when_it_is_full()
    {
        using var peer = new SilentPeer();
        IActorRef bulk = peer.Actor(_system, "user/bulk");
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(DeadLetter));
        for (int number = 0; number <= UserLetters; number++) bulk.Tell("letter");
        Assert.Equal("letter", _mail.Take<DeadLetter>().Message);

        peer.Actor(_system, "system/cluster/core/daemon").Tell("gossip");
        peer.Select(_system, "system/remote-watcher").Tell("beat");

        List<string> came = await peer.GreetAndRead(10);
        Assert.Equal(["system/cluster/core/daemon", "(selection)"], came[..2]);
    }

    [Fact]
    public async Task Control_overtakes_what_a_slow_reader_has_not_taken()
    {
        using var peer = new SilentPeer();
        IActorRef bulk = peer.Actor(_system, "user/bulk");
        bulk.Tell("first");
        await peer.GreetAndRead(1);
        byte[] load = new byte[60_000];
        for (int number = 0; number < UserLetters; number++) bulk.Tell(load);

        peer.Actor(_system, "system/cluster/heartbeatReceiver").Tell("beat");

        long before = await peer.BytesUntil("system/cluster/heartbeatReceiver");
        // Of 120 MB: what was handed to the stream by then, that is the peer's receive window and the little that this
        // side's kernel may hold unsent. Without a bound for that it takes 4 MB.
        Assert.InRange(before, 0, 1_500_000);
    }

    [Fact]
    public async Task A_gossip_that_fits_no_frame_is_a_dead_letter_and_what_follows_it_passes()
    {
        using var peer = new SilentPeer();
        IActorRef daemon = peer.Actor(_system, "system/cluster/core/daemon");
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(DeadLetter));
        string gossip = new('g', FrameFormat.DefaultMaximumBytes);
        daemon.Tell(gossip);
        peer.Actor(_system, "system/cluster/heartbeatReceiver").Tell("beat");

        Assert.Equal(["system/cluster/heartbeatReceiver"], await peer.GreetAndRead(1));
        Assert.Same(gossip, _mail.Take<DeadLetter>().Message);
        daemon.Tell(gossip);
        daemon.Tell("smaller gossip");
        Assert.Same(gossip, _mail.Take<DeadLetter>().Message);
        Assert.Equal(["system/cluster/core/daemon"], await peer.Read(1));
    }
}
