using Akka.Actor;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

using Cluster = Akka.Cluster.Cluster;

/// <summary>The first seed node goes and comes back: it finds the cluster that is there and founds no other.</summary>
public class SeedRestartSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public SeedRestartSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected SeedRestartSpec(ThreeNodesConfig config)
        : base(config, typeof(SeedRestartSpec)) => _config = config;

    [MultiNodeFact]
    public void The_first_seed_node_rejoins_the_cluster_after_its_restart()
    {
        // The first process's own system runs the test; the seed node is another one in it.
        RoleName[] others = [_config.Second, _config.Third];
        ActorSystem? seed = null;
        Address? seedAddress = null;
        RunOn(
            () =>
            {
                seed = ActorSystem.Create(Sys.Name, Sys.Settings.Config);
                seedAddress = Cluster.Get(seed).SelfAddress;
                Tell(seedAddress.ToString(), others);
            },
            _config.First);
        RunOn(() => seedAddress = Address.Parse(ExpectMsg<string>()), others);
        Address[] seeds = [seedAddress!, AddressOf(_config.Second)];
        Address[] members = [seedAddress!, AddressOf(_config.Second), AddressOf(_config.Third)];
        Cluster Here() => seed is null ? Cluster : Cluster.Get(seed);

        Here().JoinSeedNodes(seeds);
        AwaitMembersUp(Here(), members);
        EnterBarrier("all-up");

        RunOn(() => seed!.Terminate().Wait(Patience), _config.First);
        RunOn(() => AwaitMembersUp(others), others);
        EnterBarrier("seed-is-gone");

        RunOn(
            () =>
            {
                seed = ActorSystem.Create(Sys.Name, AtPort(seedAddress!.Port!.Value).WithFallback(Sys.Settings.Config));
                Assert.Equal(seedAddress, Cluster.Get(seed).SelfAddress);
                Cluster.Get(seed).JoinSeedNodes(seeds);
            },
            _config.First);
        AwaitMembersUp(Here(), members);
        EnterBarrier("seed-is-back");
        seed?.Terminate().Wait(Patience);
    }
}
