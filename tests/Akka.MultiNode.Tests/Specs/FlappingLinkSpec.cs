using Akka.Cluster;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class FlappingLinkConfig() : ThreeNodesConfig(
    """
    akka.cluster {
      # A resolver that is slower than the link: it must see that the fault has passed.
      split-brain-resolver { stable-after = 20s, down-all-when-unstable = off }
      failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1s }
    }
    """,
    testTransport: true);

/// <summary>A link that fails and comes back, again and again, costs no member.</summary>
public class FlappingLinkSpec : MultiNodeClusterSpec
{
    private readonly FlappingLinkConfig _config;

    public FlappingLinkSpec()
        : this(new FlappingLinkConfig())
    {
    }

    protected FlappingLinkSpec(FlappingLinkConfig config)
        : base(config, typeof(FlappingLinkSpec)) => _config = config;

    [MultiNodeFact]
    public void Who_is_cut_off_for_a_while_is_a_member_as_before_each_time_the_link_is_back()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        RoleName[] others = [_config.First, _config.Second];
        string[] members = Members();

        for (int round = 0; round < 2; round++)
        {
            Cut([_config.Third], others);
            RunOn(() => AwaitUnreachable(_config.Third), others);
            RunOn(() => AwaitUnreachable(others), _config.Third);
            EnterBarrier("cut-off");

            Cut([_config.Third], others, mend: true);
            AwaitMembersUp(_config.First, _config.Second, _config.Third);
            Assert.Equal(members, Members());
            EnterBarrier("together-again");
        }
    }

    private string[] Members() => [.. Cluster.State.Members.Select(member => member.UniqueAddress.ToString())];
}
