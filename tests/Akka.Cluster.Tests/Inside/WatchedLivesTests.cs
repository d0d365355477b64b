using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Membership;
using Akka.Configuration;
using Akka.Remote;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Two lives of one address are members at once, and who watches there is told when all are gone.</summary>
public sealed class WatchedLivesTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("Tales", ConfigurationFactory.ParseString("""
        akka { actor.provider = cluster, loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    private readonly BlockingCollection<Address> _gone = [];

    public void Dispose() => _system.Terminate().Wait(_patience);

    [Fact]
    public void The_end_of_a_former_life_is_not_the_end_of_the_next_one_at_its_address()
    {
        AddressTerminatedTopic.Get(_system).Subscribe(new Listener(_gone, RARP.For(_system).Provider));
        Member former = In(2, MemberStatus.Up, 2), next = In(2, MemberStatus.Up, 3, life: 2), other = Up(3);

        Say(new ClusterEvent.MemberUp(former), new ClusterEvent.MemberUp(next), new ClusterEvent.MemberUp(other));
        Say(Removed(former), Removed(other), Removed(next));

        Assert.Equal([AddressOf(3), AddressOf(2)], [Next(), Next()]);
    }

    private static ClusterEvent.MemberRemoved Removed(Member member) =>
        new(member.Copy(MemberStatus.Down).Copy(MemberStatus.Removed), MemberStatus.Down);

    private void Say(params ClusterEvent.IMemberEvent[] events)
    {
        IActorRef watcher = RARP.For(_system).Provider.RemoteWatcher;
        foreach (ClusterEvent.IMemberEvent each in events) watcher.Tell(each, ActorRefs.NoSender);
    }

    private Address Next()
    {
        Assert.True(_gone.TryTake(out Address? gone, _patience), "nobody was said to be gone");
        return gone;
    }

    /// <summary>An actor would not be shown this news; its cell takes it.</summary>
    private sealed class Listener(BlockingCollection<Address> gone, IActorRefProvider provider) : MinimalActorRef
    {
        public override ActorPath Path { get; } = provider.RootPath / "listener";

        public override IActorRefProvider Provider { get; } = provider;

        protected override void TellInternal(object message, IActorRef? sender) =>
            gone.Add(((AddressTerminated)message).Address);
    }
}
