using Akka.Actor;
using Akka.Cluster;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

using Cluster = Akka.Cluster.Cluster;

/// <summary>A node crashes and is back at its address before anybody has noticed: it takes its own place.</summary>
public class OldIncarnationSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public OldIncarnationSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected OldIncarnationSpec(ThreeNodesConfig config)
        : base(config, typeof(OldIncarnationSpec)) => _config = config;

    [MultiNodeFact]
    public void A_node_that_restarts_at_once_at_its_old_address_takes_the_place_of_its_former_life()
    {
        RoleName[] others = [_config.First, _config.Second];
        ActorSystem? former = null;
        RunOn(
            () =>
            {
                former = ActorSystem.Create(Sys.Name, Sys.Settings.Config);
                Tell(Cluster.Get(former).SelfUniqueAddress.ToString(), others);
            },
            _config.Third);
        EnterBarrier("third-has-a-system");
        RunOn(() => Cluster.Join(AddressOf(_config.First)), others);
        RunOn(() => Cluster.Get(former!).JoinSeedNodes([AddressOf(_config.First)]), _config.Third);
        AwaitThreeUp(former);
        EnterBarrier("all-up");

        ActorSystem? next = null;
        RunOn(
            () =>
            {
                UniqueAddress old = Cluster.Get(former!).SelfUniqueAddress;
                former!.Terminate().Wait(Patience);
                next = ActorSystem.Create(Sys.Name, AtPort(old.Address.Port!.Value).WithFallback(Sys.Settings.Config));
                UniqueAddress now = Cluster.Get(next).SelfUniqueAddress;
                Assert.Equal(old.Address, now.Address);
                Assert.NotEqual(old.Uid, now.Uid);
                Cluster.Get(next).JoinSeedNodes([AddressOf(_config.First)]);
                AwaitThreeUp(next);
                Tell(now.ToString(), others);
            },
            _config.Third);
        RunOn(
            () =>
            {
                string old = ExpectMsg<string>();
                string now = ExpectMsg<string>();
                AwaitThreeUp(null);
                string[] members = [.. Cluster.State.Members.Select(member => member.UniqueAddress.ToString())];
                Assert.Contains(now, members);
                Assert.DoesNotContain(old, members);
            },
            others);
        EnterBarrier("replaced");
        next?.Terminate().Wait(Patience);
    }

    private void AwaitThreeUp(ActorSystem? system) => Eventually(() =>
    {
        ClusterEvent.CurrentClusterState state = Cluster.Get(system ?? Sys).State;
        Assert.Equal(3, state.Members.Count(member => member.Status == MemberStatus.Up));
        Assert.Equal(3, state.Members.Count);
        Assert.Empty(state.Unreachable);
    });
}
