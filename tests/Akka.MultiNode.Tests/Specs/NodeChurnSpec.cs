using Akka.Actor;
using Akka.Cluster;
using Akka.MultiNode.TestAdapter;

namespace Akka.MultiNode.Tests.Specs;

using Cluster = Akka.Cluster.Cluster;

/// <summary>Thirteen nodes of which ten come and go; three are processes, the others systems in these.</summary>
public class NodeChurnSpec : MultiNodeClusterSpec
{
    private const int Nodes = 13;

    private readonly ThreeNodesConfig _config;

    public NodeChurnSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected NodeChurnSpec(ThreeNodesConfig config)
        : base(config, typeof(NodeChurnSpec)) => _config = config;

    [MultiNodeFact]
    public void A_cluster_of_which_most_nodes_are_replaced_again_and_again_stays_whole()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        int guests = Myself == _config.First ? 4 : 3;
        HashSet<int> uids = [];
        for (int round = 0; round < 3; round++)
        {
            ActorSystem[] systems = [
                .. Enumerable.Range(0, guests).Select(_ => ActorSystem.Create(Sys.Name, Sys.Settings.Config)),
            ];
            foreach (ActorSystem system in systems) Cluster.Get(system).Join(AddressOf(_config.First));
            foreach (ActorSystem system in systems.Prepend(Sys)) AwaitUp(Cluster.Get(system), Nodes);
            Assert.All(systems, system => Assert.True(uids.Add(Cluster.Get(system).SelfUniqueAddress.Uid)));
            EnterBarrier($"{round}-full");

            Go(systems, byBeingDowned: round % 2 == 1);
            AwaitUp(Cluster, Roles.Count);
            EnterBarrier($"{round}-empty");
            Task.WaitAll([.. systems.Select(system => system.Terminate())], Patience);
        }
        AwaitMembersUp(_config.First, _config.Second, _config.Third);
        EnterBarrier("end");
    }

    private void Go(ActorSystem[] systems, bool byBeingDowned)
    {
        foreach (ActorSystem system in systems)
        {
            Address address = Cluster.Get(system).SelfAddress;
            if (byBeingDowned) Cluster.Down(address);
            else Cluster.Leave(address);
        }
        foreach (ActorSystem system in systems) Eventually(() => Assert.True(Cluster.Get(system).IsTerminated));
    }

    private void AwaitUp(Cluster cluster, int count) => Eventually(() =>
    {
        Assert.Equal(count, cluster.State.Members.Count);
        Assert.All(cluster.State.Members, member => Assert.Equal(MemberStatus.Up, member.Status));
    });
}
