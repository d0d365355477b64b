using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tests.Specs;

/// <summary>
/// Several nodes in one process, each on a port that the system chose, and ways to wait until a node sees what a test
/// expects. Disposing it ends them all.
/// </summary>
public sealed class ClusterNodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];

    /// <param name="hocon">What is special about this node, under <c>akka.cluster</c>.</param>
    /// <param name="port">0: any.</param>
    /// <param name="withoutGoodbye">The end of this node's system is as a crash to the others.</param>
    /// <param name="elsewhere">What is special about it outside of <c>akka.cluster</c>.</param>
    public Cluster Start(string hocon = "", int port = 0, bool withoutGoodbye = false, string elsewhere = "")
    {
        Config config = ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.loglevel = WARNING
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
            akka.cluster.split-brain-resolver.stable-after = 1s
            akka.coordinated-shutdown.run-by-actor-system-terminate = {{(withoutGoodbye ? "off" : "on")}}
            akka.cluster { {{hocon}} }
            {{elsewhere}}
            """);
        ActorSystem system = ActorSystem.Create("specs", config);
        _systems.Add(system);
        return Cluster.Get(system);
    }

    /// <summary>A cluster of so many nodes, all Up and seen so by all; the first founded it.</summary>
    public async Task<Cluster[]> Form(int count, string hocon = "")
    {
        Cluster[] nodes = [.. Enumerable.Range(0, count).Select(_ => Start(hocon))];
        nodes[0].Join(nodes[0].SelfAddress);
        foreach (Cluster node in nodes[1..]) node.JoinSeedNodes([nodes[0].SelfAddress]);
        await AllSee(nodes, count);
        return nodes;
    }

    public static Task AllSee(Cluster[] nodes, int up) => Task.WhenAll(nodes.Select(node => Until(node, state =>
        state.Members.Count == up && state.Members.All(member => member.Status == MemberStatus.Up))));

    /// <summary>Waits until the node's own view is as wanted; looks at every change of it.</summary>
    public static async Task Until(Cluster node, Func<ClusterEvent.CurrentClusterState, bool> wanted)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef observer = node.System.ActorOf(Props.Create(() => new Observer(wanted, reached)));
        try
        {
            await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{node.SelfAddress} did not see it within {Patience.TotalSeconds} s, but: {node.State}");
        }

        node.System.Stop(observer);
    }

    /// <summary>Ends a node that was started without goodbye: it tells nobody.</summary>
    public static Task Crash(Cluster node) => node.System.Terminate();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate())).WaitAsync(Patience);
    }

    private sealed class Observer : ReceiveActor
    {
        private readonly Cluster _cluster = Cluster.Get(Context.System);

        public Observer(Func<ClusterEvent.CurrentClusterState, bool> wanted, TaskCompletionSource reached)
        {
            Receive<ClusterEvent.CurrentClusterState>(state =>
            {
                if (wanted(state)) reached.TrySetResult();
            });
            Receive<ClusterEvent.IClusterDomainEvent>(_ => _cluster.SendCurrentClusterState(Self));
        }

        protected override void PreStart() => _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
            typeof(ClusterEvent.IClusterDomainEvent));

        protected override void PostStop() => _cluster.Unsubscribe(Self);
    }
}
