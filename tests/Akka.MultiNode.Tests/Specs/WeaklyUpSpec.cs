using Akka.Cluster;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class WeaklyUpConfig() : ThreeNodesConfig(
    """
    akka.cluster {
      allow-weakly-up-members = 1s
      # Nobody is downed: while one cannot be reached there is no agreement, and without that nobody is moved to Up.
      split-brain-resolver { stable-after = 60s, down-all-when-unstable = off }
    }
    """,
    testTransport: true);

/// <summary>While some members cannot be reached, newcomers may work but do not count yet.</summary>
public class WeaklyUpSpec : MultiNodeClusterSpec
{
    private readonly WeaklyUpConfig _config;

    public WeaklyUpSpec()
        : this(new WeaklyUpConfig())
    {
    }

    protected WeaklyUpSpec(WeaklyUpConfig config)
        : base(config, typeof(WeaklyUpSpec)) => _config = config;

    [MultiNodeFact]
    public void Who_joins_while_another_cannot_be_reached_is_WeaklyUp_until_it_can_be()
    {
        AwaitClusterUp(_config.First, _config.Second);
        Cut([_config.First], [_config.Second]);
        RunOn(() => AwaitUnreachable(_config.Second), _config.First);
        EnterBarrier("second-is-out-of-reach");

        RunOn(() => Cluster.Join(AddressOf(_config.First)), _config.Third);
        RunOn(() => AwaitThirdIs(MemberStatus.WeaklyUp), _config.First, _config.Third);
        EnterBarrier("third-is-weakly-up");

        Cut([_config.First], [_config.Second], mend: true);
        AwaitMembersUp(_config.First, _config.Second, _config.Third);
        EnterBarrier("all-up");
    }

    private void AwaitThirdIs(MemberStatus status) => Eventually(() => Assert.Contains(Cluster.State.Members,
        member => member.Address.Equals(AddressOf(_config.Third)) && member.Status == status));
}
