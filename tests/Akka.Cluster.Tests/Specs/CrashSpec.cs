using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Cluster.Tests.Specs;

/// <summary>Nodes that die without a word, or are declared dead.</summary>
public class CrashSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterNodes _nodes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task A_crashed_node_becomes_unreachable_and_is_removed()
    {
        Cluster[] nodes = await _nodes.Form(2);
        Cluster victim = _nodes.Start(withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);

        await ClusterNodes.Crash(victim);

        await ClusterNodes.Until(nodes[0], state => state.Unreachable.Any(m => m.Address == victim.SelfAddress));
        await ClusterNodes.AllSee(nodes, 2);
    }

    [Fact]
    public async Task A_downed_node_ends_itself()
    {
        Cluster[] nodes = await _nodes.Form(2);

        nodes[0].Down(nodes[1].SelfAddress);

        await nodes[1].System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
        await ClusterNodes.AllSee(nodes[..1], 1);
    }

    [Fact]
    public async Task A_restarted_node_replaces_its_former_life()
    {
        Cluster[] nodes = await _nodes.Form(2);
        Cluster former = _nodes.Start(withoutGoodbye: true);
        await former.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, former], 3);
        int port = former.SelfAddress.Port!.Value;
        await ClusterNodes.Crash(former);

        Cluster next = _nodes.Start(port: port);
        next.JoinSeedNodes([nodes[0].SelfAddress]);

        await ClusterNodes.AllSee([.. nodes, next], 3);
        Assert.NotEqual(former.SelfUniqueAddress, next.SelfUniqueAddress);
        Assert.DoesNotContain(nodes[1].State.Members, member => member.UniqueAddress == former.SelfUniqueAddress);
    }

    [Fact]
    public async Task Who_watches_an_actor_of_a_removed_member_is_told()
    {
        Cluster[] nodes = await _nodes.Form(2);
        Cluster victim = _nodes.Start(withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);
        IActorRef remote = await IdentifyEcho(nodes[0], victim);
        var terminated = new TaskCompletionSource<Terminated>();
        var watching = new TaskCompletionSource();
        nodes[0].System.ActorOf(Props.Create(() => new Watcher(remote, watching, terminated)));
        await watching.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await ClusterNodes.Crash(victim);

        Terminated news = await terminated.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(remote, news.ActorRef);
    }

    [Fact]
    public async Task Who_watches_an_actor_of_a_member_is_told_once_when_its_own_node_s_cluster_ends()
    {
        (Cluster outcast, Cluster other) = await OutcastAndOther();
        IActorRef remote = await IdentifyEcho(outcast, other);
        var news = new BlockingCollection<Terminated>();
        var watching = new TaskCompletionSource();
        outcast.System.ActorOf(Props.Create(() => new Counter(remote, watching, news)));
        await watching.Task.WaitAsync(Patience);

        await End(outcast);
        Assert.True(news.TryTake(out Terminated? told, Patience));
        Assert.Equal(remote, told.ActorRef);

        // Whoever is told later of another's death was told all there is of this one.
        await ClusterNodes.Crash(other);
        IActorRef absent = outcast.System.Provider.ResolveActorRef($"{other.SelfAddress}/user/absent");
        outcast.System.ActorOf(Props.Create(() => new Counter(absent, new TaskCompletionSource(), news)));
        Assert.True(news.TryTake(out told, Patience));
        Assert.Equal(absent, told.ActorRef);
        Assert.Empty(news);
    }

    [Fact]
    public async Task Who_watches_after_its_node_s_cluster_ended_is_told_of_a_crash()
    {
        (Cluster outcast, Cluster other) = await OutcastAndOther();
        IActorRef remote = await IdentifyEcho(outcast, other);
        await End(outcast);
        var terminated = new TaskCompletionSource<Terminated>();
        var watching = new TaskCompletionSource();
        await ClusterNodes.Crash(other);

        outcast.System.ActorOf(Props.Create(() => new Watcher(remote, watching, terminated)));

        Assert.Equal(remote, (await terminated.Task.WaitAsync(Patience)).ActorRef);
    }

    /// <summary>Two nodes; the first one's system outlives its cluster.</summary>
    private async Task<(Cluster Outcast, Cluster Other)> OutcastAndOther()
    {
        Cluster outcast = _nodes.Start("run-coordinated-shutdown-when-down = off", elsewhere: """
            akka.remote.watch-failure-detector {
                heartbeat-interval = 100ms, acceptable-heartbeat-pause = 1s, unreachable-nodes-reaper-interval = 100ms
            }
            """);
        Cluster other = _nodes.Start(withoutGoodbye: true);
        await outcast.JoinAsync(outcast.SelfAddress);
        await other.JoinAsync(outcast.SelfAddress);
        await ClusterNodes.AllSee([outcast, other], 2);
        return (outcast, other);
    }

    private static async Task End(Cluster outcast)
    {
        var removed = new TaskCompletionSource();
        outcast.RegisterOnMemberRemoved(removed.SetResult);
        outcast.Down(outcast.SelfAddress);
        await removed.Task.WaitAsync(Patience);
    }

    private static async Task<IActorRef> IdentifyEcho(Cluster asker, Cluster owner)
    {
        owner.System.ActorOf(Props.Create(() => new Silent()), "watched");
        ActorSelection selection = asker.System.ActorSelection($"{owner.SelfAddress}/user/watched");
        return await selection.ResolveOne(TimeSpan.FromSeconds(10));
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, TaskCompletionSource watching, TaskCompletionSource<Terminated> terminated)
        {
            Context.Watch(subject);
            watching.TrySetResult();
            Receive<Terminated>(news => terminated.TrySetResult(news));
        }
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter(IActorRef subject, TaskCompletionSource watching, BlockingCollection<Terminated> news)
        {
            Context.Watch(subject);
            watching.TrySetResult();
            Receive<Terminated>(news.Add);
        }
    }
}
