using Akka.Actor;
using Akka.Cluster;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>Who leaves is let go in order, be it the leader or another.</summary>
public class GracefulLeaveSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public GracefulLeaveSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected GracefulLeaveSpec(ThreeNodesConfig config)
        : base(config, typeof(GracefulLeaveSpec)) => _config = config;

    [MultiNodeFact]
    public void Who_leaves_is_seen_to_leave_exit_and_be_removed_and_never_to_be_unreachable()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        RoleName leader = Roles.Single(role => AddressOf(role) == Cluster.State.Leader);
        RoleName[] others = [.. Roles.Where(role => role != leader)];
        EnterBarrier("leader-is-known");

        Leave(others[0], stay: [leader, others[1]]);
        Leave(leader, stay: [others[1]]);
    }

    private void Leave(RoleName leaver, RoleName[] stay)
    {
        RunOn(
            () =>
            {
                Cluster.Subscribe(
                    TestActor,
                    ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
                    typeof(ClusterEvent.MemberLeft),
                    typeof(ClusterEvent.MemberExited),
                    typeof(ClusterEvent.MemberRemoved),
                    typeof(ClusterEvent.UnreachableMember));
                ExpectMsg<ClusterEvent.CurrentClusterState>();
            },
            stay);
        EnterBarrier($"{leaver.Name}-is-watched");
        RunOn(() => Cluster.Leave(Cluster.SelfAddress), leaver);

        RunOn(
            () =>
            {
                Address address = AddressOf(leaver);
                Assert.Equal(address, ExpectMsg<ClusterEvent.MemberLeft>().Member.Address);
                Assert.Equal(address, ExpectMsg<ClusterEvent.MemberExited>().Member.Address);
                var removed = ExpectMsg<ClusterEvent.MemberRemoved>();
                Assert.Equal(address, removed.Member.Address);
                Assert.Equal(MemberStatus.Exiting, removed.PreviousStatus);
                AwaitMembersUp(stay);
                Cluster.Unsubscribe(TestActor);
            },
            stay);
        RunOn(AwaitOutside, leaver);
        EnterBarrier($"{leaver.Name}-has-left");
    }
}
