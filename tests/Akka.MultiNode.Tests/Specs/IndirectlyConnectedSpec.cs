using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class IndirectlyConnectedConfig() : ThreeNodesConfig(
    "akka.cluster.split-brain-resolver.active-strategy = keep-majority", testTransport: true);

/// <summary>Two nodes cannot reach one another, while a third reaches both.</summary>
public class IndirectlyConnectedSpec : MultiNodeClusterSpec
{
    private readonly IndirectlyConnectedConfig _config;

    public IndirectlyConnectedSpec()
        : this(new IndirectlyConnectedConfig())
    {
    }

    protected IndirectlyConnectedSpec(IndirectlyConnectedConfig config)
        : base(config, typeof(IndirectlyConnectedSpec)) => _config = config;

    [MultiNodeFact]
    public void Both_ends_of_a_broken_link_go_and_who_reaches_both_stays()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        RoleName[] ends = [_config.First, _config.Second];

        Cut([_config.First], [_config.Second]);
        RunOn(() => AwaitUnreachable(_config.First, _config.Second), _config.Third);
        EnterBarrier("third-hears-both-complain");

        RunOn(AwaitOutside, ends);
        RunOn(() => AwaitMembersUp(_config.Third), _config.Third);
        EnterBarrier("decided");
    }
}
