using Akka.Actor;
using Akka.MultiNode.TestAdapter;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>Seed nodes are started last of all, and the cluster forms all the same.</summary>
public class JoinInAnyOrderSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public JoinInAnyOrderSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected JoinInAnyOrderSpec(ThreeNodesConfig config)
        : base(config, typeof(JoinInAnyOrderSpec)) => _config = config;

    [MultiNodeFact]
    public void Nodes_become_one_cluster_in_whatever_order_they_ask_the_seed_nodes()
    {
        Address[] seeds = [AddressOf(_config.First), AddressOf(_config.Second)];

        RunOn(() => Cluster.JoinSeedNodes(seeds), _config.Third);
        EnterBarrier("third-asked");
        RunOn(() => Cluster.JoinSeedNodes(seeds), _config.Second);
        EnterBarrier("second-asked");
        // Nobody but the first seed node founds a cluster.
        Assert.Empty(Cluster.State.Members);
        EnterBarrier("nobody-is-in");
        RunOn(() => Cluster.JoinSeedNodes(seeds), _config.First);

        AwaitMembersUp(_config.First, _config.Second, _config.Third);
        EnterBarrier("all-up");
    }
}
