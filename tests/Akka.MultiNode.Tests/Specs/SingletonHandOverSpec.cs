using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>One actor in the whole cluster, wherever its node goes.</summary>
public class SingletonHandOverSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public SingletonHandOverSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected SingletonHandOverSpec(ThreeNodesConfig config)
        : base(config, typeof(SingletonHandOverSpec)) => _config = config;

    [MultiNodeFact]
    public void The_singleton_moves_to_the_oldest_who_is_left_when_its_node_crashes_and_when_it_leaves()
    {
        // In the order of age; the first process has to see the end of the story. The crash comes while the survivors
        // are the majority.
        AwaitClusterUp(_config.Second, _config.Third, _config.First);
        IActorRef proxy = StartManagerAndProxy();
        RunOn(() => ExpectMsg("started at second"), _config.First);
        AwaitAnswer(proxy, "second");
        EnterBarrier("at-the-oldest");

        RunOn(() => TestConductor.Exit(_config.Second, 0).Wait(Patience), _config.First);
        RunOn(() => Sys.WhenTerminated.Wait(Patience), _config.Second);
        RunOn(() => ExpectMsg("started at third"), _config.First);
        AwaitAnswer(proxy, "third");
        EnterBarrier("taken-over");

        RunOn(() => Cluster.Leave(Cluster.SelfAddress), _config.Third);
        RunOn(
            () =>
            {
                ExpectMsgAllOf(["stopped at third", "started at first"]);
                AwaitAnswer(proxy, "first");
            },
            _config.First);
        RunOn(AwaitOutside, _config.Third);
        EnterBarrier("handed-over");
    }

    private IActorRef StartManagerAndProxy()
    {
        string name = Myself.Name;
        ActorSelection diary = Sys.ActorSelection(Node(_config.First) / "user" / "post");
        Sys.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new Single(name, diary)),
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(Sys)),
            "single");
        return Sys.ActorOf(
            ClusterSingletonProxy.Props("/user/single", ClusterSingletonProxySettings.Create(Sys)), "proxy");
    }

    // Who asks too soon is still answered by the old one, or by nobody.
    private void AwaitAnswer(IActorRef proxy, string where) => Eventually(() =>
    {
        TestKit.TestProbe probe = CreateTestProbe();
        proxy.Tell("where", probe.Ref);
        probe.ExpectMsg(where, TimeSpan.FromSeconds(1));
    });

    private sealed class Single : ReceiveActor
    {
        private readonly string _node;
        private readonly ActorSelection _diary;

        public Single(string node, ActorSelection diary)
        {
            _node = node;
            _diary = diary;
            Receive<string>(_ => Sender.Tell(_node));
        }

        protected override void PreStart() => _diary.Tell($"started at {_node}");

        protected override void PostStop() => _diary.Tell($"stopped at {_node}");
    }
}
