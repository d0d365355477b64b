using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Configuration;

namespace Akka.Cluster.Tests.Inside;

/// <summary>A member in untrusted mode, and a peer that is let in to it and tells it what members may tell.</summary>
public sealed class UntrustedMemberTests
{
    private const string Daemon = "/system/cluster/core/daemon";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Commands_to_the_daemon_by_its_name_are_not_taken()
    {
        await With("", async (cluster, at) =>
        {
            at(Daemon).Tell(new Leave(cluster.SelfAddress));
            Assert.Equal("all", await at("/user/echo").Ask<string>("all", _patience));

            TaskCompletionSource<ClusterEvent.CurrentClusterState> state = new();
            cluster.SendCurrentClusterState(cluster.System.ActorOf(Props.Create(() => new Keeper(state))));
            Assert.Equal(MemberStatus.Up, Assert.Single((await state.Task.WaitAsync(_patience)).Members).Status);
        });
    }

    [Fact]
    public async Task But_they_are_where_its_path_is_listed()
    {
        await With($"\"{Daemon}\"", async (cluster, at) =>
        {
            TaskCompletionSource left = new();
            cluster.RegisterOnMemberRemoved(left.SetResult);
            at(Daemon).Tell(new Leave(cluster.SelfAddress));
            await left.Task.WaitAsync(_patience);
        });
    }

    /// <summary>A cluster of one member, and references to its actors from another system, by their names.</summary>
    private static async Task With(string listed, Func<Cluster, Func<string, IActorRef>, Task> story)
    {
        using ActorSystem member = Start($"untrusted-mode = on, trusted-selection-paths = [{listed}]");
        using ActorSystem peer = Start("");
        try
        {
            Cluster cluster = Cluster.Get(member);
            await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(_patience);
            member.ActorOf(Props.Create<Echo>(), "echo");
            await story(
                cluster, path => ((ExtendedActorSystem)peer).Provider.ResolveActorRef(cluster.SelfAddress + path));
        }
        finally
        {
            await Task.WhenAll(member.Terminate(), peer.Terminate()).WaitAsync(_patience);
        }
    }

    private static ActorSystem Start(string remote) => ActorSystem.Create("Tales", ConfigurationFactory.ParseString($$"""
        akka { actor.provider = cluster, loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }
        akka.remote { {{remote}} }
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Keeper(TaskCompletionSource<ClusterEvent.CurrentClusterState> kept) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.CurrentClusterState state) kept.TrySetResult(state);
        }
    }
}
