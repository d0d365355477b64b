using Akka.Actor;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What <see cref="ControlLaneTests"/> shows of a plain connection holds of an encrypted one.</summary>
public sealed class TlsControlLaneTests : IDisposable
{
    private readonly TlsSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Control_overtakes_what_is_not_encrypted_whoever_dialled(bool peerDials)
    {
        ActorSystem system = _systems.Start("good", remote: "flush-wait-on-shutdown = 50ms");
        using SilentPeer peer = new(_systems.Certificates);
        IActorRef bulk = peer.Actor(system, "user/bulk");
        if (peerDials) await peer.DialAndGreet(system);
        bulk.Tell("first");
        await (peerDials ? peer.Read(1) : peer.GreetAndRead(1));
        byte[] load = new byte[60_000];
        for (int number = 0; number < 1_500; number++) bulk.Tell(load);

        peer.Actor(system, "system/cluster/heartbeatReceiver").Tell("beat");

        long before = await peer.BytesUntil("system/cluster/heartbeatReceiver");
        // Of 90 MB: the peer's receive window, what this side's kernel may hold unsent, and one batch of records.
        Assert.InRange(before, 0, 1_500_000);
    }

    [Fact]
    public async Task The_last_words_come_after_all_that_was_said_though_nothing_of_it_was_encrypted()
    {
        ActorSystem system = _systems.Start("good");
        using SilentPeer peer = new(_systems.Certificates);
        IActorRef bulk = peer.Actor(system, "user/bulk");
        bulk.Tell("first");
        await peer.GreetAndRead(1);
        byte[] load = new byte[60_000];
        for (int number = 0; number < 200; number++) bulk.Tell(load);
        Task ended = system.Terminate();
        Assert.All(await peer.Read(200), name => Assert.Equal("user/bulk", name));
        await peer.ReadFarewell();
        await ended.WaitAsync(Patience);
    }
}
